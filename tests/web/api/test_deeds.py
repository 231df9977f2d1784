"""What a tool tells and asks: deeds once by their key, points by hand, where a member stands."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.domain.rules import ActionRule
from app.loyalty.join import join
from app.loyalty.merge import merge
from app.loyalty.publish import publish
from app.loyalty.verify import verify
from app.models.api_key import Scope
from app.models.shop import Shop
from app.vault import Vault
from tests.builders import a_program, an_order, balance, settled
from tests.databases import NOON
from tests.web.api.conftest import REVIEW
from tests.web.api.tool import Tool
from tests.web.conftest import some_settings
from tests.web.signing import OTHER_SHOP, SHOP

ADA = "ada@example.dk"


def hashed(email, domain=SHOP):
    settings = some_settings()
    return Vault(settings.seal_keys, settings.hash_key).fingerprint(domain, email)


def test_a_deed_that_is_told_twice_gives_points_once_and_the_same_answer(tool):
    first, again = tool.tells(), tool.tells()

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json == {"points": 150, "again": False, "reason": None}
    assert again.json == {"points": 150, "again": True, "reason": None}
    assert tool.reads("members/7").json["balance"] == 270


def test_of_many_who_tell_a_deed_at_once_one_gives_points(web, database, shop, tool):
    def tells(_number):
        return Tool.tells(_with_client_of_its_own(web, tool)).json

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(tells, range(8)))

    assert [one["points"] for one in told] == 8 * [150]
    assert sorted(one["again"] for one in told) == [False, *7 * [True]]
    with database.reading() as session:
        assert balance(session, shop) == 270
        assert verify(session, session.get_one(Shop, shop.id)).differences == ()


def _with_client_of_its_own(web, tool):
    other = object.__new__(Tool)
    other.key, other.client = tool.key, web.test_client()
    return other


def test_a_limit_of_a_day_holds_and_is_said_and_is_over_the_next_day(tool, noon):
    for key in ("r1", "r2"):
        assert tool.tells(key).json["points"] == 150

    third = tool.tells("r3")
    noon.shift(timedelta(days=1))

    assert third.status_code == 200
    assert third.json["points"] == 0
    assert third.json["reason"] == "review has given points 2 of 2 times today."
    assert tool.tells("r3").json == {"points": 150, "again": False, "reason": None}


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        ({"per_lifetime": 1}, "review has given points 1 of 1 times."),
        ({"budget_points": 150}, "The budget of review is used up."),
    ],
)
def test_other_limits_are_said_too(client, database, install, limits, reason):
    action = ActionRule(code="review", points=150, **limits)
    tool = Tool(client, database, install(SHOP, an_order(), program=a_program(actions=(action,))))
    tool.tells("r1")

    assert tool.tells("r2").json == {"points": 0, "again": False, "reason": reason}


def test_a_deed_of_who_is_known_by_an_address(tool, in_shop):
    in_shop(join, customer_id="8", email_hash=hashed(ADA), at=NOON)

    assert tool.tells(email=f" {ADA.upper()} ").json["points"] == 150
    assert tool.sends("lookups", email=ADA).json["customer_id"] == "8"
    assert tool.sends("lookups", email=ADA).json["balance"] == 150


def test_a_guest_is_no_member_yet(tool, in_shop):
    guest = an_order("2", customer_id=None, email_hash=hashed(ADA))
    in_shop(lambda session, shop: settled(session, shop, guest))

    assert tool.tells(email=ADA).status_code == 404
    assert tool.sends("lookups", email=ADA).status_code == 404


@pytest.mark.parametrize(
    "whose",
    [
        pytest.param({"customer_id": "99"}, id="nobody"),
        pytest.param({"customer_id": "71"}, id="another shop's customer"),
        pytest.param({"email": "nobody@example.dk"}, id="an address of nobody"),
        pytest.param({"email": ADA}, id="an address of another shop's customer"),
    ],
)
def test_nobody_but_the_shops_own_members_is_found(install, database, tool, whose):
    other = install(OTHER_SHOP, an_order(customer_id="71"))
    with database.transaction() as session:
        theirs = {"customer_id": "72", "email_hash": hashed(ADA, OTHER_SHOP), "at": NOON}
        join(session, session.get_one(Shop, other.id), **theirs)

    refused = [tool.tells(**whose), tool.adjusts(5, **whose)]
    if "email" in whose:
        refused.append(tool.sends("lookups", **whose))
    else:
        refused.append(tool.reads(f"members/{whose['customer_id']}"))

    assert {(one.status_code, one.json["code"]) for one in refused} == {(404, "unknown_member")}


def test_the_same_keys_in_two_shops_are_two_deeds(client, database, install, tool):
    other = install(OTHER_SHOP, an_order(), program=a_program(actions=(REVIEW,)))
    elsewhere = Tool(client, database, other)

    assert [tool.tells().json["again"], elsewhere.tells().json["again"]] == [False, False]
    assert [tool.adjusts(5).json["again"], elsewhere.adjusts(5).json["again"]] == [False, False]
    assert elsewhere.reads("members/7").json["balance"] == 275


def test_one_key_for_two_members_is_refused(tool, in_shop):
    in_shop(join, customer_id="8", email_hash=None, at=NOON)
    tool.tells("r1")
    tool.adjusts(5, "a1")

    refused = [tool.tells("r1", customer_id="8"), tool.adjusts(5, "a1", customer_id="8")]
    refused.append(tool.adjusts(6, "a1"))

    codes = {(one.status_code, one.json["code"]) for one in refused}
    assert codes == {(422, "request_key_reused")}
    assert refused[0].json["detail"] == "This Idempotency-Key was used before, for something else."
    assert tool.reads("members/8").json["balance"] == 0


def test_a_deed_of_who_has_become_another_is_still_the_same(tool, in_shop):
    tool.tells("r1")
    in_shop(join, customer_id="8", email_hash=None, at=NOON)
    in_shop(merge, kept_id="8", gone_id="7", at=NOON)

    assert tool.tells("r1", customer_id="8").json["again"] is True
    assert tool.tells("r1", customer_id="7").status_code == 404


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"live": False}, "program_not_live"),
        ({"paused": True}, "program_paused"),
    ],
)
def test_while_nobody_earns_a_tool_may_tell_it_later(tool, in_shop, changes, code):
    tool.tells("r1")
    closed = a_program(actions=(REVIEW,), **changes)
    in_shop(publish, closed, author="test", at=NOON)

    refused = tool.tells("r2")

    assert (refused.status_code, refused.json["code"]) == (409, code)
    assert tool.tells("r1").json["points"] == 150
    assert tool.reads("actions").json == {"actions": []}


@pytest.mark.parametrize("action", ["dance", "birthday"])
def test_what_is_not_rewarded_or_needs_nobody_to_tell_it_is_refused(tool, action):
    refused = tool.tells(action=action)

    assert (refused.status_code, refused.json["code"]) == (404, "unknown_action")
    assert [one["action"] for one in tool.reads("actions").json["actions"]] == ["review"]


def test_the_actions_are_told_with_their_limits(tool):
    (action,) = tool.reads("actions").json["actions"]

    assert action == {
        "action": "review",
        "kind": "review",
        "points": 150,
        "per_day": 2,
        "per_lifetime": None,
    }


MISTAKES = (
    ("deeds", {"action": "review"}, "#/customer_id"),
    ("deeds", {"action": "review", "customer_id": "7", "email": ADA}, "#/customer_id"),
    ("deeds", {"customer_id": "7"}, "#/action"),
    ("deeds", {"customer_id": 7, "action": "review"}, "#/customer_id"),
    ("deeds", {"customer_id": "7\0", "action": "review"}, "#/customer_id"),
    ("adjustments", {"customer_id": "7", "points": 0, "note": "x"}, "#/points"),
    ("adjustments", {"customer_id": "7", "points": 1.5, "note": "x"}, "#/points"),
    ("adjustments", {"customer_id": "7", "points": 1_000_001, "note": "x"}, "#/points"),
    ("adjustments", {"customer_id": "7", "points": 5, "note": ""}, "#/note"),
    ("lookups", {"email": ""}, "#/email"),
)


def test_a_mistake_is_told_with_its_place(tool):
    for path, body, wrong in MISTAKES:
        refused = tool.sends(path, "k1", **body)

        assert (refused.status_code, refused.json["code"]) == (422, "invalid_request")
        assert [one["pointer"] for one in refused.json["errors"]] == [wrong]
    assert tool.reads("members/7").json["balance"] == 120


def test_one_key_is_one_deed_of_each_action_and_one_adjustment(client, database, install):
    actions = (REVIEW, ActionRule(code="survey", points=5))
    tool = Tool(client, database, install(SHOP, an_order(), program=a_program(actions=actions)))

    told = [tool.tells("k1"), tool.tells("k1", action="survey", customer_id="7")]
    told.append(tool.adjusts(7, "k1"))

    assert [(one.json["points"], one.json["again"]) for one in told] == [
        (150, False),
        (5, False),
        (7, False),
    ]


def test_who_may_only_tell_deeds_learns_no_balance(client, database, shop):
    tool = Tool(client, database, shop, scopes=[Scope.TELL_DEEDS])

    assert tool.tells().json.keys() == {"points", "again", "reason"}
    assert tool.reads("members/7").status_code == 403
