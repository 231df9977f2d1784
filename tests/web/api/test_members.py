"""What a tool reads of members, gives them by hand, and what is left when they or the shop go."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.domain.holdout import Arm
from app.domain.rules import ActionKind, ActionRule
from app.loyalty.erase import erase, erase_shop
from app.loyalty.join import join
from app.loyalty.publish import publish
from app.models.api_key import Scope, keys_of, revoke_all
from tests.builders import a_program
from tests.databases import NOON
from tests.loyalty.test_holdout import customers
from tests.web.api.conftest import REVIEW
from tests.web.api.tool import Tool
from tests.web.signing import SHOP, proxied


def test_points_by_hand_are_given_once_noted_and_explained(client, database, shop, tool):
    first, again = tool.adjusts(50), tool.adjusts(50)

    assert first.json == {"points": 50, "again": False, "reason": None}
    assert again.json == {"points": 50, "again": True, "reason": None}
    assert tool.reads("members/7").json["balance"] == 170


def test_more_than_there_is_is_not_taken(tool):
    refused = tool.adjusts(-121)

    assert (refused.status_code, refused.json["code"]) == (409, "not_enough_points")
    assert tool.adjusts(-120, "a2").json["points"] == -120
    assert tool.reads("members/7").json["balance"] == 0


def test_a_member_is_shown_as_they_see_themselves(tool):
    member = tool.reads("members/7").json

    assert member["customer_id"] == "7"
    assert (member["balance"], member["pending"], member["tier"]) == (120, 0, None)
    assert member["expiring"] is None
    assert tool.reads("members/7%00").status_code == 404


@pytest.mark.parametrize(
    ("key", "body", "said"),
    [
        (None, b"{}", "Headeren Idempotency-Key skal have 1 til 128 almindelige tegn."),
        ("k1", b"{", "Indholdet er ikke JSON."),
        ("k1", b"[]", "Indholdet er ikke et JSON-objekt."),
    ],
)
def test_what_cannot_be_read_is_said_in_the_language_of_the_asker(client, tool, key, body, said):
    headers = tool.headers | {"Accept-Language": "da", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": key} if key else {}

    refused = client.post("/api/v1/deeds", data=body, headers=headers)

    assert (refused.status_code, refused.json["detail"]) == (400, said)


def test_before_the_program_goes_live_nobody_is_shown_and_points_can_be_given(tool, in_shop):
    in_shop(publish, a_program(live=False), author="test", at=NOON)

    assert tool.reads("members/7").status_code == 404
    assert tool.adjusts(5).json["points"] == 5


def test_who_is_forgotten_is_not_found(tool, in_shop):
    tool.tells("r1")
    in_shop(erase, customer_id="7", email_hash=None, at=NOON)

    assert tool.reads("members/7").status_code == 404
    assert tool.tells("r1").status_code == 404


def test_who_is_held_out_is_found_by_no_question_and_no_deed(tool, in_shop, shop, noon):
    whose = {"customer_id": customers(shop, Arm.HOLDOUT)[0]}

    def after(hours, percent):
        program = a_program(actions=(REVIEW,), holdout_percent=percent)
        noon.move_to(NOON + timedelta(hours=hours))
        in_shop(publish, program, author="test", at=NOON + timedelta(hours=hours))

    def answers(key):
        asked = tool.reads(f"members/{whose['customer_id']}")
        told = [asked, tool.tells(key, **whose), tool.adjusts(5, key, **whose)]
        return {(one.status_code, one.json.get("code")) for one in told}

    after(0, percent=20)
    in_shop(join, **whose, email_hash=None, at=NOON)
    assert answers("r1") == {(404, "unknown_member")}
    after(1, percent=0)
    assert answers("r1") == {(200, None)}
    after(2, percent=20)
    assert answers("r2") == {(404, "unknown_member")}
    for again in (tool.tells("r1", **whose), tool.adjusts(5, "r1", **whose)):
        assert again.json["again"] is True, "What was told once is answered the same for good."


def test_the_keys_of_a_shop_go_with_it(database, shop, tool, in_shop):
    in_shop(erase_shop, at=NOON)

    with database.reading() as session:
        assert keys_of(session, shop.id) == []
    assert tool.reads("actions").status_code == 401


def test_deeds_that_a_tool_tells_are_promised_as_long_as_one_may(client, database, install):
    kinds = (ActionKind.REVIEW, ActionKind.NEWSLETTER, ActionKind.SURVEY, ActionKind.SOCIAL)
    kinds += (ActionKind.BIRTHDAY, ActionKind.CUSTOM)
    actions = tuple(ActionRule(code=kind.value, kind=kind, points=50) for kind in kinds)
    shop = install(SHOP, program=a_program(actions=actions, earning=()))

    def promised(locale="en"):
        # An answer is kept for a minute under its own address.
        asked = {"locale": locale, "new": str(uuid4())}
        program = client.get(proxied("/proxy/me", **asked)).json["program"]
        return [way["text"] for way in program["earn"]]

    assert promised() == ["50 points on your birthday"]
    Tool(client, database, shop, scopes=[Scope.READ_MEMBERS], name="Till")
    assert promised() == ["50 points on your birthday"]
    Tool(client, database, shop, scopes=[Scope.TELL_DEEDS])
    assert promised() == [
        "50 points for a review",
        "50 points for joining our newsletter",
        "50 points for answering a survey",
        "50 points for following or sharing us",
        "50 points on your birthday",
    ]
    assert len(promised("da")) == 5
    with database.transaction() as session:
        revoke_all(session, shop.id, at=NOON)
    assert promised() == ["50 points on your birthday"]
