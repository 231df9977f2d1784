"""Who did it: what a merchant changes is noted, in the transaction that changes it."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.models.audit_entry import AuditKind, note_change, note_revision
from app.models.shop import Shop
from app.web import parts
from app.web.admin.asking import author


def noted(
    session: Session, shop: Shop, kind: AuditKind, *, member_id: UUID | None = None, **body: Any
) -> None:
    """Note what the merchant who is signed in has just changed; `body` says from what to what."""
    note_change(
        session, shop.id, kind, author=author(), member_id=member_id, at=parts.now(), **body
    )


def noted_revision(
    session: Session, shop: Shop, kind: AuditKind, *, before: int, after: int
) -> None:
    """Note a revision that the merchant has just published, if there is a new one."""
    facts = {"before": before, "after": after}
    note_revision(session, shop.id, kind, author=author(), at=parts.now(), **facts)
