"""Which rows are a person's: a customer's by the platform's id, a guest's by the keyed hash."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression

from app.models.member import Member


def is_person(customer_id: str | None, email_hash: str | None) -> ColumnElement[bool]:
    """The members a person is: the customer and the guest of their hash, or whoever has a hash."""
    told = {one for one in (customer_id, email_hash) if one is not None}
    if customer_id is None:
        return Member.email_hash.in_(told)
    return names_any(Member.customer_id, Member.email_hash, told)


def names_any(
    customer_id: SQLColumnExpression[Any],
    email_hash: SQLColumnExpression[Any],
    persons: Collection[str],
    *,
    member_id: SQLColumnExpression[Any] | None = None,
) -> ColumnElement[bool]:
    """Rows that name one of these, told by ids and hashes; another customer's is not among them.

    Many share an address: a family does, and whoever bought at a till whose staff typed its own.
    So a guest's row that has become a member's is found by the member alone.
    """
    of_guests = customer_id.is_(None) & email_hash.in_(persons)
    if member_id is not None:
        of_guests &= member_id.is_(None)
    return customer_id.in_(persons) | of_guests
