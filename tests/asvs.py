"""The numbers of OWASP ASVS 5.0.0, and how docs/asvs.md judges them.

Only the numbers of levels 1 and 2 are kept here; the standard's text is its own.
"""

import re
from dataclasses import dataclass

from tests.source import ROOT

PAGE = ROOT / "docs" / "asvs.md"
NUMBERS = """
1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2 2.1.1-3 2.2.1-3 2.3.1-4 2.4.1 3.2.1-2 3.3.1-4 3.4.1-6
3.5.1-5 3.7.1-2 4.1.1-3 4.2.1 4.3.1-2 4.4.1-4 5.1.1 5.2.1-3 5.3.1-2 5.4.1-3 6.1.1-3 6.2.1-12
6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4 7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2 8.1.1-2
8.2.1-3 8.3.1 8.4.1 9.1.1-3 9.2.1-4 10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2
10.7.1-3 11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1 12.1.1-3 12.2.1-2 12.3.1-4 13.1.1
13.2.1-5 13.3.1-2 13.4.1-5 14.1.1-2 14.2.1-4 14.3.1-3 15.1.1-3 15.2.1-3 15.3.1-7 16.1.1 16.2.1-5
16.3.1-4 16.4.1-3 16.5.1-3 17.1.1 17.2.1-4 17.3.1-2
"""
ROW = re.compile(
    r"^\| ([0-9][0-9., -]*) ([^|]*)\| (met|gap|not applicable) \| (.*) \|$", re.MULTILINE
)
ONE = re.compile(r"(\d+\.\d+)\.(\d+)(?:-(\d+))?")
FILE = re.compile(r"`((?:tests|docs|app)/[\w./-]+|pyproject\.toml|requirements\.lock)(?:::\w+)?`")


@dataclass(frozen=True)
class Judgment:
    """One row: which numbers, how they are judged, and what shows it."""

    numbers: tuple[str, ...]
    verdict: str
    files: tuple[str, ...]


def numbers_in(text):
    """Every number that is written in short: 1.2.1-3 is three of them."""
    return tuple(
        f"{section}.{item}"
        for section, first, last in ONE.findall(text)
        for item in range(int(first), int(last or first) + 1)
    )


def judgments():
    """The rows of the page."""
    return [
        Judgment(numbers_in(numbers), verdict, tuple(FILE.findall(why)))
        for numbers, _, verdict, why in ROW.findall(PAGE.read_text(encoding="utf-8"))
    ]
