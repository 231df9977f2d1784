"""Sentences that the rules say in English and a page can say in another language."""

from collections.abc import Mapping
from typing import Any


class Sentence(str):
    """An English sentence that keeps what it was made of: its pattern, and the facts in it.

    The domain knows no language but English, and whoever shows a sentence looks up its pattern.
    Modules import this class as `_`, the name by which patterns are collected for translators.
    """

    __slots__ = ("facts", "pattern")

    pattern: str
    facts: Mapping[str, Any]

    def __new__(cls, pattern: str) -> "Sentence":
        """A sentence without facts yet."""
        sentence = super().__new__(cls, pattern)
        sentence.pattern, sentence.facts = pattern, {}
        return sentence

    def format(self, *args: object, **facts: Any) -> "Sentence":
        """The sentence with its facts in it: numbers, names, days, or other sentences."""
        said = Sentence(super().format(*args, **facts))
        said.pattern, said.facts = self.pattern, facts
        return said
