"""The form on which a merchant says how a file is read and which column is what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema, fields, pre_load, validate
from sqlalchemy.orm import Session

from app.domain.errors import UnreadableImport
from app.domain.imports.columns import Field
from app.domain.imports.lines import Reading
from app.domain.imports.values import DayOrder
from app.domain.imports.writing import ENCODINGS, HEAD_BYTES, MOST_COLUMNS, SEPARATORS
from app.loyalty.steer_import import GONE, SAMPLE, sample_of
from app.models.import_run import ImportRun
from app.models.stored_file import piece_of
from app.web import parts
from app.web.admin.asking import this_shop
from app.web.admin.requests import tidied
from app.web.sentences import said

MOST_LABEL = 40
MOST_SHOWN = 60
"""Letters of a cell that are shown."""
TAB = "tab"


class MappingForm(Schema):
    """How a file is read; which column is what has as many fields as there are columns."""

    class Meta:
        unknown = EXCLUDE

    step = fields.String(load_default="check", validate=validate.OneOf(["check", "look"]))
    label = fields.String(load_default="", validate=validate.Length(max=MOST_LABEL))
    encoding = fields.String(required=True, validate=validate.OneOf(ENCODINGS))
    separator = fields.String(required=True, validate=validate.OneOf([*SEPARATORS, TAB]))
    header = fields.String(load_default="")
    decimal = fields.String(required=True, validate=validate.OneOf([".", ","]))
    days = fields.String(required=True, validate=validate.OneOf(list(DayOrder)))

    @pre_load
    def tidy(self, sent: Mapping[str, str], **_: Any) -> dict[str, str]:
        """Text without blanks around it; what parts columns may be one."""
        return {name: tidied(value) for name, value in sent.items()}


def reading_in(form: Mapping[str, Any], sent: Mapping[str, str]) -> Reading:
    """How the form says that a file is read."""
    chosen = []
    for place in range(MOST_COLUMNS):
        name = sent.get(f"column-{place}")
        if name is None:
            break
        chosen.append(Field(name) if name in set(Field) else Field.NOTHING)
    return Reading(
        encoding=form["encoding"],
        separator="\t" if form["separator"] == TAB else form["separator"],
        has_header=bool(form["header"]),
        fields=tuple(chosen),
        decimal=form["decimal"],
        days=DayOrder(form["days"]),
    )


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """A column: by which name it goes, what it is about, and what stands in it."""

    place: int
    name: str
    field: str
    samples: list[str]


def head_of(session: Session, run: ImportRun) -> bytes | None:
    """The beginning of an import's file; None when it is no longer kept."""
    sealed = piece_of(session, run.shop_id, run.file_id, 0) if run.file_id is not None else None
    return parts.vault().open(sealed)[:HEAD_BYTES] if sealed is not None else None


def mapping_page(run: ImportRun, reading: Reading, label: str, wrong: Mapping[str, Any]) -> str:
    """The page with the form, as far as it is filled in; or that its file is no longer kept."""
    with parts.database().reading() as session:
        this_shop(session)
        head = head_of(session, run)
    if head is None:
        return render_template("admin/import_gone.html", run=run, gone=said(GONE))
    try:
        sample = sample_of(head, reading)
    except UnreadableImport as refusal:
        sample, wrong = [], {**wrong, "encoding": refusal.args[0]}
    return render_template(
        "admin/import_columns.html",
        run=run,
        label=label,
        reading=reading,
        columns=_columns(reading, sample),
        errors={name: said(sentence) for name, sentence in wrong.items()},
        choices=_field_choices(),
        encodings=_encoding_choices(),
        separators=_separator_choices(),
        decimals=[(".", "1,234.5"), (",", "1.234,5")],
        orders=[(DayOrder.DAY_FIRST, "31/12/2026"), (DayOrder.MONTH_FIRST, "12/31/2026")],
        separator=TAB if reading.separator == "\t" else reading.separator,
        most=SAMPLE,
    )


def _columns(reading: Reading, sample: list[list[str]]) -> list[ColumnRow]:
    names = sample[0] if sample and reading.has_header else []
    records = sample[1:] if reading.has_header else sample[:SAMPLE]
    rows = []
    for place, field in enumerate(reading.fields):
        name = names[place].strip()[:MOST_SHOWN] if place < len(names) else ""
        cells = [cells[place][:MOST_SHOWN] if place < len(cells) else "" for cells in records]
        name = name or str(_("Column %(number)s", number=place + 1))
        rows.append(ColumnRow(place, name, field.value, cells))
    return rows


def _field_choices() -> list[tuple[str, str]]:
    names = {
        Field.NOTHING: _("Leave out"),
        Field.EMAIL: _("E-mail address"),
        Field.CUSTOMER: _("Customer id of your shop"),
        Field.POINTS: _("Points: balance or lot"),
        Field.EXPIRES: _("Points expire on"),
        Field.TIER: _("Tier"),
        Field.TIER_UNTIL: _("Tier holds until"),
        Field.JOINED: _("Member since"),
        Field.BIRTHDAY: _("Birthday"),
        Field.CHANGE: _("History: points that came or went"),
        Field.HAPPENED: _("History: day"),
        Field.REASON: _("History: reason"),
    }
    return [(field.value, str(name)) for field, name in names.items()]


def _encoding_choices() -> list[tuple[str, str]]:
    names = {
        "utf-8": "UTF-8",
        "windows-1252": _("Windows, Western Europe"),
        "iso-8859-1": "ISO 8859-1",
        "utf-16": "UTF-16",
        "mac-roman": _("Old Macintosh"),
    }
    return [(encoding, str(names[encoding])) for encoding in ENCODINGS]


def _separator_choices() -> list[tuple[str, str]]:
    return [
        (",", str(_("Comma"))),
        (";", str(_("Semicolon"))),
        (TAB, str(_("Tab"))),
        ("|", str(_("Upright bar"))),
    ]
