"""What customers bought: orders that were paid and of which something was kept.

Whose orders they are says the member they belong to; an order that nobody can be named for has
none and is not counted. An order counts on the day it was placed, with what is kept of it today.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, case, distinct, func, select
from sqlalchemy.orm import Session

from app.analytics.period import Period, rows_of, seconds_of, step_of, whole
from app.models.base import Instant, ShopId
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.purchase import is_purchase

AGAIN_WITHIN_DAYS = (30, 60, 90)
DAY_SECONDS = 86_400
COHORTS = 12


@dataclass(frozen=True, slots=True)
class Sales:
    """Orders, customers and money of a time; money in minor units, tax included.

    `gap_seconds` are between the `gaps` pairs of an order in the time and its customer's last one
    before it. `ever_` is of all time until the end.
    """

    orders: int
    revenue_minor: int
    customers: int
    new: int
    member_customers: int
    returning_minor: int
    gaps: int
    gap_seconds: int
    ever_customers: int
    ever_minor: int


@dataclass(frozen=True, slots=True)
class Stayed:
    """Who counted as a customer: A at the start, E at the end, N of them not at the start."""

    at_start: int
    at_end: int
    new: int


def numbered(shop_id: ShopId, until: datetime) -> CTE:
    """Every purchase before an instant with its place in its customer's life.

    Columns: buyer, placed_at, spend_minor, nth (from 1), before (the one before it), first_at.
    """
    life: dict[str, Any] = {
        "partition_by": OrderRecord.member_id,
        "order_by": (OrderRecord.placed_at, OrderRecord.order_id),
    }
    return (
        select(
            OrderRecord.member_id.label("buyer"),
            OrderRecord.placed_at,
            OrderRecord.spend_minor,
            func.row_number().over(**life).label("nth"),
            func.lag(OrderRecord.placed_at, type_=Instant()).over(**life).label("before"),
            func.min(OrderRecord.placed_at)
            .over(partition_by=OrderRecord.member_id)
            .label("first_at"),
        )
        .where(OrderRecord.shop_id == shop_id, OrderRecord.placed_at < until, is_purchase())
        .cte("purchase")
    )


def sales(session: Session, shop_id: ShopId, period: Period) -> Sales:
    """The orders, customers and money of a time."""
    bought = numbered(shop_id, period.until)
    here = bought.c.placed_at >= period.since
    gap = seconds_of(session, bought.c.placed_at) - seconds_of(session, bought.c.before)
    is_next = and_(here, bought.c.nth > 1)
    is_member = and_(here, Member.customer_id.is_not(None))
    query = select(
        _count(here),
        _sum(here, bought.c.spend_minor),
        func.count(distinct(case((here, bought.c.buyer)))),
        _count(and_(here, bought.c.nth == 1)),
        func.count(distinct(case((is_member, bought.c.buyer)))),
        _sum(is_next, bought.c.spend_minor),
        _count(is_next),
        _sum(is_next, gap),
        func.count(distinct(bought.c.buyer)),
        func.sum(bought.c.spend_minor),
    ).join(Member, and_(Member.shop_id == shop_id, Member.id == bought.c.buyer))
    (row,) = rows_of(session, query)
    return Sales(*map(whole, row))


def stayed(session: Session, shop_id: ShopId, period: Period, *, days: int) -> Stayed:
    """Who had bought within so many days before the start, and before the end."""
    bought = numbered(shop_id, period.until)
    earlier = case((bought.c.placed_at < period.since, bought.c.placed_at))
    last = (
        select(
            func.max(earlier).label("before"),
            func.max(bought.c.placed_at).label("last"),
        )
        .group_by(bought.c.buyer)
        .cte("last")
    )
    window = timedelta(days=days)
    was = and_(last.c.before.is_not(None), last.c.before >= period.since - window)
    still = last.c.last >= period.until - window
    counted = select(
        func.count(case((was, 1))),
        func.count(case((still, 1))),
        func.count(case((and_(still, was), 1))),
    ).select_from(last)
    (row,) = rows_of(session, counted)
    at_start, at_end, both = map(whole, row)
    return Stayed(at_start, at_end, new=at_end - both)


def came_back(
    session: Session, shop_id: ShopId, period: Period, *, at: datetime
) -> list[tuple[int, int, int]]:
    """For each number of days: who had so much time since a first purchase in the period, and of
    them who bought again within it."""
    bought = numbered(shop_id, at)
    waited = seconds_of(session, bought.c.placed_at) - seconds_of(session, bought.c.first_at)
    second = func.min(case((bought.c.nth == 2, waited)))
    first = (
        select(bought.c.first_at.label("first_at"), second.label("waited"))
        .where(bought.c.first_at >= period.since, bought.c.first_at < period.until)
        .group_by(bought.c.buyer, bought.c.first_at)
        .cte("first")
    )
    columns: list[ColumnElement[int]] = []
    for days in AGAIN_WITHIN_DAYS:
        had_time = first.c.first_at <= at - timedelta(days=days)
        columns += [
            func.count(case((had_time, 1))),
            func.count(case((and_(had_time, first.c.waited <= days * DAY_SECONDS), 1))),
        ]
    (row,) = rows_of(session, select(*columns).select_from(first))
    return [
        (days, whole(row[2 * place]), whole(row[2 * place + 1]))
        for place, days in enumerate(AGAIN_WITHIN_DAYS)
    ]


def cohorts(
    session: Session, shop_id: ShopId, period: Period
) -> list[tuple[date, tuple[int, ...]]]:
    """By the month of the first purchase: how many bought in it, and in each month after it."""
    months: list[date] = period.months(COHORTS)
    starts = [period.midnight(month) for month in months]
    bought = numbered(shop_id, period.until)
    born, then = step_of(bought.c.first_at, starts), step_of(bought.c.placed_at, starts)
    query = (
        select(born, then, func.count(distinct(bought.c.buyer)))
        .where(bought.c.first_at >= starts[0])
        .group_by(born, then)
    )
    found = {(first, later): count for first, later, count in rows_of(session, query)}
    last = len(months)
    return [
        (month, tuple(whole(found.get((row, later))) for later in range(row, last)))
        for row, month in enumerate(months)
    ]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def _sum(condition: ColumnElement[bool], amount: ColumnElement[Any]) -> ColumnElement[int]:
    return func.sum(case((condition, amount), else_=0))


def per_buyer(shop_id: ShopId, since: datetime | None, until: datetime) -> CTE:
    """Each buyer with how many purchases they made in a time, and when the last one was."""
    query = (
        select(
            OrderRecord.member_id.label("buyer"),
            func.count().label("orders"),
            func.max(OrderRecord.placed_at).label("last_at"),
        )
        .where(OrderRecord.shop_id == shop_id, OrderRecord.placed_at < until, is_purchase())
        .group_by(OrderRecord.member_id)
    )
    if since is not None:
        query = query.where(OrderRecord.placed_at >= since)
    return query.cte("bought")
