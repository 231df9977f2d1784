"""The kinds of fields that a program document is made of, and what reading a part of it means."""

from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from app.domain.errors import InvalidProgram
from app.domain.sentence import Sentence as _
from app.domain.text import LOCALES, Text, text

MOST = 10**12
"""The largest number a document may hold; anything above it is a slip of the finger."""
LONGEST_WORDING = 80

_NO_WORDING = _('Must be a text, or an object like {{"en": …, "da": …}}.').format()
_NO_LANGUAGE = _("Languages are {languages}, not {other}.")
_TOO_LONG = _("The text in {language} must have 1 to {most} characters.")
_NO_TEXTS = _("Must be a list of texts.")
_NO_SWITCH = _("Must be true or false.")
_NO_CHOICE = _("Must be a list of some of: {choices}.")
_MISSING = _("Missing: {missing}.")
_KNOWN = {
    str(said): said
    for said in (
        _("Missing data for required field."),
        _("Field may not be null."),
        _("Not a valid integer."),
        _("Not a valid string."),
        _("Not a valid list."),
        _("Not a valid date."),
        _("Invalid type."),
        _("Must be one of: {choices}."),
    )
}
"""What the library says of a field that cannot be read, by its own English."""

_OF_PARTS: dict[str, str] = {"type": _("Must be an object."), "unknown": _("Unknown field.")}


def _speak(field: fields.Field[Any]) -> None:
    field.error_messages = {
        key: _KNOWN.get(str(english), english) for key, english in field.error_messages.items()
    }
    if isinstance(field, fields.List):
        _speak(field.inner)


class Wording(fields.Field[Text]):
    """A text: one wording for all languages, or an object with one per locale."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return dict(value.by_locale) if value is not None else None

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Text:
        wordings = {"en": value} if isinstance(value, str) else value
        if not isinstance(wordings, dict) or not wordings:
            raise ValidationError([_NO_WORDING])
        for locale, wording in wordings.items():
            if locale not in LOCALES:
                said = _NO_LANGUAGE.format(languages=", ".join(LOCALES), other=locale)
                raise ValidationError([said])
            if not isinstance(wording, str) or not 1 <= len(wording) <= LONGEST_WORDING:
                said = _TOO_LONG.format(language=locale, most=LONGEST_WORDING)
                raise ValidationError([said])
        return text(wordings)


class Names(fields.Field[frozenset[str]]):
    """A set of names, written as a sorted list."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return sorted(value)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> frozenset[str]:
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise ValidationError([_NO_TEXTS])
        return frozenset(value)


class Switch(fields.Boolean):
    """Yes or no, as JSON says it: not "yes", and not 1."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError([_NO_SWITCH])
        return value


def whole(least: int = 0, most: int = MOST, *, optional: bool = False) -> fields.Integer:
    within = validate.Range(least, most, error=_("Must be a whole number from {min} to {max}."))
    return fields.Integer(strict=True, allow_none=optional, validate=within)


def words(most: int, *, least: int = 1, optional: bool = False) -> fields.String:
    said = _("Must have {min} to {max} characters.")
    return fields.String(allow_none=optional, validate=validate.Length(least, most, error=said))


def several(part: "type[Part] | fields.String", most: int) -> fields.List[Any]:
    one = part if isinstance(part, fields.String) else fields.Nested(part)
    said = _("Must have {max} entries at most.")
    return fields.List(one, validate=validate.Length(max=most, error=said))


def one_of(kind: type[StrEnum]) -> fields.Enum[StrEnum]:
    return fields.Enum(kind, by_value=True)


def code() -> fields.String:
    said = _("Must have 1 to 40 small letters, digits and hyphens.")
    return fields.String(validate=validate.Regexp(r"^[a-z0-9][a-z0-9-]{0,39}\Z", error=said))


class Part(Schema):
    """A part of the document that becomes a value of the domain; unknown keys are mistakes."""

    builds: type
    error_messages = _OF_PARTS

    class Meta:
        unknown = RAISE

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:  # noqa: ARG002
        """Let a field complain in sentences that can be translated."""
        _speak(field_obj)

    @post_load
    def build(self, loaded: dict[str, Any], **_: Any) -> Any:
        for key, value in loaded.items():
            if isinstance(value, list):
                loaded[key] = tuple(value)
        try:
            return self.builds(**loaded)
        except TypeError as error:
            missing = str(error).rpartition("argument")[2].strip(" s:")
            raise ValidationError([_MISSING.format(missing=missing)]) from error
        except InvalidProgram as error:
            raise ValidationError(list(error.mistakes)) from error


class Chosen(fields.Field[frozenset[Any]]):
    """A set of choices, written as a sorted list."""

    def __init__(self, allowed: type[StrEnum] | range) -> None:
        super().__init__()
        self.allowed = allowed

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return sorted(value)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> frozenset[Any]:
        if not isinstance(value, list) or any(
            isinstance(one, bool) or one not in list(self.allowed) for one in value
        ):
            choices = ", ".join(str(one) for one in self.allowed)
            raise ValidationError([_NO_CHOICE.format(choices=choices)])
        kind = self.allowed if isinstance(self.allowed, type) else int
        return frozenset(kind(one) for one in value)
