"""Publish a program: a new revision that is in force from an instant on."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import InvalidProgram, StaleProgram
from app.domain.program import Program
from app.models.program import Programs, add_revision, latest_number
from app.models.shop import Shop


def publish(
    session: Session,
    shop: Shop,
    program: Program,
    *,
    author: str,
    based_on: int | None = None,
    effective_at: datetime | None = None,
    at: datetime,
) -> int:
    """Make a program the newest revision and return its number; an equal one stays as it is.

    `based_on` is the revision that the author saw. Raises StaleProgram when somebody has published
    since, and InvalidProgram for a program in other money than the shop's.
    """
    latest = latest_number(session, shop.id)
    if based_on is not None and based_on != latest:
        raise StaleProgram(
            f"Revision {latest} was published while you were editing revision {based_on}."
        )
    if shop.currency and program.currency != shop.currency:
        raise InvalidProgram(
            f"The shop's money is {shop.currency}; the program is in {program.currency}."
        )
    if latest and Programs(session, shop.id).revision(latest) == program:
        return latest
    return add_revision(
        session, shop.id, program, author=author, effective_at=effective_at or at, at=at
    )
