"""Deleting a discount, by whomever: its codes are free again, and whoever listens is told."""

from datetime import datetime

from sqlalchemy.orm import Session

from demoshop.host.announce import announce
from demoshop.records.discount import Discount, codes_under


def withdraw(session: Session, discount: Discount, *, at: datetime) -> None:
    """Delete a discount and the codes that were added to it in bulk.

    What is told is its id and the moment, and not its code: so the platform does it.
    """
    body = {
        "admin_graphql_api_id": f"gid://shopify/DiscountCodeNode/{discount.id}",
        "deleted_at": at.replace(microsecond=0).isoformat(),
    }
    for one in (*codes_under(session, discount), discount):
        session.delete(one)
    session.flush()
    announce(session, [("discounts/delete", body)], at=at)
