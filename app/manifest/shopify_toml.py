"""The manifest in Shopify's own form, `shopify.app.toml`, and read back from it."""

import json
import tomllib
from collections.abc import Iterator
from typing import Any

from app.manifest.check import COMPLIANCE_TOPICS
from app.manifest.document import Manifest

HEADING = """\
# Generated from plugin_manifest.json; do not edit.
# Write it anew with: stamkunde manifest export --to shopify
# The client id is filled in by: shopify app config link
"""
PRIVACY_KEYS = ("data_request", "customer_redact", "shop_redact")
PRIVACY = dict(zip(COMPLIANCE_TOPICS, PRIVACY_KEYS, strict=True))


def shopify_toml(manifest: Manifest) -> str:
    """The text of `shopify.app.toml`."""
    lines = [HEADING, *_app(manifest), *_access(manifest), *_webhooks(manifest)]
    lines += _customer_fields(manifest)
    if "proxy" in manifest:
        lines += _table("[app_proxy]", manifest["proxy"] | {"path": None})
        lines.append(_pair("url", _url(manifest, manifest["proxy"]["path"])))
    if "preferences" in manifest["urls"]:
        lines += _table("[app_preferences]", {"url": manifest["urls"]["preferences"]})
    return "\n".join(lines) + "\n"


def shared_with_shopify(manifest: Manifest) -> Manifest:
    """The part of a manifest that `shopify.app.toml` can say."""
    shared: Manifest = {key: manifest[key] for key in ("name", "handle", "embedded", "api_version")}
    shared["urls"] = manifest["urls"]
    shared["scopes"] = {kind: _names(manifest["scopes"][kind]) for kind in ("required", "optional")}
    shared["webhooks"] = manifest["webhooks"]
    shared["privacy"] = {key: manifest["privacy"][key] for key in PRIVACY_KEYS}
    shared["customer_fields"] = manifest.get("customer_fields", [])
    if "proxy" in manifest:
        shared["proxy"] = manifest["proxy"]
    return shared


def read_shopify_toml(text: str) -> Manifest:
    """What a `shopify.app.toml` of ours says, in the manifest's words."""
    said = tomllib.loads(text)
    origin = said["application_url"].rstrip("/")
    subscriptions = said["webhooks"]["subscriptions"]
    read: Manifest = {
        "name": said["name"],
        "handle": said["handle"],
        "embedded": said["embedded"],
        "api_version": said["webhooks"]["api_version"],
        "urls": {"app": said["application_url"], "redirect": said["auth"]["redirect_urls"]},
        "scopes": {
            "required": [name for name in said["access_scopes"]["scopes"].split(",") if name],
            "optional": said["access_scopes"]["optional_scopes"],
        },
        "webhooks": [
            _webhook(each, origin) for each in subscriptions if "compliance_topics" not in each
        ],
        "privacy": {
            PRIVACY[topic]: each["uri"].removeprefix(origin)
            for each in subscriptions
            for topic in each.get("compliance_topics", [])
        },
    }
    if "app_preferences" in said:
        read["urls"]["preferences"] = said["app_preferences"]["url"]
    read["customer_fields"] = [
        {"key": key} | {name: said_of for name, said_of in field.items() if name != "access"}
        for key, field in said.get("customer", {}).get("metafields", {}).get("app", {}).items()
    ]
    if proxy := said.get("app_proxy"):
        path = proxy.pop("url").removeprefix(origin)
        read["proxy"] = proxy | {"path": path}
    return read


def _app(manifest: Manifest) -> Iterator[str]:
    yield _pair("client_id", "")
    yield _pair("name", manifest["name"])
    yield _pair("handle", manifest["handle"])
    yield _pair("application_url", manifest["urls"]["app"])
    yield _pair("embedded", manifest["embedded"])


def _access(manifest: Manifest) -> Iterator[str]:
    scopes = {
        "scopes": ",".join(_names(manifest["scopes"]["required"])),
        "optional_scopes": _names(manifest["scopes"]["optional"]),
    }
    yield from _table("[access_scopes]", scopes)
    yield from _table("[auth]", {"redirect_urls": manifest["urls"]["redirect"]})


def _webhooks(manifest: Manifest) -> Iterator[str]:
    yield from _table("[webhooks]", {"api_version": manifest["api_version"]})
    for webhook in manifest["webhooks"]:
        uri = {"path": None, "uri": _url(manifest, webhook["path"])}
        yield from _table("[[webhooks.subscriptions]]", webhook | uri)
    # One subscription for each address, apart from the others: the platform refuses a mixture.
    for path in sorted({manifest["privacy"][key] for key in PRIVACY_KEYS}):
        topics = [topic for topic, key in PRIVACY.items() if manifest["privacy"][key] == path]
        privacy = {"compliance_topics": topics, "uri": _url(manifest, path)}
        yield from _table("[[webhooks.subscriptions]]", privacy)


def _customer_fields(manifest: Manifest) -> Iterator[str]:
    for field in manifest.get("customer_fields", []):
        heading = f"[customer.metafields.app.{field['key']}]"
        # The merchant may look and nobody else may write; the theme may print.
        access = {"access.admin": "merchant_read", "access.storefront": "public_read"}
        yield from _table(heading, field | {"key": None} | access)


def _webhook(subscription: dict[str, Any], origin: str) -> dict[str, Any]:
    path = subscription["uri"].removeprefix(origin)
    return {key: value for key, value in subscription.items() if key != "uri"} | {"path": path}


def _names(scopes: list[dict[str, str]]) -> list[str]:
    # Shopify closed its script API; what only other hosts grant is not asked of it.
    return [scope["name"] for scope in scopes if "hosts" not in scope]


def _url(manifest: Manifest, path: str) -> str:
    return f"{manifest['urls']['app'].rstrip('/')}{path}"


def _table(heading: str, pairs: dict[str, Any]) -> Iterator[str]:
    yield f"\n{heading}"
    yield from (_pair(key, value) for key, value in pairs.items() if value is not None)


def _pair(key: str, value: str | bool | list[str]) -> str:
    # A JSON string, boolean or list of strings is also a TOML one.
    return f"{key} = {json.dumps(value, ensure_ascii=False)}"
