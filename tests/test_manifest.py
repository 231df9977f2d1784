"""The manifest, its schema, and what is generated from it."""

from copy import deepcopy

import pytest
from jsonschema import Draft202012Validator

from app.manifest.check import listed_routes, problems, subscribed_topics
from app.manifest.document import SHOPIFY_TOML, load_manifest, schema
from app.manifest.operations import UnknownField, scopes_of, scopes_of_operations
from app.manifest.shopify_toml import read_shopify_toml, shared_with_shopify, shopify_toml
from app.platforms.shopify.webhooks import PRIVACY_TOPICS, TOPICS
from tests.source import ROOT


@pytest.fixture
def manifest():
    """A copy of the real manifest, for a test to spoil."""
    return deepcopy(load_manifest())


def wrong_with(manifest, **code):
    """The problems of a manifest whose code agrees with the real one, but for what is said."""
    real = load_manifest()
    agreed = {
        "routes": listed_routes(real),
        "topics": subscribed_topics(real),
        "operations_scopes": {
            scope["name"] for kind in ("required", "optional") for scope in real["scopes"][kind]
        },
    }
    return problems(manifest, **agreed | code)


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(schema())


def test_a_manifest_that_says_what_the_code_does_has_no_problems(manifest):
    assert wrong_with(manifest) == []


def test_a_route_nobody_listed_is_a_problem(manifest):
    routes = listed_routes(manifest) | {("GET", "/secret"): None}

    assert wrong_with(manifest, routes=routes) == [
        "GET /secret is a route that the manifest does not list."
    ]


def test_a_listed_route_that_is_not_there_is_a_problem(manifest):
    manifest["requests"].append({"method": "GET", "path": "/gone", "auth": "public"})

    assert wrong_with(manifest) == ["GET /gone is listed, but no such route exists."]


def test_a_route_that_knows_its_caller_another_way_is_a_problem(manifest):
    routes = listed_routes(manifest) | {("POST", "/webhooks"): "public"}

    assert wrong_with(manifest, routes=routes) == [
        "POST /webhooks is listed as webhook, but it is public."
    ]


def test_a_topic_that_nothing_handles_is_a_problem(manifest):
    topics = subscribed_topics(manifest) - {"orders/paid"} | {"carts/update"}

    assert wrong_with(manifest, topics=topics) == [
        "orders/paid is subscribed to, but nothing handles it.",
        "carts/update is handled, but not subscribed to.",
    ]


def test_a_scope_without_use_is_a_problem(manifest):
    scopes = manifest["scopes"]
    needed = {scope["name"] for scope in (*scopes["required"], *scopes["optional"])}
    needed = needed - {"write_script_tags"} | {"write_themes"}

    assert wrong_with(manifest, operations_scopes=needed) == [
        "write_script_tags is asked for, but nothing uses it.",
        "write_themes is used, but not asked for.",
    ]


def test_a_topic_that_needs_a_scope_is_a_use_of_it(manifest):
    hooks = next(each for each in manifest["webhooks"] if "customers/merge" in each["topics"])
    hooks["topics"].remove("customers/merge")

    topics, used = subscribed_topics(manifest), scopes_of_operations()

    assert wrong_with(manifest, topics=topics, operations_scopes=used) == [
        "read_customer_merge is asked for, but nothing uses it.",
    ]


def test_a_topic_without_its_scope_is_a_problem(manifest):
    scopes = manifest["scopes"]["required"]
    scopes[:] = [scope for scope in scopes if scope["name"] != "read_customer_merge"]

    assert wrong_with(manifest, operations_scopes=scopes_of_operations()) == [
        "read_customer_merge is used, but not asked for.",
    ]


def test_proxy_routes_lie_under_the_proxy(manifest):
    proxied = [route for route, auth in listed_routes(manifest).items() if auth == "app_proxy"]
    manifest["proxy"]["path"] = "/elsewhere"

    assert len(wrong_with(manifest)) == len(proxied) > 0


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("name", "x" * 31, id="a name that is too long"),
        pytest.param("handle", "-stamkunde", id="a handle that starts with a hyphen"),
        pytest.param("version", "1", id="half a version"),
        pytest.param("api_version", "2026-11", id="a version the platform never made"),
        pytest.param("client_secret", "hush", id="a secret"),
        pytest.param("urls", {"app": "http://x.example", "redirect": []}, id="plain http"),
    ],
)
def test_what_does_not_fit_the_schema_is_a_problem(manifest, key, value):
    manifest[key] = value

    assert wrong_with(manifest) != []


def test_fields_left_out_of_a_webhook_must_not_be_the_time(manifest):
    manifest["webhooks"][0]["include_fields"] = ["id"]

    assert len(wrong_with(manifest)) == 1


def test_the_shopify_file_is_generated_from_the_manifest(manifest):
    assert SHOPIFY_TOML.read_text(encoding="utf-8") == shopify_toml(manifest)


def test_the_shopify_file_reads_back_as_the_manifest(manifest):
    manifest["name"] = 'Kunde "Ø"'
    manifest["webhooks"][0] |= {"include_fields": ["id", "updated_at"], "filter": "id:*"}
    manifest["privacy"]["shop_redact"] = "/webhooks/redact"

    assert read_shopify_toml(shopify_toml(manifest)) == shared_with_shopify(manifest)


def test_the_shopify_file_never_asks_for_the_closed_script_api(manifest):
    assert "write_script_tags" not in shopify_toml(manifest)


def test_scopes_are_read_from_the_operations():
    text = "query { orders(first: 1) { nodes { customer { id } } } }"

    assert set(scopes_of(text, "orders.graphql")) == {"read_orders", "read_customers"}


def test_an_operation_of_unknown_scope_is_refused():
    with pytest.raises(UnknownField, match="strange"):
        list(scopes_of("query { metaobjects { id } }", "strange.graphql"))


def test_every_scope_is_used_and_every_use_is_asked_for(manifest):
    assert wrong_with(manifest, operations_scopes=scopes_of_operations()) == []


def test_the_topics_asked_for_are_those_the_platform_is_asked_for(manifest):
    assert wrong_with(manifest, topics={*TOPICS, *PRIVACY_TOPICS}) == []


def test_every_language_has_a_catalog(manifest):
    catalogs = ROOT / "app" / "translations"
    translated = {folder.name for folder in catalogs.iterdir() if folder.is_dir()} | {"en"}

    assert translated == set(manifest["locales"])
