"""What the app keeps with customers: written all or not at all, and printed by the theme."""

import pytest

ASTRID, BJORN = "gid://shopify/Customer/7100000001", "gid://shopify/Customer/7100000002"
NOBODY = "gid://shopify/Customer/1"
SET = """
mutation Set($fields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $fields) { metafields { key value } userErrors { field code message } }
}
"""
KEPT = """
query Kept($id: ID!) {
  customer(id: $id) { metafield(key: "balance") { namespace key type value } }
}
"""


def points(owner, value, **changes):
    facts = {"ownerId": owner, "key": "balance", "type": "number_integer", "value": value}
    return facts | changes


def kept(app, owner):
    return app.data(KEPT, id=owner)["customer"]["metafield"]


def account(client):
    client.post("/login", data={"persona": "astrid"})
    client.post("/language", data={"language": "sv"})
    return client.get("/account").text


def test_a_field_is_kept_and_written_over(installed):
    installed.data(SET, fields=[points(ASTRID, "120", namespace="$app"), points(BJORN, "7")])
    written = installed.data(SET, fields=[points(ASTRID, "-5")])["metafieldsSet"]

    assert written == {"metafields": [{"key": "balance", "value": "-5"}], "userErrors": []}
    assert kept(installed, ASTRID) == {
        "namespace": "$app",
        "key": "balance",
        "type": "number_integer",
        "value": "-5",
    }
    assert kept(installed, BJORN)["value"] == "7"


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        (points(NOBODY, "1"), "ownerId", "INVALID"),
        (points(BJORN, "1", type="boolean"), "type", "INVALID_TYPE"),
        (points(BJORN, "a lot"), "value", "INVALID_VALUE"),
    ],
)
def test_one_mistake_keeps_all_from_being_written(installed, wrong, field, code):
    answer = installed.data(SET, fields=[points(ASTRID, "120"), wrong])["metafieldsSet"]

    assert answer["metafields"] is None
    assert [(one["field"], one["code"]) for one in answer["userErrors"]] == [
        (["metafields", "1", field], code)
    ]
    assert kept(installed, ASTRID) is None


def test_more_than_25_are_refused(installed):
    answer = installed.call(SET, fields=[points(ASTRID, str(n)) for n in range(26)])

    assert answer.json["errors"][0]["extensions"]["code"] == "MAX_INPUT_SIZE_EXCEEDED"
    assert kept(installed, ASTRID) is None


def test_the_theme_prints_it_where_the_app_embed_is_on(installed, client):
    installed.data(SET, fields=[points(ASTRID, "120")])

    off = account(client)
    client.post("/admin/themes/current/editor", data={"app_embed": "on"})
    on = account(client)
    client.post("/admin/apps/uninstall")
    gone = account(client)

    said = "Du har 120 poäng."
    assert (said in off, said in on, said in gone) == (False, True, False)
