"""Webhook subscriptions and script tags: what the app hangs onto the shop."""

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from graphql import GraphQLResolveInfo

from demoshop.admin_api.caller import Caller
from demoshop.admin_api.pages import connection
from demoshop.admin_api.words import gid, moment, number_in
from demoshop.host.announce import subscribe
from demoshop.host.sender import API_VERSION
from demoshop.records.setting import setting
from demoshop.records.webhook import ScriptTag, Subscription, script_tags, subscriptions

ADDRESS = ["webhookSubscription", "callbackUrl"]
LONGEST_ADDRESS = 65_536
# The platform's exact sentence is not published; an app must not depend on it.
SCRIPTS_CLOSED = "Script tags can no longer be created. Use a theme app extension instead."


def topic_of(name: str) -> str:
    """ORDERS_PAID is "orders/paid"; only the first underscore divides."""
    resource, _, rest = name.partition("_")
    return f"{resource}/{rest}".lower()


def topic_name(topic: str) -> str:
    """The enum's name of a topic."""
    return topic.replace("/", "_").upper()


def subscription_list(info: GraphQLResolveInfo, **args: Any) -> dict[str, Any]:
    """The subscriptions made through this API."""
    caller: Caller = info.context
    wanted = {topic_of(name) for name in args.get("topics") or ()}
    address = args.get("uri") or args.get("callbackUrl")
    rows = [
        row
        for row in subscriptions(caller.session)
        if (not wanted or row.topic in wanted) and (not address or row.uri == address)
    ]
    return connection(rows, lambda row: (row.id, 0), subscription_node, args)


def subscription_by_id(info: GraphQLResolveInfo, id: str) -> dict[str, Any] | None:  # noqa: A002
    """One subscription."""
    caller: Caller = info.context
    found = caller.session.get(Subscription, number_in("WebhookSubscription", id))
    return subscription_node(found) if found else None


def subscription_create(info: GraphQLResolveInfo, **args: Any) -> dict[str, Any]:
    """Ask to hear of a topic at an address."""
    caller: Caller = info.context
    given = args["webhookSubscription"]
    topic = topic_of(args["topic"])
    address = (given.get("uri") or given.get("callbackUrl") or "").strip()
    wrong = _address_error(caller, topic, address)
    if wrong:
        return {"webhookSubscription": None, "userErrors": [{"field": ADDRESS, "message": wrong}]}
    made = subscribe(
        caller.session,
        topic,
        address,
        name=given.get("name"),
        rule=given.get("filter"),
        at=caller.at,
    )
    return {"webhookSubscription": subscription_node(made), "userErrors": []}


def subscription_delete(info: GraphQLResolveInfo, id: str) -> dict[str, Any]:  # noqa: A002
    """Hear no more."""
    caller: Caller = info.context
    found = caller.session.get(Subscription, number_in("WebhookSubscription", id))
    if found is None:
        wrong = {"field": ["id"], "message": "Webhook subscription does not exist"}
        return {"deletedWebhookSubscriptionId": None, "userErrors": [wrong]}
    caller.session.delete(found)
    caller.session.flush()
    return {"deletedWebhookSubscriptionId": id, "userErrors": []}


def script_tag_list(info: GraphQLResolveInfo, **args: Any) -> dict[str, Any]:
    """The script tags of the app."""
    caller: Caller = info.context
    caller.needs("read_script_tags", "scriptTags")
    source = args.get("src")
    rows = [tag for tag in script_tags(caller.session) if not source or tag.src == source]
    return connection(rows, lambda tag: (tag.id, 0), script_tag_node, args)


def script_tag_create(info: GraphQLResolveInfo, **args: Any) -> dict[str, Any]:
    """Put a script on every page, while the shop still allows it."""
    caller: Caller = info.context
    caller.needs("write_script_tags", "scriptTagCreate")
    source = (args["input"].get("src") or "").strip()
    if setting(caller.session, "embed_only", default=False):
        return _no_script([], SCRIPTS_CLOSED)
    if not source:
        return _no_script(["input", "src"], "Source can't be blank")
    if not _secure_enough(source):
        return _no_script(["input", "src"], "Source must be secure (HTTPS)")
    tag = ScriptTag(
        src=source,
        display_scope=args["input"].get("displayScope") or "ONLINE_STORE",
        created_at=caller.at,
    )
    caller.session.add(tag)
    caller.session.flush()
    return {"scriptTag": script_tag_node(tag), "userErrors": []}


def script_tag_delete(info: GraphQLResolveInfo, id: str) -> dict[str, Any]:  # noqa: A002
    """Take a script off the pages."""
    caller: Caller = info.context
    caller.needs("write_script_tags", "scriptTagDelete")
    found = caller.session.get(ScriptTag, number_in("ScriptTag", id))
    if found is None:
        wrong = {"field": ["id"], "message": "Script tag does not exist"}
        return {"deletedScriptTagId": None, "userErrors": [wrong]}
    caller.session.delete(found)
    caller.session.flush()
    return {"deletedScriptTagId": id, "userErrors": []}


def subscription_node(row: Subscription) -> dict[str, Any]:
    """A WebhookSubscription."""
    version = {"displayName": API_VERSION, "handle": API_VERSION, "supported": True}
    return {
        "__typename": "WebhookSubscription",
        "id": gid("WebhookSubscription", row.id),
        "topic": topic_name(row.topic),
        "uri": row.uri,
        "callbackUrl": row.uri,
        "name": row.name,
        "filter": row.filter,
        "format": "JSON",
        "includeFields": [],
        "apiVersion": version,
        "createdAt": moment(row.created_at),
        "updatedAt": moment(row.created_at),
    }


def script_tag_node(tag: ScriptTag) -> dict[str, Any]:
    """A ScriptTag."""
    return {
        "__typename": "ScriptTag",
        "id": gid("ScriptTag", tag.id),
        "src": tag.src,
        "displayScope": tag.display_scope,
        "cache": False,
        "createdAt": moment(tag.created_at),
        "updatedAt": moment(tag.created_at),
    }


def _no_script(field: list[str], message: str) -> dict[str, Any]:
    return {"scriptTag": None, "userErrors": [{"field": field or None, "message": message}]}


def _address_error(caller: Caller, topic: str, address: str) -> str:
    if not address:
        return "Address can't be blank"
    if len(address) > LONGEST_ADDRESS:
        return "Address is too big (maximum is 64 KB)"
    if not urlsplit(address).hostname:
        return "Address is invalid"
    if not _secure_enough(address):
        return f"Address protocol {urlsplit(address).scheme}:// is not supported"
    if any(s.topic == topic and s.uri == address for s in subscriptions(caller.session)):
        return "Address for this topic has already been taken"
    return ""


def _secure_enough(address: str) -> bool:
    """HTTPS; or HTTP to this very machine, because that is where a demo lives."""
    parts = urlsplit(address)
    if parts.scheme == "https":
        return True
    return parts.scheme == "http" and _is_here(parts.hostname or "")


def _is_here(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False
