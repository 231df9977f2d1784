"""A shop that has installed us: the tenant to which everything else belongs."""

from collections.abc import Collection
from datetime import datetime, tzinfo
from enum import StrEnum

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.domain.calendar import zone_named
from app.domain.errors import UnknownShop
from app.models.base import ID, Asked, Base, Document, ShopId


class ShopState(StrEnum):
    """Whether we may speak to a shop."""

    ACTIVE = "active"
    UNAUTHORIZED = "unauthorized"
    """Its token is refused: effects wait until the merchant lets us in again."""
    LEFT = "left"
    """The merchant has uninstalled us."""
    ERASED = "erased"


class Shop(Base):
    """One webshop on one platform; `domain` is how the platform names it in every request."""

    __tablename__ = "shop"

    id: Mapped[ShopId] = mapped_column(ID, primary_key=True)
    domain: Mapped[str] = mapped_column(String(255), unique=True)
    platform: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(255), default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    state: Mapped[str] = mapped_column(String(12), default=ShopState.ACTIVE)
    installed_at: Mapped[datetime]
    left_at: Mapped[datetime | None] = mapped_column(default=None)
    connected_at: Mapped[datetime | None] = mapped_column(default=None)
    """Since when webhooks and widget are in place."""
    reconciled_until: Mapped[datetime | None] = mapped_column(default=None)
    """Up to which change the platform's orders were compared with ours."""
    customers_until: Mapped[datetime | None] = mapped_column(default=None)
    """Up to which change the platform's customers were."""
    widget_injected: Mapped[bool] = mapped_column(default=False)
    """Whether the host has put the widget in every page; else the merchant switches it on."""

    look: Mapped[Document | None] = mapped_column(default=None)
    """How the merchant wants the widget to look; None is our own look."""

    guide: Mapped[Document | None] = mapped_column(default=None)
    """What the merchant has said to the guide of the first days."""

    @property
    def zone(self) -> tzinfo:
        """Where its days, months and years begin."""
        return zone_named(self.timezone)


class Credential(Base):
    """What a platform lets us into a shop with, sealed."""

    __tablename__ = "credential"

    shop_id: Mapped[ShopId] = mapped_column(ID, primary_key=True, autoincrement=False)
    access_sealed: Mapped[bytes]
    refresh_sealed: Mapped[bytes | None]
    expires_at: Mapped[datetime | None]
    scopes: Mapped[str] = mapped_column(String(1000))
    refreshing_until: Mapped[datetime | None] = mapped_column(default=None)
    """While this is ahead, one process is fetching new tokens and the others wait."""


def shop_by_domain(session: Session, domain: str) -> Shop:
    """The shop of a domain. Raises UnknownShop."""
    shop = find_shop(session, domain)
    if shop is None:
        raise UnknownShop(f"{domain} has not installed Stamkunde.")
    return shop


def find_shop(session: Session, domain: str) -> Shop | None:
    """The shop of a domain; None when it never installed us."""
    return session.scalars(select(Shop).where(Shop.domain == domain)).one_or_none()


def shop_ids(asked: Asked, domains: Collection[str]) -> dict[str, ShopId]:
    """The ids of those domains that are shops of ours."""
    query = select(Shop.domain, Shop.id).where(Shop.domain.in_(domains))
    return {str(domain): int(shop_id) for domain, shop_id in asked.execute(query)}


def shops(session: Session) -> list[Shop]:
    """Every shop there is, oldest first."""
    return list(session.scalars(select(Shop).order_by(Shop.id)))
