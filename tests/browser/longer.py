"""A language that nobody speaks: our English with accents, and texts two fifths longer.

Merchants never see it. A page that has room for it has room for the languages we do speak, and for
those we may learn.
"""

import re
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.domain.text import LOCALES
from app.web.languages import TRANSLATIONS
from tests.browser.admin_office import Office

ENGLISH, OTHER = LOCALES[:2]
ACCENTS = str.maketrans("aeiouycdnlstzAEIOUYCDNLSTZ", "àéîöûýçđñłšťžÀÉÎÖÛÝÇĐÑŁŠŤŽ")
KEPT = re.compile(r"(%\(\w+\)[sd]|%%|\{\w*\}|<[^>]+>)")
"""What is filled in later, or means something else than what is written."""
WORD = re.compile(r"[^\W\d_]+")


def longer(text: str) -> str:
    """A text as it stands in this language: "Points" is "Pöîñťššťñ"."""
    pieces = KEPT.split(text)
    return "".join(
        piece if place % 2 else WORD.sub(_longer_word, piece) for place, piece in enumerate(pieces)
    )


def _longer_word(found: re.Match[str]) -> str:
    # Blanks between words and what is filled in are no longer: words make up for them.
    word = found[0].translate(ACCENTS)
    return word + word[::-1].lower()[: ceil(len(word) / 2)]


def all_longer(answer: Any, names: frozenset[str]) -> Any:
    """An answer to the widget, whose texts under these names are longer, at any depth."""
    match answer:
        case dict():
            return {
                name: longer(value)
                if name in names and isinstance(value, str)
                else all_longer(value, names)
                for name, value in answer.items()
            }
        case list():
            return [all_longer(one, names) for one in answer]
    return answer


def messages() -> Iterator[Message]:
    """Every text of the pages, as one of the catalogs has it."""
    with (TRANSLATIONS / OTHER / "LC_MESSAGES" / "messages.po").open("rb") as written:
        yield from (message for message in read_po(written, OTHER) if message.id)


def write_catalog(folder: Path) -> None:
    """Write the language as if it were English, which has no catalog otherwise."""
    catalog = Catalog(ENGLISH)
    for message in messages():
        forms = message.id
        said = tuple(map(longer, forms)) if isinstance(forms, tuple) else longer(forms)
        catalog.add(forms, said, context=message.context)
    place = folder / ENGLISH / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "messages.mo").open("wb") as compiled:
        write_mo(compiled, catalog)


class LongerOffice(Office):
    """An office whose English is this language."""

    def __init__(self, url: str, folder: Path) -> None:
        super().__init__(url)
        write_catalog(folder)
        directories = self._server.app.extensions["babel"].translation_directories
        directories.append(str(folder))
