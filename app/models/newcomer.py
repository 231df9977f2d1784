"""Newcomers: the rows of those who become members, and who of them is held out."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.holdout import Arm, arm_of
from app.domain.program import Program
from app.models.base import Document, ShopId
from app.models.fact import FactKind, Noted, journal_all
from app.models.member import Member
from app.models.replaying import newcomer
from app.models.rows import insert_new


def add_members(
    session: Session,
    shop_id: ShopId,
    wanted: Collection[tuple[str | None, str | None, datetime | None]],
    *,
    at: datetime,
    holdout_percent: int = 0,
) -> None:
    """Enroll whoever is new of (customer id, keyed hash, forgotten at); leave the others be.

    So many of a hundred are held out.
    """
    rows: list[Document] = []
    for customer_id, email_hash, guest_until in wanted:
        side = _side_of(shop_id, customer_id, holdout_percent)
        comes = newcomer(session, customer_id, email_hash, side, at)
        rows.append(
            {
                "shop_id": shop_id,
                "id": comes.id,
                "arm": comes.arm,
                "customer_id": customer_id,
                "email_hash": email_hash,
                "guest_until": guest_until,
                "joined_at": comes.joined_at,
            }
        )
    insert_new(session, Member, rows)
    journal_all(session, shop_id, [_noted(row, at) for row in rows])


def _noted(row: Document, at: datetime) -> Noted:
    customer_id = row["customer_id"]
    email_hash = row["email_hash"] if customer_id is None else None
    body = {"id": str(row["id"])} | ({"arm": row["arm"]} if row["arm"] else {})
    return Noted(FactKind.MEMBER, at, body, customer_id, email_hash)


def is_left_out(
    shop_id: ShopId, customer_id: str | None, member: Member | None, program: Program
) -> bool:
    """Whether a customer is held out; who has not joined yet, whether they would be."""
    if member is not None:
        return member.is_held_out(program)
    return _side_of(shop_id, customer_id, program.holdout_percent) is Arm.HOLDOUT


def _side_of(shop_id: ShopId, customer_id: str | None, holdout_percent: int) -> Arm | None:
    """On which side of the holdout a customer comes who joins now; a guest is on none."""
    return arm_of(str(shop_id), customer_id, holdout_percent) if customer_id is not None else None
