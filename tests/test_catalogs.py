"""Every text of the pages is there in every language, with nothing lost on the way."""

import re
import tomllib
from functools import cache
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.source import ROOT

# In the midst of a sentence "Sie" is "you"; at its beginning it may be "she" or "they".
FORMAL = re.compile(r"(?<=[^.:!?;] )(Sie|Ihr\w*)\b|\bIhr\w* Shop\b")
PERCENT = re.compile(r"%\((\w+)\)[sd]")


@cache
def texts() -> Catalog:
    """The texts as the code has them now."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in declared]
    catalog = Catalog()
    for _, line, message, comments, context in extract_from_dir(ROOT, methods):
        catalog.add(message, None, [("", line)], auto_comments=comments, context=context)
    return catalog


def catalogs() -> dict[str, Catalog]:
    """The translations, by language."""
    paths = sorted((ROOT / "app" / "translations").glob("*/LC_MESSAGES/messages.po"))
    return {path.parts[-3]: read_po(path.open("rb"), path.parts[-3]) for path in paths}


def forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    """A text's plural forms; one without is its own only form."""
    return text if isinstance(text, tuple) else (text,)


def fields(text: str) -> set[str]:
    """The places in a text that are filled in: `%(points)s` or `{points}`."""
    named = {name for _, name, _, _ in Formatter().parse(PERCENT.sub("", text)) if name}
    return set(PERCENT.findall(text)) | named


def filled_alike(message: Message) -> bool:
    """Whether a translation fills in nothing that the text does not, and loses nothing of it."""
    known = set().union(*map(fields, forms(message.id)))
    # A form for one may say "a point" where the others say "%(points)s points".
    return all(fields(form) <= known for form in forms(message.string)) and known <= set().union(
        *map(fields, forms(message.string))
    )


def test_every_text_is_translated_into_every_language():
    untranslated = [
        f"{language}: {message.id}"
        for language, catalog in catalogs().items()
        for message in texts()
        if message.id
        if not (found := catalog.get(message.id, message.context))
        or found.fuzzy
        or not all(forms(found.string))
    ]

    assert untranslated == []


def test_a_translation_fills_in_what_the_text_does():
    different = [
        f"{language}: {message.id}"
        for language, catalog in catalogs().items()
        for message in catalog
        if message.id and not filled_alike(message)
    ]

    assert different == []


def test_german_says_du_to_merchants_and_shoppers_and_sie_in_a_letter():
    letter = (ROOT / "app/web/templates/admin/privacy_letter.html").read_text()
    formal = [
        form
        for message in catalogs()["de"]
        if message.id and forms(message.id)[0] not in letter
        for form in forms(message.string)
        if FORMAL.search(form)
    ]

    assert formal == []


def test_no_translation_is_left_over():
    left_over = [
        f"{language}: {message.id}"
        for language, catalog in catalogs().items()
        for message in catalog
        if message.id and not texts().get(message.id, message.context)
    ]

    assert left_over == []
