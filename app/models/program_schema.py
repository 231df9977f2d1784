"""The JSON Schema of a program document, made from the parts that read it.

It says what a document may look like. What parts ask of each other (a tier above the one below it,
a segment that is there) only reading it can tell.
"""

from dataclasses import MISSING, Field
from dataclasses import fields as dataclass_fields
from enum import Enum
from typing import Any, cast

from marshmallow import fields, validate

from app.domain.text import LOCALES
from app.models.base import Document
from app.models.program_document import ProgramPart
from app.models.program_fields import LONGEST_WORDING, Chosen, Names, Part, Wording
from app.models.program_words import EXPLAINED

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def program_schema() -> Document:
    """The schema of the whole document; each part stands once, under `$defs`."""
    parts: dict[str, Document] = {}
    whole = _part(ProgramPart(), parts)
    head = {"$schema": DIALECT, "title": "A Stamkunde program"}
    return head | whole | {"$defs": dict(sorted(parts.items()))}


def _part(part: Part, parts: dict[str, Document]) -> Document:
    """One part: its settings, those that must be there, and no others."""
    name = part.builds.__name__
    known = {one.name: one for one in dataclass_fields(part.builds)}
    settings: Document = {}
    for field in part.fields.values():
        setting = str(field.data_key or field.name)
        meaning = EXPLAINED.get(name, {}).get(setting)
        described = {"description": meaning} if meaning else {}
        settings[setting] = described | _field(field, parts) | _default(known[_attribute(field)])
    return {
        "type": "object",
        "properties": settings,
        "required": sorted(
            str(field.data_key or field.name)
            for field in part.fields.values()
            if field.required or _has_no_default(known[_attribute(field)])
        ),
        "additionalProperties": False,
    }


def _attribute(field: fields.Field[Any]) -> str:
    return str(field.attribute or field.name)


def _has_no_default(setting: Field[Any]) -> bool:
    return setting.default is MISSING and setting.default_factory is MISSING


def _default(setting: Field[Any]) -> Document:
    """What a setting is when it is left out, where that is one plain value."""
    value = setting.default.value if isinstance(setting.default, Enum) else setting.default
    return {"default": value} if isinstance(value, (bool, int, str)) else {}


def _field(field: fields.Field[Any], parts: dict[str, Document]) -> Document:
    """What one setting may be."""
    described = _plain(field, parts)
    if field.allow_none:
        return {"anyOf": [described, {"type": "null"}]}
    return described


def _plain(field: fields.Field[Any], parts: dict[str, Document]) -> Document:
    match field:
        case Wording():
            return _wording()
        case fields.Nested():
            return _reference(cast(Part, field.schema), parts)
        case fields.List():
            return _list_of(_field(field.inner, parts)) | _limits(field)
        case Names():
            return _list_of({"type": "string"})
        case Chosen():
            return _list_of({"enum": list(field.allowed)})
        case fields.Enum():
            return {"enum": [choice.value for choice in field.enum]}
        case fields.Date():
            return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    return {"type": next(name for kind, name in _TYPES if isinstance(field, kind))} | _limits(field)


_TYPES = ((fields.Boolean, "boolean"), (fields.Integer, "integer"), (fields.String, "string"))


def _reference(part: Part, parts: dict[str, Document]) -> Document:
    name = part.builds.__name__
    if name not in parts:
        parts[name] = {}
        parts[name] = _part(part, parts)
    return {"$ref": f"#/$defs/{name}"}


def _list_of(item: Document) -> Document:
    return {"type": "array", "items": item}


def _wording() -> Document:
    wording = {"type": "string", "minLength": 1, "maxLength": LONGEST_WORDING}
    by_locale = {
        "type": "object",
        "propertyNames": {"enum": list(LOCALES)},
        "additionalProperties": wording,
        "minProperties": 1,
    }
    return {"anyOf": [wording, by_locale]}


def _limits(field: fields.Field[Any]) -> Document:
    """What a field's validators ask, in the schema's words."""
    asked: Document = {}
    for validator in field.validators:
        match validator:
            case validate.Range():
                asked |= {"minimum": validator.min, "maximum": validator.max}
            case validate.Length():
                of_list = isinstance(field, fields.List)
                names = ("minItems", "maxItems") if of_list else ("minLength", "maxLength")
                asked |= dict(zip(names, (validator.min, validator.max), strict=True))
            case validate.Regexp():
                asked |= {"pattern": str(validator.regex.pattern).replace(r"\Z", "$")}
    return {name: limit for name, limit in asked.items() if limit is not None}
