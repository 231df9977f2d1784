"""The kinds of fields that a program document is made of, and what reading a part of it means."""

from enum import StrEnum
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate

from app.domain.errors import InvalidProgram
from app.domain.text import LOCALES, Text, text

MOST = 10**12
"""The largest number a document may hold; anything above it is a slip of the finger."""
LONGEST_WORDING = 80


class Wording(fields.Field[Text]):
    """A text: one wording for all languages, or an object with one per locale."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return dict(value.by_locale)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Text:
        wordings = {"en": value} if isinstance(value, str) else value
        if not isinstance(wordings, dict) or not wordings:
            raise ValidationError('Must be a text, or an object like {"en": …, "da": …}.')
        for locale, wording in wordings.items():
            if locale not in LOCALES:
                raise ValidationError(f"Languages are {', '.join(LOCALES)}, not {locale}.")
            if not isinstance(wording, str) or not 1 <= len(wording) <= LONGEST_WORDING:
                raise ValidationError(f"The text in {locale} must have 1 to 80 characters.")
        return text(wordings)


class Names(fields.Field[frozenset[str]]):
    """A set of names, written as a sorted list."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        return sorted(value)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> frozenset[str]:
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise ValidationError("Must be a list of texts.")
        return frozenset(value)


class Switch(fields.Boolean):
    """Yes or no, as JSON says it: not "yes", and not 1."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Must be true or false.")
        return value


def whole(least: int = 0, most: int = MOST, *, optional: bool = False) -> fields.Integer:
    return fields.Integer(strict=True, allow_none=optional, validate=validate.Range(least, most))


def one_of(kind: type[StrEnum]) -> fields.Enum[StrEnum]:
    return fields.Enum(kind, by_value=True)


def code() -> fields.String:
    return fields.String(validate=validate.Regexp(r"^[a-z0-9][a-z0-9-]{0,39}\Z"))


class Part(Schema):
    """A part of the document that becomes a value of the domain; unknown keys are mistakes."""

    builds: type

    class Meta:
        unknown = RAISE

    @post_load
    def build(self, loaded: dict[str, Any], **_: Any) -> Any:
        for key, value in loaded.items():
            if isinstance(value, list):
                loaded[key] = tuple(value)
        try:
            return self.builds(**loaded)
        except TypeError as error:
            missing = str(error).rpartition("argument")[2].strip(" s:")
            raise ValidationError(f"Missing: {missing}.") from error
        except InvalidProgram as error:
            raise ValidationError(error.message) from error


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
            raise ValidationError(f"Must be a list of some of: {choices}.")
        kind = self.allowed if isinstance(self.allowed, type) else int
        return frozenset(kind(one) for one in value)
