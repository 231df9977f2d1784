"""Estimate what goods would earn before anybody has bought them, by the rules that award orders.

What cannot be known yet is not promised: there is no estimate where the platform's catalog decides
and has not been asked about a product, or where tax does not count and the page does not name it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.earning import Context, award_for
from app.domain.imagined import imagined_order
from app.domain.order import Line
from app.domain.products import with_facts
from app.domain.program import Program
from app.domain.rules import RuleKind
from app.domain.tiers import Tier
from app.loyalty.history import history_now
from app.models.member import Member
from app.models.product import products_by_id
from app.models.shop import Shop
from app.models.tally import given_points


def estimate(
    session: Session,
    shop: Shop,
    program: Program,
    lines: Sequence[Line],
    *,
    member: Member | None,
    tier: Tier | None,
    at: datetime,
) -> int | None:
    """The points that an order of these lines would earn now; None when it cannot be known.

    For a guest, rules and campaigns that ask what a member bought before are left out.
    """
    known = _with_catalog(session, shop, program, lines)
    if known is None or not program.basis.tax:
        return None
    if member is None:
        program = _without_history(program)
    order = imagined_order(program, known, at)
    given = given_points(session, shop.id, program.budgets)
    left = {code: budget - given[code] for code, budget in program.budgets.items()}
    history = history_now(session, shop.id, program, member, at=at)
    local = at.astimezone(shop.zone)
    return award_for(order, program, 0, tier, Context(local, history, left)).points


def of_goods_alone(program: Program) -> Program:
    """The program without what it gives once for an order, so that two estimates may be added."""
    return replace(
        program,
        earning=tuple(rule for rule in program.earning if rule.kind is not RuleKind.PER_ORDER),
        campaigns=tuple(replace(campaign, bonus_points=0) for campaign in program.campaigns),
    )


def _without_history(program: Program) -> Program:
    return replace(
        program,
        earning=tuple(rule for rule in program.earning if not rule.needs_history),
        campaigns=tuple(one for one in program.campaigns if one.segment is None),
    )


def _with_catalog(
    session: Session, shop: Shop, program: Program, lines: Sequence[Line]
) -> tuple[Line, ...] | None:
    """The lines with what the catalog says of them; None when it has not been asked about one."""
    if not program.needs_catalog:
        return tuple(lines)
    products = products_by_id(session, shop.id, {line.product_id for line in lines})
    if any(line.product_id not in products for line in lines):
        return None
    return with_facts(lines, {key: product.facts for key, product in products.items()})
