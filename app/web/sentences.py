"""What the rules say, in the language of the page."""

from datetime import date
from typing import Any

from flask_babel import format_date, gettext

from app.domain.sentence import Sentence
from app.domain.text import Text
from app.web.languages import locale_of_request


def said(sentence: str) -> str:
    """A sentence in the reader's language, with its facts; any other text as it is."""
    if not isinstance(sentence, Sentence):
        return sentence
    facts = {name: _fact(value) for name, value in sentence.facts.items()}
    return str(gettext(sentence.pattern)).format(**facts)


def _fact(value: Any) -> str:
    match value:
        case Sentence():
            return said(value)
        case Text():
            return value.in_locale(locale_of_request())
        case date():
            return str(format_date(value, "medium"))
        case _:
            return str(value)
