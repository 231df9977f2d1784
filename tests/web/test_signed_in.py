"""The list of sessions: each one, where it is and since when; and ending one, or all others."""

import re
from datetime import timedelta

import pytest
import time_machine

from app.loyalty.erase import erase_shop
from app.models.shop import Shop
from app.models.sign_in import sign_ins
from app.models.sign_out import EVERYBODY, note_sign_out, was_signed_out
from app.web.browsers import browser_named
from app.web.sessions import IDLE, LASTS, NOTED_AFTER, PROVED
from tests.databases import NOON
from tests.statements import statements_of
from tests.web.admin.merchant import HERE, Merchant
from tests.web.signing import OTHER_SHOP, SHOP
from tests.web.test_embedded import bearer, inside
from tests.web.test_frames import browser, csrf, forgetful
from tests.web.test_sessions import BRIEFLY, merchant

__all__ = ["browser", "forgetful", "inside", "merchant"]

TEAM = "/admin/settings/team"
ONE = f"{TEAM}/sessions/sign-out"
OTHERS = f"{TEAM}/sessions/sign-out-others"
WRITES = ("INSERT", "UPDATE", "DELETE")
ON_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; rv:144.0) Gecko/20100101 Firefox/144.0"
ON_A_PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
)


def elsewhere(merchant, database, agent=ON_A_PHONE, shop=None):
    """The merchant of the same shop, or of another one, in another browser."""
    other = merchant.client.application.test_client()
    other.environ_base.update(merchant.client.environ_base | {"HTTP_USER_AGENT": agent})
    there = Merchant(other, database, shop or merchant.shop)
    there.sees("/admin/")
    return there


