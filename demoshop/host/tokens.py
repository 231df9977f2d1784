"""Access tokens: exchanging codes, refreshing, recognizing, and letting them expire.

A refresh changes both tokens. The old access token works on until its own end, and the old refresh
token may be tried again, with the same answer, until the new pair has been used: an app that lost
the answer on its way must not lose the shop.
"""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from demoshop.host.installation import installed_scope, mark_installed
from demoshop.records.app_grant import AuthorizationCode, Token, token_refreshed_by, tokens

ACCESS_LIVES = timedelta(hours=1)
REFRESH_LIVES = timedelta(days=90)


def exchange(session: Session, code: str, *, expiring: bool, at: datetime) -> Token | None:
    """The token for a code that is fresh and unused; None for any other."""
    consent = session.get(AuthorizationCode, code)
    if consent is None or consent.used or at >= consent.expires_at:
        return None
    consent.used = True
    mark_installed(session, consent.scope, at=at)
    return _issue(session, consent.scope, expiring=expiring, at=at)


def exchange_session(session: Session, *, expiring: bool, at: datetime) -> Token | None:
    """The token for somebody who has the app open in the admin; None when it is not installed."""
    scope = installed_scope(session)
    return _issue(session, scope, expiring=expiring, at=at) if scope is not None else None


def refresh(session: Session, refresh_token: str, *, at: datetime) -> Token | None:
    """A new pair for a refresh token, or the pair it was already given; None if it is no good."""
    old = token_refreshed_by(session, refresh_token)
    if old is None or old.refresh_expires_at is None or at >= old.refresh_expires_at:
        return None
    if installed_scope(session) is None:
        return None
    if old.replaced_by is not None:
        given = session.get(Token, old.replaced_by)
        return None if given is None or given.used else given
    fresh = _issue(session, old.scope, expiring=True, at=at)
    old.used, old.replaced_by = True, fresh.access_token
    return fresh


def accepted(session: Session, access_token: str, *, at: datetime) -> Token | None:
    """The token a call came with, if it is good; using it closes the door behind it."""
    token = session.get(Token, access_token) if access_token else None
    if token is None or installed_scope(session) is None:
        return None
    if token.expires_at is not None and at >= token.expires_at:
        return None
    token.used = True
    return token


def expire_access_tokens(session: Session, *, at: datetime) -> int:
    """Fast-forward: every access token is an hour old now. Refresh tokens live on."""
    live = [token for token in tokens(session) if token.expires_at and token.expires_at > at]
    for token in live:
        token.expires_at = at
    return len(live)


def pass_ninety_days(session: Session, *, at: datetime) -> int:
    """Fast-forward: access and refresh tokens are over, and only the merchant can help."""
    found = [token for token in tokens(session) if token.refresh_expires_at]
    for token in found:
        token.expires_at = token.refresh_expires_at = at
    return len(found)


def revoke(session: Session) -> int:
    """Take every token back, as a merchant's support does; the app is told by a 401."""
    found = tokens(session)
    for token in found:
        session.delete(token)
    return len(found)


def answer(token: Token, at: datetime) -> dict[str, Any]:
    """What the token endpoint says."""
    told: dict[str, Any] = {"access_token": token.access_token, "scope": token.scope}
    if token.expires_at and token.refresh_expires_at:
        told |= {
            "expires_in": int((token.expires_at - at).total_seconds()),
            "refresh_token": token.refresh_token,
            "refresh_token_expires_in": int((token.refresh_expires_at - at).total_seconds()),
        }
    return told


def _issue(session: Session, scope: str, *, expiring: bool, at: datetime) -> Token:
    token = Token(
        access_token=f"shpat_{secrets.token_hex(16)}",
        refresh_token=f"shprt_{secrets.token_hex(24)}" if expiring else None,
        scope=scope,
        expires_at=at + ACCESS_LIVES if expiring else None,
        refresh_expires_at=at + REFRESH_LIVES if expiring else None,
        created_at=at,
    )
    session.add(token)
    session.flush()
    return token
