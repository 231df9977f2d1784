"""The widget's look in words: how its page and the audit log call each setting and choice."""

from collections.abc import Mapping

from babel import Locale
from flask_babel import lazy_gettext as _

from app.domain.look import Corner, Icon
from app.web.admin.formats import language

_SETTINGS = {
    "accent": _("Color"),
    "corner": _("Corner"),
    "icon": _("Sign"),
    "title": _("Name of the launcher"),
    "guest": _("What guests read"),
}
_CHOICES: Mapping[str, Mapping[str, object]] = {
    "corner": {Corner.END.value: _("Bottom right"), Corner.START.value: _("Bottom left")},
    "icon": {icon.name: icon.value or _("None") for icon in Icon},
}


def setting_name(name: str) -> str:
    """What the page calls a setting of the look: "title-da" is the launcher's name in Danish."""
    setting, _dash, locale = name.partition("-")
    called = str(_SETTINGS.get(setting, setting))
    return f"{called} ({Locale(locale).get_display_name(language())})" if locale else called


def place(name: str) -> tuple[int, str]:
    """Where a setting stands on the page: databases keep documents in an order of their own."""
    setting, _dash, locale = name.partition("-")
    places = list(_SETTINGS)
    return (places.index(setting) if setting in _SETTINGS else len(places), locale)


def choice_name(setting: str, choice: str) -> str:
    """What the page calls a choice; a color and a text are what they are."""
    return str(_CHOICES.get(setting, {}).get(choice, choice))


def choices_of(setting: str) -> list[tuple[str, str]]:
    """All choices of a setting, as they are kept and as they are called."""
    return [(choice, str(called)) for choice, called in _CHOICES[setting].items()]
