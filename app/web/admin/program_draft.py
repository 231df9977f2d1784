"""A program that is being edited: what was typed, what is wrong with it, what it would earn."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from marshmallow import ValidationError

from app.domain.earning import Award, award_for
from app.domain.errors import InvalidProgram
from app.domain.imagined import imagined_order
from app.domain.money import minor
from app.domain.order import Line
from app.domain.program import Program
from app.domain.rewards import PAID_ONLY
from app.domain.tiers import Tier
from app.domain.worth import measure_of_worth, worth_by
from app.web.admin.formats import language, money, percent, points
from app.web.admin.program_fields import MOST_ROWS, Amount, ProgramForm
from app.web.admin.program_form import Typed, revised, typed_program
from app.web.admin.requests import mistakes
from app.web.admin.typed import by_name
from app.web.admin.verdict import Step, steps
from app.web.sentences import said

BLANK = {
    "tiers": {"percent": "100"},
    "rewards": {"kind": "amount_off", "valid_days": "90"},
    "deeds": {"kind": "review"},
}


@dataclass(slots=True)
class Draft:
    """What a merchant has typed so far; `program` is None while it cannot be read."""

    typed: Typed
    based_on: int
    program: Program | None
    errors: dict[str, str] = field(default_factory=dict)
    wrong: str = ""
    is_stale: bool = False

    @property
    def entry_choices(self) -> list[tuple[str, str]]:
        """The rewards that reaching a tier can give, each with its code; a new one has none yet."""
        here = language().language
        return [
            (str(row["code"]), str(row["name"].get(here) or row["code"]))
            for row in self.typed["rewards"]
            if row.get("code") and row.get("kind") not in PAID_ONLY
        ]


def begun(program: Program, number: int) -> Draft:
    """A draft that nobody has changed yet."""
    return Draft(typed_program(program), number, program)


def read(typed: Typed, before: Program) -> Draft:
    """What was typed, and the program it means if it means one."""
    if "deeds_shown" not in typed:
        # A form that was opened before deeds stood in it takes none of them away.
        typed = typed | {"deeds": typed_program(before)["deeds"]}
    based_on = str(typed.get("based_on", ""))
    draft = Draft(typed, int(based_on) if based_on.isdecimal() else 0, None)
    try:
        draft.program = revised(before, ProgramForm().load(typed))
    except ValidationError as error:
        draft.errors = by_name(mistakes(error))
    except InvalidProgram as error:
        draft.wrong = " ".join(map(said, error.mistakes))
    return draft


def shaped(typed: Typed) -> Typed:
    """What was typed, with lists and names where the form has them, whatever was sent."""
    return _named(typed) | {part: _rows(typed.get(part)) for part in BLANK}


def _rows(sent: Any) -> list[Typed]:
    return [_named(row) for row in sent] if isinstance(sent, list) else []


def _named(sent: Typed) -> Typed:
    return _texts(sent) | {"name": _texts(sent.get("name"))}


def _texts(sent: Any) -> Typed:
    """Only what inputs send; a made-up name can put a document where a text belongs."""
    if not isinstance(sent, dict):
        return {}
    return {name: value for name, value in sent.items() if isinstance(value, str)}


def rearrange(typed: Typed, wish: str) -> bool:
    """Add or remove a row as a button wished, if there is room; whether it was such a wish."""
    what, _, which = wish.partition("-")
    part, _, row = which.partition("-")
    if what not in ("add", "remove") or part not in BLANK:
        return False
    rows: list[Typed] = typed[part]
    if what == "add":
        rows = [*rows, dict(BLANK[part], name={})] if len(rows) < MOST_ROWS else rows
    elif row.isdecimal() and int(row) < len(rows):
        rows = rows[: int(row)] + rows[int(row) + 1 :]
    typed[part] = rows
    return True


@dataclass(frozen=True, slots=True)
class Earned:
    """What an order would earn, how that comes about, and what it is worth."""

    points: str
    steps: tuple[Step, ...]
    worth: str
    error: str = ""


def would_earn(program: Program, amount: str, tier: str, *, at: datetime) -> Earned:
    """What an order of so much would earn a member of a tier."""
    try:
        value = Amount().deserialize(amount)
    except ValidationError as error:
        return Earned("", (), "", str(error.messages[0]))
    total_minor = minor(value or Decimal(0), program.currency)
    return earned_by(program, total_minor, program.tiers.named(tier), at=at)


def earned_by(program: Program, total_minor: int, tier: Tier | None, *, at: datetime) -> Earned:
    """What an order of an amount earns a member of a tier."""
    running = program.opened
    thing = Line(line_id="1", quantity=1, current_quantity=1, total_minor=total_minor)
    award = award_for(imagined_order(running, [thing], at), running, 0, tier)
    return Earned(
        points(award.points), tuple(steps(award, program)), _worth(program, award, total_minor)
    )


def _worth(program: Program, award: Award, total_minor: int) -> str:
    reward = measure_of_worth(program)
    if reward is None or not total_minor or not award.points:
        return ""
    worth = worth_by(reward, award.points)
    share = round(Decimal(worth * 100) / total_minor)
    return str(
        _(
            "Worth about %(money)s by “%(reward)s”: %(share)s of the order.",
            money=money(worth, program.currency),
            reward=reward.name.in_locale(language().language),
            share=percent(share),
        )
    )
