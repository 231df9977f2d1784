"""In which language, and by which clock, a page is written.

The address may name a language (a storefront's widget does), a merchant's choice is kept in the
session, and otherwise the browser says what its reader prefers.
"""

from pathlib import Path

from babel.dates import get_timezone
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel

from app.domain.text import LOCALES

TRANSLATIONS = Path(__file__).parents[1] / "translations"

_ALSO_KNOWN_AS = {"no": "nb", "nn": "nb"}


def set_up_languages(app: Flask) -> None:
    """Let every page be written in the reader's language."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    app.config["BABEL_DEFAULT_LOCALE"] = LOCALES[0]
    Babel(app, locale_selector=locale_of_request, timezone_selector=_timezone)
    app.before_request(_keep_choice)
    app.jinja_env.globals["locale"] = locale_of_request


def known_locale(asked: str | None) -> str | None:
    """The language of ours that a tag means ("da-DK" is da, "no" is nb); None for another."""
    base = (asked or "").replace("_", "-").split("-")[0].lower()
    base = _ALSO_KNOWN_AS.get(base, base)
    return base if base in LOCALES else None


def locale_of_request() -> str:
    """The language to answer this request in."""
    if not has_request_context():
        return LOCALES[0]
    asked = known_locale(request.args.get("locale")) or known_locale(session.get("locale"))
    if asked:
        return asked
    preferred = (known_locale(tag) for tag in request.accept_languages.values())
    return next((locale for locale in preferred if locale), LOCALES[0])


def _keep_choice() -> None:
    """Keep the language that a merchant chose, for as long as their session lasts."""
    if request.endpoint == "admin.preview_me":
        # The widget in the preview speaks the shoppers' language, not the merchant's.
        return
    chosen = known_locale(request.args.get("locale"))
    if chosen and session.get("shop_id"):
        session["locale"] = chosen


def _timezone() -> str | None:
    """The shop's own clock, once the guard knows the shop; None is UTC."""
    name: str | None = g.get("timezone")
    try:
        get_timezone(name)
    except LookupError:
        return None
    return name
