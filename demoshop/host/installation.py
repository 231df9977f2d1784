"""Whether the app is installed, and what happens when it is installed or thrown out."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from demoshop.config import Settings
from demoshop.host.announce import SHOP_REDACT, send_to_app
from demoshop.host.payloads.shop import SHOP_ID, shop_body
from demoshop.records.app_grant import AuthorizationCode, Token
from demoshop.records.setting import set_setting, setting
from demoshop.records.webhook import PENDING, ScriptTag, Subscription, Webhook, subscriptions

CODE_LIVES = timedelta(minutes=10)
REDACT_AFTER = timedelta(hours=48)


def installed_scope(session: Session) -> str | None:
    """The scopes granted to the app, or None if it is not installed."""
    scope: str | None = setting(session, "installed_scope")
    return scope


def installed_at(session: Session) -> datetime | None:
    """Since when the app has been installed."""
    when = setting(session, "installed_at")
    return datetime.fromisoformat(when) if when else None


def consent(session: Session, scope: str, *, at: datetime) -> str:
    """The merchant says yes: a code the app can exchange once."""
    code = secrets.token_hex(16)
    session.add(AuthorizationCode(code=code, scope=scope, expires_at=at + CODE_LIVES))
    session.flush()
    return code


def uninstall(session: Session, settings: Settings, *, at: datetime) -> bool:
    """Throw the app out: tokens die first, then it is told, then its belongings go.

    The order to forget the shop follows 48 hours later, on the shop's fast clock.
    """
    if installed_scope(session) is None:
        return False
    session.execute(delete(Token))
    session.execute(delete(AuthorizationCode))
    asked = [s.uri for s in subscriptions(session) if s.topic == "app/uninstalled"]
    url = asked[0] if asked else f"{settings.app_url}/webhooks"
    send_to_app(session, "app/uninstalled", url, shop_body(settings.domain, at), at=at)
    session.execute(delete(Subscription))
    session.execute(delete(ScriptTag))
    for name in ("installed_scope", "installed_at", "app_embed"):
        set_setting(session, name, None)
    redact_shop(session, settings, at=at, run_at=at + REDACT_AFTER / settings.clock)
    return True


def redact_shop(
    session: Session, settings: Settings, *, at: datetime, run_at: datetime | None = None
) -> None:
    """Tell the app to forget the shop."""
    body = {"shop_id": SHOP_ID, "shop_domain": settings.domain}
    url = f"{settings.app_url}/webhooks"
    send_to_app(session, SHOP_REDACT, url, body, at=at, run_at=run_at or at)


def mark_installed(session: Session, scope: str, *, at: datetime) -> None:
    """Remember that the app has its token. An app that is back need not forget the shop."""
    if installed_scope(session) is None:
        set_setting(session, "installed_at", at.isoformat())
        forgotten = delete(Webhook).where(Webhook.state == PENDING, Webhook.topic == SHOP_REDACT)
        session.execute(forgotten)
    set_setting(session, "installed_scope", scope)
