"""What the app keeps with a customer, in its own namespace, for the theme to print."""

from sqlalchemy.orm import Mapped, Session, mapped_column

from demoshop.records.base import Base

APP = "$app"


class Metafield(Base):
    """One value of one customer."""

    __tablename__ = "metafield"

    customer_id: Mapped[int] = mapped_column(primary_key=True)
    namespace: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    value: Mapped[str]


def metafield(session: Session, customer_id: int, namespace: str, key: str) -> Metafield | None:
    """A customer's field; None when nothing was ever kept there."""
    return session.get(Metafield, (customer_id, namespace, key))


def points_kept(session: Session, customer_id: int) -> int | None:
    """The balance that the app has kept with a customer, as its block in the theme prints it."""
    kept = metafield(session, customer_id, APP, "balance")
    return int(kept.value) if kept is not None else None
