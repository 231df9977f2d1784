"""What every answer tells the browser it may not do, and whom we believe about who is asking."""

from flask import Flask, Response, g, session
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Settings
from app.web import parts, sessions

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'{bridge}; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'{bridge}; form-action 'self'; base-uri 'none'; "
    "frame-ancestors {ancestors}"
)
"""Nothing from anywhere else, and nothing written into a page; pictures may be in a style."""
BRIDGE = " https://cdn.shopify.com/shopifycloud/"
"""Where the script comes from that a page inside the platform's admin must begin with.

Not the whole host: files that anybody uploads to a shop are on it, in other folders.
"""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"

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


def plain_headers(
    settings: Settings, *, ancestors: str = "'none'", bridge: str = "", readers: str = "same-origin"
) -> dict[str, str]:
    """The headers of an answer, as they are for programs: in no frame, and kept by nobody."""
    policy = CONTENT_POLICY.format(ancestors=ancestors, bridge=bridge)
    headers = HEADERS | {
        "Content-Security-Policy": policy,
        "Cross-Origin-Resource-Policy": readers,
        "Cache-Control": "private, no-store",
    }
    if settings.public_url.startswith("https://"):
        headers["Strict-Transport-Security"] = HSTS
    return headers


def _set_headers(response: Response) -> Response:
    headers = plain_headers(
        parts.settings(), ancestors=_ancestors(), bridge=_bridge(), readers=_readers()
    )
    if g.get("auth") == "public":
        del headers["Cache-Control"]
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


def _is_for_merchants() -> bool:
    """Whether a merchant may be looking; for others the session is not even read."""
    return g.get("auth") in (None, "session", "app_home", "oauth_callback")


def _bridge() -> str:
    return BRIDGE if _is_for_merchants() and sessions.is_embedded() else ""


def _ancestors() -> str:
    """Who may show the page in a frame: the admin of the shop it is for, and nobody else.

    Which shop that is was told by a signature: the platform's, or ours on the cookie. So mistakes
    are readable in the frame, too; what is for everybody is for no frame. A shop that an address
    only claims may frame what says nothing of anybody: that nobody is signed in.
    """
    domain = None
    if _is_for_merchants():
        domain = g.get("shop_domain") or g.get("signed_out_of") or session.get("shop_domain")
    return f"https://{domain} https://admin.shopify.com" if domain else "'none'"


def _readers() -> str:
    return "cross-origin" if g.get("readers") in _FOR_OTHERS else "same-origin"
