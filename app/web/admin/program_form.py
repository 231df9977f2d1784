"""From a program to what its form shows, and from what was typed to the program it means.

What the form does not show stays as it was: other earning rules, languages, tier gates, limits.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from app.domain.money import amount, minor
from app.domain.program import Basis, Expiry, Program
from app.domain.rewards import WORTH_MONEY, Reward, RewardKind
from app.domain.rules import ActionRule, EarningRule, RuleKind
from app.domain.text import text
from app.domain.tiers import Measure, Tier, Tiers
from app.web.admin.formats import typed

Typed = dict[str, Any]

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SPELLED = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "ue"})
"""How letters of our languages are written where there are only those of English."""


def typed_program(program: Program) -> Typed:
    """A program as somebody would have typed it."""
    spend = main_rule(program)
    return {
        "name": dict(program.name.by_locale),
        "earn_points": str(spend.points if spend else 0),
        "earn_per": _money(spend.per_minor if spend else 100, program.currency),
        "whole_steps": _switch(program.basis.whole_steps),
        "rounding": program.rounding.value,
        "tax": _switch(program.basis.tax),
        "shipping": _switch(program.basis.shipping),
        "gift_cards": _switch(program.basis.gift_card_lines),
        "pos_earns": _switch(program.pos_earns),
        "join_points": str(program.join_points),
        "availability": program.availability.value,
        "available_after_days": str(program.available_after_days),
        "guests": program.guests.value,
        "guest_days": str(program.guest_days),
        "spent_return": program.spent_return.value,
        "debt": program.debt.value,
        "holdout_percent": str(program.holdout_percent),
        "deeds": [_typed_deed(action) for action in program.actions],
        "expiry": program.expiry.kind.value,
        "expiry_count": str(program.expiry.count),
        "measure": program.tiers.measure.value,
        "tiers": [_typed_tier(tier, program) for tier in program.tiers.ladder],
        "rewards": [_typed_reward(reward, program.currency) for reward in program.rewards],
    }


def main_rule(program: Program) -> EarningRule | None:
    """The rule that the form shows: the first that gives points for money."""
    return next((rule for rule in program.earning if rule.kind is RuleKind.PER_AMOUNT), None)


def _typed_tier(tier: Tier, program: Program) -> Typed:
    in_money = program.tiers.measure is Measure.SPEND
    return {
        "code": tier.code,
        "name": dict(tier.name.by_locale),
        "threshold": _money(tier.threshold, program.currency) if in_money else str(tier.threshold),
        "percent": str(tier.earn_percent),
        "entry_points": str(tier.entry_points or ""),
        "entry_reward": tier.entry_reward or "",
    }


def _typed_deed(action: ActionRule) -> Typed:
    return {
        "code": action.code,
        "kind": action.kind.value,
        "name": dict(action.name.by_locale) if action.name is not None else {},
        "points": str(action.points),
        "per_day": str(action.per_day or ""),
        "per_lifetime": str(action.per_lifetime or ""),
        "budget": str(action.budget_points or ""),
    }


def _typed_reward(reward: Reward, currency: str) -> Typed:
    value = {
        RewardKind.PERCENT_OFF: str(reward.off_percent),
        RewardKind.FREE_SHIPPING: "",
    }.get(reward.kind, _money(reward.off_minor, currency))
    minimum = reward.minimum_subtotal_minor
    return {
        "code": reward.code,
        "kind": reward.kind.value,
        "name": dict(reward.name.by_locale),
        "cost": str(reward.cost_points),
        "value": value,
        "minimum": _money(minimum, currency) if minimum else "",
        "valid_days": str(reward.valid_days) if reward.valid_days else "",
    }


def _money(minor_units: int, currency: str) -> str:
    return typed(Decimal(amount(minor_units, currency)))


def _switch(on: bool) -> str:
    return "on" if on else ""


def revised(before: Program, form: Mapping[str, Any]) -> Program:
    """A program with what the form says. Raises InvalidProgram where the parts do not fit."""
    return replace(
        before,
        name=text(form["name"]),
        earning=_earning(before, form),
        actions=_actions(form["deeds"]),
        basis=Basis(
            tax=form["tax"],
            shipping=form["shipping"],
            gift_card_lines=form["gift_cards"],
            whole_steps=form["whole_steps"],
        ),
        rounding=form["rounding"],
        pos_earns=form["pos_earns"],
        join_points=form["join_points"],
        availability=form["availability"],
        available_after_days=form["available_after_days"],
        guests=form["guests"],
        guest_days=form["guest_days"],
        spent_return=form["spent_return"],
        debt=form["debt"],
        holdout_percent=form["holdout_percent"],
        expiry=Expiry(kind=form["expiry"], count=form["expiry_count"]),
        tiers=_tiers(before, form),
        rewards=_rewards(before, form["rewards"]),
    )


def _earning(before: Program, form: Mapping[str, Any]) -> tuple[EarningRule, ...]:
    shown = main_rule(before)
    per_minor = minor(form["earn_per"], before.currency)
    if shown is None:
        taken = [(rule.code, "") for rule in before.earning]
        code = _codes([*taken, ("", "spend")])[-1]
        new = EarningRule(code=code, points=form["earn_points"], per_minor=per_minor)
        return (new, *before.earning) if new.points else before.earning
    changed = replace(shown, points=form["earn_points"], per_minor=per_minor)
    return tuple(changed if rule is shown else rule for rule in before.earning)


def _actions(rows: list[Typed]) -> tuple[ActionRule, ...]:
    return tuple(
        ActionRule(
            code=code,
            kind=row["kind"],
            name=text(row["name"]) if row["name"] else None,
            points=row["points"],
            per_day=row["per_day"],
            per_lifetime=row["per_lifetime"],
            budget_points=row["budget"],
        )
        for row, code in zip(rows, _codes_of(rows), strict=True)
    )


def _tiers(before: Program, form: Mapping[str, Any]) -> Tiers:
    in_money = form["measure"] is Measure.SPEND
    rows = sorted(form["tiers"], key=lambda row: row["threshold"])
    ladder = [
        Tier(
            code=code,
            name=text(row["name"]),
            threshold=minor(row["threshold"], before.currency if in_money else "JPY"),
            earn_percent=row["percent"],
            entry_points=row["entry_points"] or 0,
            entry_reward=row["entry_reward"] or None,
        )
        for row, code in zip(rows, _codes_of(rows), strict=True)
    ]
    return replace(before.tiers, ladder=tuple(ladder), measure=form["measure"])


def _rewards(before: Program, rows: list[Typed]) -> tuple[Reward, ...]:
    rewards = []
    for row, code in zip(rows, _codes_of(rows), strict=True):
        known = before.reward(row["code"])
        value, minimum = row["value"] or Decimal(0), row["minimum"] or Decimal(0)
        in_money = row["kind"] in WORTH_MONEY
        in_percent = row["kind"] is RewardKind.PERCENT_OFF
        facts = {
            "code": code,
            "kind": row["kind"],
            "name": text(row["name"]),
            "cost_points": row["cost"],
            "off_minor": minor(value, before.currency) if in_money else 0,
            "off_percent": int(value) if in_percent else 0,
            "minimum_subtotal_minor": minor(minimum, before.currency),
            "valid_days": row["valid_days"],
        }
        if known and row["kind"] is known.kind is RewardKind.EXCLUSIVE:
            # The form shows neither its products nor how much it takes off them.
            facts |= {"off_minor": known.off_minor, "off_percent": known.off_percent}
        rewards.append(replace(known, **facts) if known else Reward(**facts))
    return tuple(rewards)


def _codes_of(rows: Iterable[Typed]) -> list[str]:
    """The codes of rows, each of which has a name or is of a kind."""
    return _codes(
        [(row["code"], str(text(row["name"])) if row["name"] else row["kind"]) for row in rows]
    )


def _codes(rows: list[tuple[str, str]]) -> list[str]:
    """The code that each row has, else one made of its name that no other row has.

    What a row has had stays its own, also where a new one of the same name stands before it.
    """
    had = {given for given, _name in rows}
    codes: list[str] = []
    for given, name in rows:
        if _CODE.fullmatch(given) and given not in codes:
            codes.append(given)
        else:
            codes.append(next(code for code in _made_of(name) if code not in had | {*codes}))
    return codes


def _made_of(name: str) -> Iterable[str]:
    """Codes that say a name, with a number behind all but the first."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_SPELLED))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    stem = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:30].strip("-") or "row"
    return (stem, *(f"{stem}-{count}" for count in range(2, 200)))
