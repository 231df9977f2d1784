"""What the merchant has granted the app: codes on their way, tokens in use."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from demoshop.records.base import Base


class AuthorizationCode(Base):
    """A consent on its way to becoming a token; it works once."""

    __tablename__ = "authorization_code"

    code: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str]
    expires_at: Mapped[datetime]
    used: Mapped[bool] = mapped_column(default=False)


class Token(Base):
    """An access token and the refresh token that came with it."""

    __tablename__ = "token"

    access_token: Mapped[str] = mapped_column(primary_key=True)
    # None: a token of the old kind, which never expires.
    refresh_token: Mapped[str | None] = mapped_column(unique=True)
    scope: Mapped[str]
    expires_at: Mapped[datetime | None]
    refresh_expires_at: Mapped[datetime | None]
    # The pair that replaced this one. Until that pair is used, asking again returns it again.
    replaced_by: Mapped[str | None]
    used: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


def tokens(session: Session) -> list[Token]:
    """Every token still on record, newest first."""
    return list(session.scalars(select(Token).order_by(Token.created_at.desc())))


def token_refreshed_by(session: Session, refresh_token: str) -> Token | None:
    """The token a refresh token belongs to."""
    return session.scalars(select(Token).where(Token.refresh_token == refresh_token)).one_or_none()
