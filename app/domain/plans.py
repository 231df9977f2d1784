"""What becomes of a planned program when the one before it is changed: it stays its own change.

A plan is kept as a whole program, but a merchant means a difference: "double points at Christmas".
So the plan takes over what was changed before it, except where it says something of its own.
"""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from app.domain.changes import has_codes
from app.domain.program import Program
from app.domain.text import Text
from app.domain.tiers import Tier


def plans_after(programs: Sequence[Program], after: Program) -> list[Program]:
    """The program in force and the plans behind it, in their order, once `after` is in force.

    A plan that is published early has its change made: what is planned behind it, "back to normal"
    above all, is meant as a difference from that plan, so it stays. Raises what `plan_after` does.
    """
    early = programs.index(after) if after in programs else len(programs)
    changed = [plan_after(plan, programs[0], after) for plan in programs[:early]]
    return [*changed, *programs[early:]]


def plan_after(plan: Program, before: Program, after: Program) -> Program:
    """A plan behind a program that was changed from what it was to what it is.

    Where both change the same setting, the plan's word holds for its day. Raises InvalidProgram
    when its parts do not fit together any more: it may name a reward that is gone.
    """
    return cast(Program, _joined(plan, before, after))


def _joined(plan: Any, before: Any, after: Any) -> Any:
    if plan == before:
        return after
    if after in (before, plan):
        return plan
    if is_dataclass(plan) and not isinstance(plan, Text):
        names = [one.name for one in fields(plan)]
        return replace(cast(Any, plan), **{name: _of(name, plan, before, after) for name in names})
    if has_codes(plan) and has_codes(before) and has_codes(after):
        return _parts(plan, before, after)
    return plan


def _of(name: str, *programs: Any) -> Any:
    return _joined(*(getattr(one, name) for one in programs))


def _parts(
    plan: tuple[Any, ...], before: tuple[Any, ...], after: tuple[Any, ...]
) -> tuple[Any, ...]:
    """Lists whose parts are known by their codes; what one side took away stays away.

    A part that the plan changes is the plan's, even if it was taken away before it. They stand in
    the order of the program before it, unless the plan has moved them itself.
    """
    old, new, own = ({part.code: part for part in parts} for parts in (before, after, plan))
    joined = {
        code: _joined(part, old[code], new[code]) if code in old and code in new else part
        for code, part in own.items()
        if code in new or old.get(code) != part
    }
    joined |= {code: part for code, part in new.items() if code not in old and code not in own}
    if [code for code in own if code in old] == [code for code in old if code in own]:
        mine, theirs = ([code for code in codes if code in joined] for codes in (own, new))
        joined = {code: joined[code] for code in _in_order(mine, theirs)}
    whole = list(joined.values())
    if all(isinstance(part, Tier) for part in whole):
        whole.sort(key=lambda tier: tier.threshold)
    return tuple(whole)


def _in_order(mine: list[str], theirs: list[str]) -> list[str]:
    """The parts of a plan that has moved none, in their order in the program before it.

    What only the plan has stays in front of what it stood in front of there, else it comes last: of
    rules that end the list, the first one counts.
    """
    ordered = theirs.copy()
    place = len(ordered)
    for code in reversed(mine):
        if code in theirs:
            place = ordered.index(code)
        else:
            ordered.insert(place, code)
    return ordered
