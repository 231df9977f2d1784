"""Repeat what an import brought, and what undoing it took back, by their facts."""

from uuid import UUID

from sqlalchemy.orm import Session

from app.loyalty.bring_in import bring_in
from app.loyalty.imported import told_by
from app.loyalty.withdraw import people_from, withdraw
from app.models.fact import FactRow
from app.models.shop import Shop


def bring_in_again(session: Session, shop: Shop, fact: FactRow) -> None:
    """Bring in once more what an import said of one person."""
    source, person = told_by(fact)
    bring_in(session, shop, source, [person], at=fact.at)


def withdraw_again(session: Session, shop: Shop, fact: FactRow) -> None:
    """Take an import back once more from the people of one step."""
    withdraw(session, shop, UUID(fact.body["import"]), people_from(fact.body), at=fact.at)
