"""`python -m app.cli` is `stamkunde`, wherever the scripts of this Python are."""

from app.cli import main

main(prog_name="stamkunde")
