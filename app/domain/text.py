"""Words that a merchant writes for shoppers, in as many languages as they care to.

A program is one document for all languages, so a name carries its translations with it and every
reader picks the best that is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LOCALES = ("en", "da", "nb", "sv", "de")
"""The languages in which everything we write ourselves exists, the fallback first."""


@dataclass(frozen=True, slots=True)
class Text:
    """One wording per locale, the first being the one shown where a language is missing."""

    by_locale: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        assert self.by_locale, "A text has at least one wording."

    def __str__(self) -> str:
        return self.by_locale[0][1]

    def in_locale(self, locale: str) -> str:
        """The wording for a locale ("da", "da-DK"), else the first one."""
        wanted = locale.replace("_", "-").split("-")[0].lower()
        return dict(self.by_locale).get(wanted, str(self))


def text(wording: str | Mapping[str, str]) -> Text:
    """A text from one wording for every language, or from one wording per locale.

    They stand in the order of LOCALES, whatever order they come in: a database may keep another,
    and the first one is the fallback.
    """
    if isinstance(wording, str):
        return Text((("en", wording),))
    rank = {locale: place for place, locale in enumerate(LOCALES)}
    in_order = sorted(wording.items(), key=lambda pair: (rank.get(pair[0], len(LOCALES)), pair[0]))
    return Text(tuple(in_order))
