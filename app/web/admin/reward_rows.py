"""Rewards, codes and pools in the words of their page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from app.domain.program import Program
from app.models.redemption import RedemptionState
from app.models.redemption_figures import OutOfStep, PoolLevel
from app.web.admin.formats import language, number
from app.web.admin.shown_tables import Table, number_column, text_column

Counts = Mapping[tuple[str, str], int]

GROUPS: dict[str, Sequence[str]] = {
    "making": (RedemptionState.ISSUING,),
    "ready": (RedemptionState.READY, RedemptionState.WAITING),
    "used": (RedemptionState.USED, RedemptionState.DONE),
    "expired": (RedemptionState.EXPIRED, RedemptionState.EXPIRING),
    "canceled": (RedemptionState.CANCELED, RedemptionState.CANCELING),
    "failed": (RedemptionState.FAILED,),
}
"""What a merchant tells apart, and the states it is made of."""


@dataclass(frozen=True, slots=True)
class Filter:
    """One choice above the list."""

    value: str
    name: str
    count: str


@dataclass(frozen=True, slots=True)
class StrayRow:
    """A code that here and on the platform is not the same."""

    code: str
    member_id: UUID
    text: str
    error: str


@dataclass(frozen=True, slots=True)
class PoolRow:
    """A pool, its levels and how that looks."""

    reward: str
    levels: str
    state: str
    look: str
    created_at: datetime


def group_name(group: str) -> str:
    """A group of states in words."""
    names = {
        "making": _("Being made"),
        "ready": _("Ready to use"),
        "used": _("Used"),
        "expired": _("Expired"),
        "canceled": _("Undone"),
        "failed": _("Failed"),
    }
    return str(names[group])


def filters(counts: Counts) -> list[Filter]:
    """The groups that a list can be narrowed to."""
    return [
        Filter(group, group_name(group), number(_in(counts, states)))
        for group, states in GROUPS.items()
    ]


def _in(counts: Counts, states: Sequence[str], reward: str | None = None) -> int:
    return sum(
        count
        for (code, state), count in counts.items()
        if state in states and reward in (None, code)
    )


def reward_table(counts: Counts, program: Program | None) -> Table:
    """Each reward with what became of it."""
    codes = [reward.code for reward in program.rewards] if program is not None else []
    codes += sorted({code for code, _state in counts} - set(codes))
    return Table(
        "rewards",
        _("By reward"),
        _(
            "Issued is all that was ever bought. Undone codes gave their points back, as did"
            " those that expired."
        ),
        [
            text_column(_("Reward")),
            number_column(_("Issued")),
            *(number_column(group_name(group)) for group in GROUPS),
        ],
        [
            (
                _reward_name(program, code),
                sum(count for (reward, _s), count in counts.items() if reward == code),
                *(_in(counts, states, code) for states in GROUPS.values()),
            )
            for code in codes
        ],
    )


def _reward_name(program: Program | None, code: str) -> str:
    reward = program.reward(code) if program is not None else None
    return reward.name.in_locale(language().language) if reward is not None else code


def stray_rows(strays: Iterable[OutOfStep]) -> list[StrayRow]:
    """What could not be brought in step, and what that means."""
    words = {
        "IssueDiscount": _("It was bought and could not be made in your shop."),
        "KillDiscount": _("It was undone or is over, and may still work in your shop."),
        "GiveReward": _("It was bought and could not be given."),
        "TakeBack": _("It was undone and could not be taken back."),
    }
    promised = str(_("A tier promised it, and your shop would not make it."))
    return [
        StrayRow(
            code=one.redemption.code,
            member_id=one.redemption.member_id,
            text=promised if one.redemption.is_owed else str(words[one.kind]),
            error=one.error,
        )
        for one in strays
    ]


def pool_rows(levels: Iterable[PoolLevel], program: Program | None) -> list[PoolRow]:
    """How full the pools are."""
    return [
        PoolRow(
            reward=_reward_name(program, level.reward_code),
            levels=_(
                "%(ready)s at hand · %(making)s being made · %(taken)s handed out"
                " · %(stale)s to remove",
                ready=number(level.ready),
                making=number(level.making),
                taken=number(level.taken),
                stale=number(level.to_remove),
            ),
            state=_state_of(level)[0],
            look=_state_of(level)[1],
            created_at=level.created_at,
        )
        for level in levels
    ]


def _state_of(level: PoolLevel) -> tuple[str, str]:
    if level.ready:
        return _("Ready"), "good"
    if level.making:
        return _("Filling"), "waiting"
    return (_("Being emptied"), "waiting") if level.to_remove else (_("Over"), "quiet")
