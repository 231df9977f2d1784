"""Whether the manifest is well formed and says what the code does."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Protocol
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

from app.manifest.document import Manifest, schema

COMPLIANCE_TOPICS = ("customers/data_request", "customers/redact", "shop/redact")
PROXY_SCOPE = "write_app_proxy"

# Topics that need a scope which no operation of ours needs.
SCOPE_OF_TOPIC = {
    "customers/merge": "read_customer_merge",
    "discounts/delete": "read_discounts",
}

# A method and a path as Flask writes it: ("GET", "/admin/members/<member_id>").
Route = tuple[str, str]
ANSWERED_BY_FLASK = {"HEAD", "OPTIONS"}


class UrlRule(Protocol):
    """A rule of the web's URL map, as far as it matters here."""

    rule: str
    endpoint: str
    methods: set[str] | None


def routes_of(
    rules: Iterable[UrlRule], auth: Mapping[str, str] | None = None
) -> dict[Route, str | None]:
    """The routes of a URL map, each with what `auth` says of its endpoint, if anything."""
    return {
        (method, rule.rule): (auth or {}).get(rule.endpoint)
        for rule in rules
        for method in (rule.methods or set()) - ANSWERED_BY_FLASK
    }


def problems(
    manifest: Manifest,
    *,
    routes: Mapping[Route, str | None],
    topics: Set[str],
    operations_scopes: Set[str],
) -> list[str]:
    """A sentence for everything that is wrong; none when the manifest and the code agree.

    `routes` are the web's routes with how each knows its caller, or None where that is not told;
    `topics` are the webhook topics with a handler; `operations_scopes` what our calls need.
    """
    malformed = [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(schema()).iter_errors(manifest)
    ]
    # A document of another shape cannot be compared with anything.
    if malformed:
        return malformed
    return [
        *route_problems(manifest, routes),
        *address_problems(manifest),
        *topic_problems(manifest, topics),
        *scope_problems(manifest, operations_scopes),
    ]


def listed_routes(manifest: Manifest) -> dict[Route, str]:
    """The routes the manifest lists, with how each knows its caller."""
    return {(each["method"], each["path"]): each["auth"] for each in manifest["requests"]}


def subscribed_topics(manifest: Manifest) -> set[str]:
    """The topics the manifest subscribes to, the three on privacy among them."""
    asked = {topic for webhook in manifest["webhooks"] for topic in webhook["topics"]}
    return asked | set(COMPLIANCE_TOPICS)


def route_problems(manifest: Manifest, routes: Mapping[Route, str | None]) -> Iterator[str]:
    """Where the listed routes and the web's routes differ."""
    listed = listed_routes(manifest)
    for method, path in sorted(routes.keys() - listed.keys()):
        yield f"{method} {path} is a route that the manifest does not list."
    for method, path in sorted(listed.keys() - routes.keys()):
        yield f"{method} {path} is listed, but no such route exists."
    for route in sorted(routes.keys() & listed.keys()):
        if routes[route] not in {None, listed[route]}:
            yield f"{' '.join(route)} is listed as {listed[route]}, but it is {routes[route]}."


def address_problems(manifest: Manifest) -> Iterator[str]:
    """Addresses the manifest gives to the platform, and that lead nowhere or past a guard."""
    listed = listed_routes(manifest)
    origin = manifest["urls"]["app"].rstrip("/")
    for url in manifest["urls"]["redirect"]:
        if not url.startswith(f"{origin}/"):
            yield f"{url} is not under {origin}/."
        if listed.get(("GET", urlsplit(url).path)) != "oauth_callback":
            yield f"{url} is not a route that finishes an authorization."
    receivers = {each["path"] for each in manifest["webhooks"]}
    receivers |= {
        manifest["privacy"][key] for key in ("data_request", "customer_redact", "shop_redact")
    }
    for path in sorted(receivers):
        if listed.get(("POST", path)) != "webhook":
            yield f"POST {path} is not a route that receives webhooks."
    for path in [manifest["storefront"]["entry"], *(n["path"] for n in manifest["admin"]["nav"])]:
        if ("GET", path) not in listed:
            yield f"GET {path} is pointed to, but not listed."
    under = manifest["proxy"]["path"].rstrip("/") + "/" if "proxy" in manifest else None
    for (method, path), auth in listed.items():
        if (auth == "app_proxy") != (under is not None and path.startswith(under)):
            yield f"{method} {path}: routes with auth app_proxy lie under {under}, and no others."


def topic_problems(manifest: Manifest, topics: Set[str]) -> Iterator[str]:
    """Topics asked for that nobody handles, handled that nobody asked for, or asked for twice."""
    subscribed = subscribed_topics(manifest)
    for topic in sorted(subscribed - topics):
        yield f"{topic} is subscribed to, but nothing handles it."
    for topic in sorted(topics - subscribed):
        yield f"{topic} is handled, but not subscribed to."
    named = [topic for webhook in manifest["webhooks"] for topic in webhook["topics"]]
    for topic in sorted({topic for topic in named if named.count(topic) > 1}):
        yield f"{topic} is subscribed to twice."
    for topic in COMPLIANCE_TOPICS:
        if topic in named:
            yield f"{topic} belongs under privacy, which subscribes to it."


def scope_problems(manifest: Manifest, operations_scopes: Set[str]) -> Iterator[str]:
    """Scopes asked for without use, or used without being asked for."""
    topics = subscribed_topics(manifest)
    heard = {scope for topic, scope in SCOPE_OF_TOPIC.items() if topic in topics}
    used = operations_scopes | heard
    required = {scope["name"] for scope in manifest["scopes"]["required"]}
    asked = required | {scope["name"] for scope in manifest["scopes"]["optional"]}
    for scope in sorted(asked - used - {PROXY_SCOPE}):
        yield f"{scope} is asked for, but nothing uses it."
    for scope in sorted(used - asked):
        yield f"{scope} is used, but not asked for."
    if (PROXY_SCOPE in required) != ("proxy" in manifest):
        yield f"{PROXY_SCOPE} is asked for exactly when there is a proxy."
