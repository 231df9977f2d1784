"""What every answer tells the browser it may not do, and whom we believe about who is asking."""

from flask import Flask, Response, g
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.web import parts

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {ancestors}"
)
"""Nothing from anywhere else, and nothing written into a page; pictures may be in a style."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=31536000"

# A widget is there for other sites' pages; nothing else of ours is.
_FOR_OTHERS = ("widget",)


def protect(app: Flask, settings: Settings) -> None:
    """Set the headers of every answer, and count the proxies in front of us."""
    hops = settings.trusted_proxies
    if hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops
        )
    app.after_request(_set_headers)


def _set_headers(response: Response) -> Response:
    headers = response.headers
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers["Content-Security-Policy"] = CONTENT_POLICY.format(ancestors=_ancestors())
    headers.setdefault("Cross-Origin-Resource-Policy", _readers())
    if g.get("auth") != "public":
        headers.setdefault("Cache-Control", "private, no-store")
    if parts.settings().public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = HSTS
    return response


def _ancestors() -> str:
    """Who may show the page in a frame: the admin of the shop it is for, and nobody else."""
    if g.get("auth") not in ("session", "app_home", "oauth_callback") or "shop_domain" not in g:
        return "'none'"
    return f"https://{g.shop_domain} https://admin.shopify.com"


def _readers() -> str:
    return "cross-origin" if g.get("readers") in _FOR_OTHERS else "same-origin"
