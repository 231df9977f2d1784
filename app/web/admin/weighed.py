"""What a rehearsal came to, in the words and figures of a page."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.program import Program
from app.loyalty.rehearse import MemberChange, WhatIf
from app.web.admin.formats import members, money, number, orders, points, signed
from app.web.admin.member_rows import tier_name


@dataclass(frozen=True, slots=True)
class Compared:
    """One figure by the program as it is and by the draft, and the difference."""

    name: str
    now: str
    then: str
    change: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What one member would have gained or lost; a guest has no page."""

    customer_id: str | None
    member_id: str
    now: str
    then: str
    change: str


@dataclass(frozen=True, slots=True)
class Moved:
    """How many members would be in another tier."""

    before: str
    after: str
    members: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """All that a page tells of a rehearsal."""

    basis: str
    cost: str
    who: str
    figures: list[Compared]
    moves: list[Moved]
    gain: list[Changed]
    lose: list[Changed]


def weighed(found: WhatIf, before: Program, draft: Program) -> Weighed:
    """A rehearsal as people read it."""
    basis = _(
        "Reckoned by the program as it is and by the draft: %(orders)s, %(members)s. Points that"
        " were spent are left aside.",
        orders=orders(found.orders),
        members=members(found.members),
    )
    return Weighed(
        str(basis),
        _cost(found, draft.currency),
        _who(found),
        list(_figures(found, draft.currency)),
        list(_moves(found, before, draft)),
        [_changed(one) for one in found.gain_most],
        [_changed(one) for one in found.lose_most],
    )


def _cost(found: WhatIf, currency: str) -> str:
    """What members would hold, in the shop's money; nothing where points have no worth."""
    now, then = found.now.liability_minor, found.then.liability_minor
    if now is None or then is None:
        return ""
    difference = money(abs(then - now), currency)
    if then > now:
        return str(_("What members hold would be worth %(money)s more.", money=difference))
    if then < now:
        return str(_("What members hold would be worth %(money)s less.", money=difference))
    return str(_("What members hold would be worth the same."))


def _who(found: WhatIf) -> str:
    if not found.gaining and not found.losing:
        return str(_("Nobody would have more points, and nobody fewer."))
    more = ngettext(
        "%(number)s member would have more points",
        "%(number)s members would have more points",
        found.gaining,
        number=number(found.gaining),
    )
    fewer = ngettext(
        "%(number)s member fewer",
        "%(number)s members fewer",
        found.losing,
        number=number(found.losing),
    )
    return str(_("%(more)s, %(fewer)s.", more=more, fewer=fewer))


def _figures(found: WhatIf, currency: str) -> Iterator[Compared]:
    now, then = found.now, found.then
    for name, old, new in (
        (_("Points given"), now.issued, then.issued),
        (_("Taken back by refunds"), now.reversed, then.reversed),
        (_("Expired"), now.expired, then.expired),
        (_("Pending"), now.pending, then.pending),
        (_("Available, if none were spent"), now.available, then.available),
    ):
        yield Compared(str(name), number(old), number(new), signed(new - old))
    if now.rewards_minor or then.rewards_minor:
        name = _("Rewards for reaching a tier")
        yield _in_money(name, now.rewards_minor, then.rewards_minor, currency)
    if now.liability_minor is not None and then.liability_minor is not None:
        name = _("What that is worth")
        yield _in_money(name, now.liability_minor, then.liability_minor, currency)


def _in_money(name: str, now: int, then: int, currency: str) -> Compared:
    sign = signed(then - now)[:1] if then != now else ""
    change = sign + money(abs(then - now), currency)
    return Compared(str(name), money(now, currency), money(then, currency), change)


def _moves(found: WhatIf, before: Program, draft: Program) -> Iterator[Moved]:
    """The members whom the draft moves, most of them first."""
    for (old, new), count in found.tier_moves.most_common():
        if old != new:
            none = str(_("No tier"))
            names = tier_name(before, old) or none, tier_name(draft, new) or none
            yield Moved(*names, number(count))


def _changed(one: MemberChange) -> Changed:
    now, then = points(one.before), points(one.after)
    return Changed(one.customer_id, one.key, now, then, signed(one.gain))
