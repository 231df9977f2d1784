"""Give one member what another row knew of the same person."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.models.member import Member

OF_THE_PERSON = (
    ("birthday", "birthday_entered_at"),
    ("floor_tier", "floor_until", "floor_reason"),
    ("email_hash",),
)
"""What one person has once: the kept member's own, else the gone one's."""


def move_person(session: Session, gone: Member, kept: Member) -> None:
    """Leave nothing on the gone member's row that says something of the person."""
    for together in OF_THE_PERSON:
        if getattr(kept, together[0]) is None:
            for column in together:
                setattr(kept, column, getattr(gone, column))
        for column in together:
            setattr(gone, column, None)
    active = [member.active_at for member in (gone, kept) if member.active_at is not None]
    kept.active_at = max(active, default=None)
    gone.customer_id = None
    gone.tier_due_at = None
    gone.merged_into = kept.id
    session.execute(
        update(Member)
        .where(Member.shop_id == gone.shop_id, Member.merged_into == gone.id)
        .values(merged_into=kept.id)
    )
