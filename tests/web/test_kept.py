"""Answers that are kept: the same for as long as they are true, and for nobody else."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.look import Corner, Icon, Look
from app.domain.program import Expiry, ExpiryKind
from app.domain.text import text
from app.loyalty.publish import publish
from app.models.look import keep_look
from app.models.shop import Shop
from tests.builders import a_program, an_order, settled
from tests.databases import NOON
from tests.statements import statements_of
from tests.web.signing import OTHER_SHOP, SHOP, proxied

EXPIRING = a_program(expiry=Expiry(kind=ExpiryKind.PER_LOT_DAYS, count=10))


@pytest.fixture
def asked(client, database):
    """Asks as the widget does; says what came, and whether more than the stamp was asked for."""

    def asked(headers=None, **facts):
        facts = {"timestamp": str(int(datetime.now(UTC).timestamp()))} | facts
        with statements_of(database) as statements:
            answer = client.get(proxied("/proxy/me", **facts), headers=headers)
        return answer, len(statements) == 0

    return asked


def test_the_same_question_is_answered_from_memory_with_the_same_bytes(asked, install):
    install(SHOP, an_order())

    first, was_kept = asked()
    again, is_kept = asked()

    assert (was_kept, is_kept) == (False, True)
    assert again.data == first.data
    assert dict(again.headers) == dict(first.headers)


def test_who_has_the_answer_already_is_only_told_so(asked, install):
    install(SHOP, an_order())
    tag = asked()[0].headers["ETag"]

    for known in (tag, f'"other", W/{tag}'):
        answer, _ = asked(headers={"If-None-Match": known})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", tag)
    assert asked(headers={"If-None-Match": '"other"'})[0].status_code == 200


def test_who_asks_for_the_head_alone_is_told_no_tag_of_another_answer(asked, client, install):
    install(SHOP, an_order())
    tag = asked()[0].headers["ETag"]
    empty = f'"{hashlib.sha256(b"").hexdigest()[:32]}"'

    for known in ({}, {"If-None-Match": empty}):
        head = client.head(proxied("/proxy/me"), headers=known)
        assert (head.status_code, head.headers.get("ETag", tag)) == (200, tag)


def test_an_order_is_seen_at_once(asked, install, database):
    shop = install(SHOP, an_order())
    tag = asked()[0].headers["ETag"]

    with database.transaction() as session:
        settled(session, session.get_one(Shop, shop.id), an_order("1002"))
    answer, _ = asked(headers={"If-None-Match": tag})

    assert answer.status_code == 200
    assert answer.json["member"]["balance"] == 240


def test_a_first_order_makes_a_member_of_who_had_none(asked, install, database):
    shop = install(SHOP)
    assert asked()[0].json["member"]["balance"] == 0

    with database.transaction() as session:
        settled(session, session.get_one(Shop, shop.id), an_order())

    assert asked()[0].json["member"]["balance"] == 120


def test_points_are_over_at_their_instant_though_nobody_noted_it(asked, install, noon):
    install(SHOP, an_order(), program=EXPIRING)
    noon.shift(timedelta(days=10, seconds=-30))
    assert asked()[0].json["member"]["balance"] == 120

    noon.shift(timedelta(seconds=30))

    assert asked()[0].json["member"]["balance"] == 0


def test_nobody_elses_answer_is_given(asked, install):
    install(SHOP, an_order())
    install(OTHER_SHOP, an_order(), an_order("1002"))
    asked()

    balances = [
        asked(**facts)[0].json["member"]["balance"]
        for facts in ({"customer": "8"}, {"shop": OTHER_SHOP}, {})
    ]

    assert balances == [0, 240, 120]


def test_who_is_not_signed_gets_nothing_that_is_kept(asked, client, install):
    install(SHOP, an_order())
    asked()

    answer = client.get(proxied("/proxy/me").replace("signature=", "signature=0"))

    assert (answer.status_code, b"balance" in answer.data) == (401, False)


def test_languages_are_kept_apart(asked, install):
    install(SHOP, an_order())

    said = [asked(locale=locale)[0].json["locale"] for locale in ("da", "en", "da")]

    assert said == ["da", "en", "da"]


def test_what_the_merchant_changes_is_seen_at_once(asked, install, database):
    shop = install(SHOP, an_order())
    asked()

    with database.transaction() as session:
        mine = session.get_one(Shop, shop.id)
        keep_look(mine, Look("#224466", Corner.START, Icon.STAR, {"en": "Club"}, {}))
    look = asked()[0].json["look"]
    with database.transaction() as session:
        mine = session.get_one(Shop, shop.id)
        publish(session, mine, a_program(name=text("Club of stars")), author="me", at=NOON)
    name = asked()[0].json["program"]["name"]
    with database.transaction() as session:
        session.get_one(Shop, shop.id).state = "left"

    assert (look["texts"], name) == ({"title": "Club"}, "Club of stars")
    assert asked()[0].json["live"] is False
