"""A figure as a page shows it, with the words that define it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is called, what it is, what it is made of, and how it is defined."""

    name: str
    value: str
    made_of: str
    definition: str
    plain: str = ""
    """The value as a spreadsheet reads it."""
