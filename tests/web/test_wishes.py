"""How often shoppers may change something: per member and per shop, in their language."""

from datetime import timedelta

import pytest

from app.domain.rules import ActionKind, ActionRule
from app.domain.text import LOCALES
from app.web.storefront.wishes import OF_A_MEMBER, OF_A_SHOP
from tests.builders import a_program, an_order
from tests.databases import NOON
from tests.web.signing import OTHER_SHOP, SHOP, proxied
from tests.web.test_loyalty_page import sent, token

TOO_OFTEN = "That was a little too often. Please wait a minute."


def wishes(client, times, *, customer="7", path="/proxy/redemptions", **asked):
    """The answers to so many wishes for something that nobody can have."""
    for number in range(times):
        answer = client.post(
            proxied(path, customer=customer, **asked),
            json={"reward": "nothing"},
            headers={"Idempotency-Key": f"k{number}"},
        )
    return answer


def use_up(client, limit, *names):
    """Have so many wishes been counted already."""
    client.application.extensions["stamkunde_wishes"].hit(limit, *names, cost=limit.amount)


def test_a_member_who_asks_too_often_waits(client, install, noon):
    install()
    allowed = wishes(client, OF_A_MEMBER.amount)

    refused = wishes(client, 1)
    told = refused.json["code"], int(refused.headers["Retry-After"])
    noon.shift(timedelta(seconds=told[1]))
    later = str(int((NOON + timedelta(seconds=told[1])).timestamp()))

    assert allowed.status_code == 404
    assert refused.status_code == 429
    assert told[0] == "too_many_requests"
    assert 1 <= told[1] <= 60
    assert wishes(client, 1, timestamp=later).status_code == 404


def test_one_members_wishes_are_no_other_members(client, install):
    install()
    install(OTHER_SHOP)
    use_up(client, OF_A_MEMBER, SHOP, "7")

    assert wishes(client, 1).status_code == 429
    assert wishes(client, 1, customer="8").status_code == 404
    assert wishes(client, 1, shop=OTHER_SHOP).status_code == 404


def test_all_members_of_a_shop_together_have_a_limit_too(client, install):
    install()
    install(OTHER_SHOP)
    use_up(client, OF_A_SHOP, SHOP)

    assert wishes(client, 1, customer="8").status_code == 429
    assert wishes(client, 1, customer="8", shop=OTHER_SHOP).status_code == 404


def test_guests_are_refused_and_keep_nobody_out(client, install):
    install()

    assert wishes(client, OF_A_MEMBER.amount + 1, customer="").status_code == 403
    assert wishes(client, 1).status_code == 404


def test_looking_is_not_limited(client, install):
    install()
    use_up(client, OF_A_MEMBER, SHOP, "7")

    assert client.get(proxied("/proxy/me")).status_code == 200


@pytest.mark.parametrize("locale", LOCALES)
def test_who_waits_is_told_so_in_their_language(client, install, locale):
    install()
    use_up(client, OF_A_MEMBER, SHOP, "7")

    refused = wishes(client, 1, locale=locale)

    told = refused.json["message"]
    assert (told == TOO_OFTEN) == (locale == "en")


def test_the_page_without_scripts_says_it_above_itself(client, install):
    birthday = ActionRule(code="birthday", kind=ActionKind.BIRTHDAY, points=200)
    install(SHOP, an_order(), program=a_program(actions=(birthday,)))
    use_up(client, OF_A_MEMBER, SHOP, "7")

    refused = sent(client, "birthday", {"token": token(client), "month": "5", "day": "5"})

    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert refused.mimetype == "text/html"
    assert TOO_OFTEN in refused.text
