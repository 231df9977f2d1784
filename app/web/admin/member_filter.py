"""Which members a merchant wants to see: those of a tier, a stage of life, or a segment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.program import Program
from app.domain.segments import History, Stage, stage_of
from app.models.base import ShopId
from app.models.member import Member
from app.models.member_list import Candidate
from app.models.purchase import purchases_between
from app.web.admin.analytics_members import STAGES, stage_name
from app.web.admin.member_rows import tier_name

Option = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was chosen; an empty text is everybody."""

    tier: str
    stage: str
    segment: str

    @property
    def is_everybody(self) -> bool:
        """Whether nothing was chosen."""
        return not (self.tier or self.stage or self.segment)

    @property
    def query(self) -> dict[str, Any]:
        """It as part of an address."""
        chosen = {"tier": self.tier, "stage": self.stage, "segment": self.segment}
        return {name: value for name, value in chosen.items() if value}


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen; a program without tiers or segments offers none."""

    tiers: Sequence[Option]
    stages: Sequence[Option]
    segments: Sequence[Option]


def choices(program: Program | None) -> Choices:
    """What a program lets a merchant choose from."""
    stages = [(stage.value, stage_name(stage)) for stage in STAGES if stage is not Stage.AMBASSADOR]
    if program is None:
        return Choices([], stages, [])
    return Choices(
        [(tier.code, tier_name(program, tier.code)) for tier in program.tiers.ladder],
        stages,
        [(segment.code, segment.code) for segment in program.segments],
    )


def stage_words(session: Session, member: Member, program: Program, *, at: datetime) -> str:
    """In which stage of life a customer is; nothing for who is none."""
    if member.customer_id is None:
        return ""
    bought = purchases_between(session, member.shop_id, member.id, member.id)
    history = History(bought.get(member.id, ()))
    return str(_("Stage: %(stage)s", stage=stage_name(stage_of(history, program.stages, at=at))))


def sieve(
    session: Session, shop_id: ShopId, wanted: Wanted, program: Program, *, at: datetime
) -> Callable[[Sequence[Candidate]], list[Candidate]]:
    """What keeps those of some members who are wanted."""
    segment = program.segment(wanted.segment) if wanted.segment else None

    def keep(members: Sequence[Candidate]) -> list[Candidate]:
        of_tier = [one for one in members if not wanted.tier or one.tier == wanted.tier]
        if not (wanted.stage or wanted.segment):
            return of_tier
        customers = [one for one in of_tier if one.customer_id is not None]
        if not customers:
            return []
        newest, oldest = customers[0].id, customers[-1].id
        bought = purchases_between(session, shop_id, oldest, newest)
        return [one for one in customers if _is_wanted(History(bought.get(one.id, ())))]

    def _is_wanted(history: History) -> bool:
        if wanted.stage and stage_of(history, program.stages, at=at) != wanted.stage:
            return False
        if not wanted.segment:
            return True
        return segment is not None and segment.has(history, program.stages, at=at)

    return keep
