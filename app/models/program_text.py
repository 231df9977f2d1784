"""Program documents as people read and write them: JSON, with a comment on a line of its own.

A commented document holds only what differs from the defaults, each setting with its meaning.
"""

import json
from textwrap import wrap
from typing import Any

from app.domain.errors import InvalidProgram
from app.domain.program import Program
from app.models.base import Document
from app.models.program_document import program_document
from app.models.program_schema import program_schema

WIDTH = 88
_ALWAYS_TOLD = {
    ("per_minor", "per_amount"),
    ("count", "per_lot_months"),
    ("count", "inactivity_months"),
}
"""Settings that a reader wants to see even where they are the default, by their part's kind."""


def read_document(text: bytes) -> Document:
    """The document in a text; lines that begin with // are comments.

    Raises InvalidProgram with the line for what is not JSON.
    """
    try:
        lines = text.decode().split("\n")
        kept = ("" if line.lstrip().startswith("//") else line for line in lines)
        document = json.loads("\n".join(kept))
        # Half a character passes for JSON, and no database keeps it.
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeDecodeError as error:
        raise InvalidProgram("The document is not written in UTF-8.") from error
    except (ValueError, RecursionError) as error:
        raise InvalidProgram(f"The document is not JSON: {error}.") from error
    if not isinstance(document, dict):
        raise InvalidProgram("The document must be a JSON object: the program.")
    return document


def commented(program: Program, heading: str) -> str:
    """A program with a heading, and above each setting what it means."""
    schema = program_schema()
    lines = [f"// {line}" for line in wrap(heading, WIDTH)]
    lines += _object(_telling(program_document(program), schema, schema), schema, schema, "", set())
    return "\n".join(lines) + "\n"


def _resolved(part: Document, schema: Document) -> Document:
    """A part of the schema, looked up when it stands elsewhere."""
    if "$ref" in part:
        found: Document = schema["$defs"][part["$ref"].rpartition("/")[2]]
        return found
    return part


def _telling(value: Any, part: Document, schema: Document) -> Any:
    """A document without what is the default anyway."""
    part = _resolved(part, schema)
    if isinstance(value, list):
        return [_telling(one, part.get("items", {}), schema) for one in value]
    if not isinstance(value, dict) or "properties" not in part:
        return value
    kept = {}
    for key, one in value.items():
        setting = part["properties"][key]
        told = _telling(one, setting, schema)
        is_asked = key in part["required"] or (key, value.get("kind")) in _ALWAYS_TOLD
        if is_asked or (told not in (None, [], {}) and setting.get("default") != told):
            kept[key] = told
    return kept


def _object(
    value: Document, part: Document, schema: Document, indent: str, said: set[str]
) -> list[str]:
    """An object's lines; what a setting means is said where it comes up first."""
    lines = ["{"]
    deeper = indent + "  "
    for place, (key, one) in enumerate(value.items(), start=1):
        setting = part["properties"][key]
        meaning = setting.get("description", "")
        if meaning not in said:
            lines += [f"{deeper}// {line}" for line in wrap(meaning, WIDTH - len(deeper))]
            said.add(meaning)
        written = _value(one, _resolved(setting, schema), schema, deeper, said)
        written[0] = f"{deeper}{json.dumps(key)}: {written[0]}"
        written[-1] += "," if place < len(value) else ""
        lines += written
    return [*lines, indent + "}"]


def _value(value: Any, part: Document, schema: Document, indent: str, said: set[str]) -> list[str]:
    if isinstance(value, dict) and value and "properties" in part:
        return _object(value, part, schema, indent, said)
    if not isinstance(value, list) or not any(isinstance(one, dict) for one in value):
        return [json.dumps(value, ensure_ascii=False)]
    lines = ["["]
    deeper = indent + "  "
    item = _resolved(part["items"], schema)
    for place, one in enumerate(value, start=1):
        written = _value(one, item, schema, deeper, said)
        written[0] = deeper + written[0]
        written[-1] += "," if place < len(value) else ""
        lines += written
    return [*lines, indent + "]"]
