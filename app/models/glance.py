"""What a page view begins with: shop, program, member and their stamp, read by one statement.

Each statement costs more than the rows that it finds, so what five would ask for is asked at once.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, bindparam, cast, select
from sqlalchemy.orm import Session

from app.domain.errors import UnknownShop
from app.models.member import Member
from app.models.program import ProgramRevision, Programs
from app.models.shop import Credential, Shop
from app.models.stamp import number_in_force, stamp_at, stamped_rows


@dataclass(frozen=True, slots=True)
class Glance:
    """A shop and one of its customers at an instant; no member, when they have not joined.

    The credential is held so that the session has it for whoever asks what was granted.
    """

    at: datetime
    customer_id: str | None
    shop: Shop
    credential: Credential | None
    programs: Programs
    member: Member | None
    stamp: str


def glance(session: Session, domain: str, customer_id: str | None, *, at: datetime) -> Glance:
    """Look at a shop for a customer of theirs, or for a guest. Raises UnknownShop."""
    statement = _statement(session.get_bind().dialect.name)
    given = {"at": at, "domain": domain, "customer": customer_id}
    row = session.execute(statement, given).one_or_none()
    if row is None:
        raise UnknownShop(f"{domain} has not installed Stamkunde.")
    shop, credential, member, document, stamp = row
    programs = Programs(session, shop.id)
    if document is not None:
        programs.note(at, document)
    return Glance(at, customer_id, shop, credential, programs, member, stamp)


@lru_cache(maxsize=2)
def _statement(dialect: str) -> Select[Any]:
    at: ColumnElement[Any] = bindparam("at")
    revision = ProgramRevision
    is_in_force = (revision.shop_id == Shop.id) & (revision.number == number_in_force(at))
    seen: tuple[Any, ...] = (Shop, Credential, Member, cast(revision.document, Text))
    return (
        select(*seen, stamp_at(at, dialect))
        .select_from(stamped_rows(bindparam("customer")))
        .outerjoin(revision, is_in_force)
        .where(Shop.domain == bindparam("domain"))
    )
