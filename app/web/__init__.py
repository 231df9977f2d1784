"""Who asks: one folder per audience, and one place where the web is put together."""

from collections.abc import Iterable
from datetime import timedelta
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Blueprint, Flask
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

from app.config import Settings, read_settings
from app.db import Database
from app.jobs.hosts import platform_of
from app.vault import Vault
from app.web import admin, agreement, health, metrics, sessions, welcome, widget
from app.web.api import routes as api
from app.web.errors import answer_errors
from app.web.guards import Auth, guard_requests
from app.web.install import routes as install
from app.web.languages import set_up_languages
from app.web.logs import log_requests, set_up_logs
from app.web.parts import Parts, keep
from app.web.security import protect
from app.web.storefront import page as loyalty_page
from app.web.storefront import routes as storefront
from app.web.storefront.kept import KeptAnswers
from app.web.storefront.wishes import count_wishes
from app.web.webhooks import routes as webhooks
from app.web.webhooks.desk import Desk

SIGN_INS = "120 per minute"
"""For each address they come from, which may be that of a proxy with many people behind it."""

BLUEPRINTS: tuple[tuple[Blueprint, Auth], ...] = (
    (webhooks.bp, Auth.WEBHOOK),
    (storefront.bp, Auth.APP_PROXY),
    (loyalty_page.bp, Auth.APP_PROXY),
    (install.app_home, Auth.APP_HOME),
    (install.callback, Auth.OAUTH_CALLBACK),
    (agreement.bp, Auth.APP_HOME),
    (admin.bp, Auth.SESSION),
    (api.bp, Auth.API_KEY),
    (welcome.bp, Auth.PUBLIC),
    (widget.bp, Auth.PUBLIC),
    (health.bp, Auth.PUBLIC),
    (metrics.bp, Auth.PUBLIC),
)
"""Every part of the web, each with the one way in which it knows its caller."""

# Those whose callers prove themselves by a signature or a key, which another site's page has not.
SIGNED = (webhooks.bp, storefront.bp, loyalty_page.bp, api.bp)
SIGNING_IN = (install.app_home, install.callback)


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """The web as it is served; the only place where it reads the settings."""
    settings = settings or read_settings()
    set_up_logs(settings)
    app = Flask(__name__)
    app.session_interface = sessions.CookieSessions()
    _configure(app, settings)
    parts = Parts(
        settings=settings,
        database=database or Database(settings.database_url),
        vault=Vault(settings.seal_keys, settings.hash_key),
        platform=platform_of(settings),
    )
    keep(app, parts)
    log_requests(app)
    count = metrics.count_requests(app)
    protect(app, settings)
    csrf = CSRFProtect()
    limiter = Limiter(get_remote_address, storage_uri="memory://")
    limiter.init_app(app)
    count_wishes(app)
    guard_requests(app, {bp.name: auth for bp, auth in BLUEPRINTS} | {"bootstrap": Auth.PUBLIC})
    set_up_languages(app)
    csrf.init_app(app)
    Bootstrap5(app)
    answer_errors(app)
    _answer_at_the_door(app, parts, count)
    app.jinja_env.globals["embedded"] = sessions.is_embedded
    app.jinja_env.globals["idle_seconds"] = int(sessions.IDLE.total_seconds())
    app.jinja_env.globals["client_id"] = settings.shopify_client_id
    for bp, _ in BLUEPRINTS:
        app.register_blueprint(bp)
    for bp in SIGNED:
        csrf.exempt(bp)
    for bp in SIGNING_IN:
        limiter.limit(SIGN_INS)(bp)
    return app


def _answer_at_the_door(app: Flask, parts: Parts, count: metrics.Count) -> None:
    """Let what is asked far more often than all else be answered before Flask begins."""
    flask = app.wsgi_app
    answers, desk = KeptAnswers(flask, parts), Desk(parts)
    webhooks.keep_desk(app.extensions, desk)
    doors: dict[str, WSGIApplication] = {
        "/proxy/me": answers,
        webhooks.PATH: webhooks.Door(flask, parts, desk, count),
    }

    def at_the_door(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return doors.get(environ["PATH_INFO"], flask)(environ, start_response)

    app.wsgi_app = at_the_door  # type: ignore[method-assign]


def _configure(app: Flask, settings: Settings) -> None:
    https = settings.public_url.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.session_key,
        MAX_CONTENT_LENGTH=settings.most_body_bytes,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
        BOOTSTRAP_SERVE_LOCAL=True,
        # Browsers take a __Host- cookie from nobody but this very host, over https.
        SESSION_COOKIE_NAME="__Host-stamkunde" if https else "stamkunde",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=sessions.LASTS,
        WTF_CSRF_TIME_LIMIT=int(sessions.LASTS.total_seconds()),
    )
