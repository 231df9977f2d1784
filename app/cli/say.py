"""How the commands speak: plainly into a file, in color to a person."""

from typing import IO, Any

import click
from rich.console import Console
from rich.text import Text

console = Console(highlight=False)


class Complaint(click.ClickException):
    """One sentence that says what is wrong and what to do about it; the command has failed."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Say it in red."""
        said = Console(file=file, stderr=file is None, highlight=False)
        said.print(Text(self.message, style="bold red"), soft_wrap=True)


def note(sentence: str) -> None:
    """Say something that went well or is merely so."""
    console.print(Text(sentence), soft_wrap=True)


def done(sentence: str) -> None:
    """Say that a step is done."""
    console.print(Text.assemble(("✔ ", "green"), sentence), soft_wrap=True)