def listed(page):
    """The sessions on the page of the team, each as its text."""
    table = page.partition('id="signed-in"')[2]
    rows = re.findall(r"<tr>\s*<td>(.*?)</tr>", table, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def names_on(page):
    """The names of the sessions that can be ended there."""
    return re.findall(r'name="session" value="([^"]+)"', page)


def test_each_session_is_told_with_its_browser_and_this_one_is_marked(merchant, database, noon):
    merchant.client.environ_base["HTTP_USER_AGENT"] = ON_WINDOWS
    merchant.sees("/admin/")
    noon.shift(timedelta(minutes=3))
    elsewhere(merchant, database)

    there, here = listed(merchant.sees(TEAM))

    assert here.startswith(f"Firefox, Windows This one {SHOP} 3 minutes ago")
    assert "Sign out" not in here
    assert there.startswith(f"Safari, iPhone {SHOP}")
    assert "This one" not in there
    assert "Sign out" in there


def test_one_session_is_ended_once_and_no_other(merchant, database):
    second, third = (elsewhere(merchant, database) for _ in range(2))
    merchant.sees("/admin/")
    [its_name] = set(names_on(merchant.sees(TEAM))) - set(names_on(second.sees(TEAM)))
    # What this one may end and the second may not is the second itself; the third may be ended
    # by both.
    for _twice in range(2):
        merchant.sends(ONE, session=its_name)

    assert second.client.get("/admin/").status_code == 401
    third.sees("/admin/")
    assert its_name not in merchant.sees(TEAM)
    assert merchant.sees("/admin/settings/audit").count(f"Ended a session of {SHOP}") == 1


def test_ones_own_session_ends_as_by_signing_out(merchant, database):
    other = elsewhere(merchant, database)
    merchant.sees("/admin/")
    [own] = set(names_on(merchant.sees(TEAM))) - set(names_on(other.sees(TEAM)))
    copied = other.client.get_cookie("__Host-stamkunde").value

    assert "You are signed out" in other.sends(ONE, 200, session=own).text

    other.client.set_cookie("__Host-stamkunde", copied, secure=True)
    assert other.client.get("/admin/").status_code == 401


def test_all_other_sessions_end_and_with_them_copies_of_this_one(merchant, database, noon):
    others = [elsewhere(merchant, database) for _ in range(2)]
    copied = merchant.client.get_cookie("__Host-stamkunde").value

    for _twice in range(2):
        merchant.sends(OTHERS)

    assert [one.client.get("/admin/").status_code for one in others] == [401, 401]
    assert len(listed(merchant.sees(TEAM))) == 1
    assert "Ended all sessions but their own" in merchant.sees("/admin/settings/audit")
    others[0].client.set_cookie("__Host-stamkunde", copied, secure=True)
    assert others[0].client.get("/admin/").status_code == 401
    noon.shift(BRIEFLY)
    elsewhere(merchant, database).sends(OTHERS)
    assert merchant.client.get("/admin/").status_code == 401, "It was spared once, not for ever."


def test_who_ends_all_others_goes_on_while_the_clock_does(merchant, database):
    other = elsewhere(merchant, database)

    with time_machine.travel(NOON, tick=True):
        merchant.sends(OTHERS)

        assert "All other sessions are over." in merchant.sees(TEAM)
        assert other.client.get("/admin/").status_code == 401


def test_of_two_who_end_sessions_at_once_the_later_moment_stays(merchant, database):
    shop_id, later = merchant.shop.id, NOON + 2 * BRIEFLY

    for at in (later, NOON):
        with database.transaction() as session:
            note_sign_out(session, shop_id, EVERYBODY, at=at, before=NOON - LASTS)

    with database.reading() as session:
        began = {"since": NOON + BRIEFLY, "spared_at": None}
        assert was_signed_out(session, shop_id, ["session:1"], **began)


def test_another_shops_sessions_are_neither_seen_nor_ended(merchant, database, install):
    neighbor = elsewhere(merchant, database, shop=install(OTHER_SHOP))
    elsewhere(neighbor, database, shop=neighbor.shop)
    [name] = names_on(neighbor.sees(TEAM))
    merchant.sees("/admin/")

    merchant.sends(ONE, session=name)
    merchant.sends(OTHERS)

    assert len(listed(merchant.sees(TEAM))) == 1
    assert names_on(neighbor.sees(TEAM)) == [name]


def test_who_signed_in_a_while_ago_in_a_window_proves_it_first(merchant, database, noon):
    noon.shift(PROVED)
    other = elsewhere(merchant, database)
    page = merchant.sees(TEAM)

    for path, said in ((ONE, {"session": "session:1"}), (OTHERS, {}), (f"{TEAM}/sign-out", {})):
        merchant.sends(path, **{"author": SHOP} | said)

    assert "this takes a sign-in of the last fifteen minutes" in page
    assert names_on(page) == []
    assert "/sign-out-others" not in page
    other.sees("/admin/")
    assert "and end sessions then" in merchant.sees(TEAM)


def test_inside_the_admin_its_token_is_the_proof(inside, noon):
    second = inside.application.test_client()
    second.environ_base.update(inside.environ_base)
    inside.get("/admin/")
    noon.shift(PROVED)
    at = int((NOON + PROVED).timestamp())
    inside.get("/admin/session", headers=bearer(iat=at, nbf=at, exp=at + 60))

    sent = {"csrf_token": csrf(inside)}
    ended = inside.post(OTHERS, data=sent, headers=HERE)

    assert ended.status_code == 303
    assert "All other sessions are over." in inside.get(TEAM).text


def test_looking_at_pages_writes_only_every_few_minutes(merchant, database, noon):
    merchant.sees("/admin/")
    with statements_of(database) as statements:
        for _page in range(3):
            noon.shift(NOTED_AFTER / 4)
            merchant.sees("/admin/members")
    assert [one for one, _ in statements.sent if one.startswith(WRITES)] == []

    noon.shift(NOTED_AFTER / 4)
    merchant.sees("/admin/members")

    [told] = listed(merchant.sees(TEAM))
    assert "5 minutes ago 1 second ago" in told, "It began then, and was used just now."


def test_a_browser_that_keeps_no_cookie_fills_no_list(forgetful, database):
    for _page in range(3):
        page = forgetful.get(TEAM, headers=bearer()).text

    assert listed(page) == []


def test_what_is_over_is_not_told_and_soon_forgotten(merchant, database, noon):
    merchant.sees("/admin/")
    noon.shift(IDLE)
    second = elsewhere(merchant, database)
    assert len(listed(second.sees(TEAM))) == 1

    noon.shift(LASTS + BRIEFLY)
    elsewhere(merchant, database)

    shop, now = merchant.shop, NOON + IDLE + LASTS + BRIEFLY
    with database.reading() as session:
        kept = sign_ins(session, shop.id, began_since=NOON, seen_since=NOON - BRIEFLY, limit=9)
    assert [one.began_at for one in kept] == [now]
    with database.transaction() as session:
        erase_shop(session, session.get_one(Shop, shop.id), at=now)
    with database.reading() as session:
        assert not sign_ins(session, shop.id, began_since=NOON, seen_since=NOON - BRIEFLY, limit=9)


def test_who_signs_out_is_off_the_list(merchant, database):
    other = elsewhere(merchant, database)
    merchant.sees("/admin/")

    other.sends("/admin/sign-out", 200)

    assert len(listed(merchant.sees(TEAM))) == 1


@pytest.mark.parametrize(
    ("agent", "told"),
    [
        (ON_WINDOWS, "Firefox, Windows"),
        (ON_A_PHONE, "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/141.0 Safari/537.36 Edg/141.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/141.0 Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_told_in_a_word_or_two(agent, told):
    assert browser_named(agent) == told
