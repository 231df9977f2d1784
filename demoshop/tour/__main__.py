"""`python -m demoshop.tour http://127.0.0.1:5001`: play the loop and compare every balance."""

import sys

import requests
from rich.console import Console
from rich.text import Text

from demoshop.tour.pages import Unexpected
from demoshop.tour.report import Report
from demoshop.tour.route import Tour
from demoshop.tour.scene import Scene

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C has ended."""


def main() -> int:
    """Walk the route; 0 when everything was as expected, 1 when not, 2 when asked wrongly."""
    console = Console(highlight=False)
    if len(sys.argv) != 2:
        console.print("Usage: python -m demoshop.tour URL-OF-THE-DEMO-SHOP")
        return 2
    report = Report(console)
    try:
        Tour(Scene(sys.argv[1].rstrip("/")), report).walk()
    except KeyboardInterrupt:
        return INTERRUPTED
    except Unexpected as error:
        report.note("The tour ends here", str(error), "to go on", "cannot")
    except requests.RequestException as error:
        report.note("The tour ends here", str(error)[:120], "an answer", "none")
    console.print(report.table())
    console.print(Text(report.verdict(), style="bold green" if report.holds else "bold red"))
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
