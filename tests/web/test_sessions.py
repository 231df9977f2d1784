"""How long a merchant's session goes on: idle, unproved, signed out here or from elsewhere."""

from datetime import timedelta

import pytest

from app.web.sessions import IDLE, PROVED
from tests.databases import NOON
from tests.web.admin.merchant import HERE, Merchant
from tests.web.signing import OTHER_SHOP, SHOP
from tests.web.test_embedded import bearer, inside
from tests.web.test_frames import asks_for_a_token, csrf, searched

__all__ = ["inside"]

BRIEFLY = timedelta(minutes=1)


@pytest.fixture
def merchant(client, database, install):
    """A merchant who has the admin open in a window of its own."""
    return Merchant(client, database, install(SHOP))


def token_of(moment, **changes):
    """What the platform's token says when it is made then."""
    at = int(moment.timestamp())
    return {"iat": at, "nbf": at, "exp": at + 60, **changes}


def test_a_session_that_nobody_uses_ends(merchant, noon):
    noon.shift(IDLE - BRIEFLY)
    merchant.sees("/admin/members")
    noon.shift(IDLE - BRIEFLY)
    merchant.sees("/admin/members")

    noon.shift(IDLE)

    assert merchant.client.get("/admin/members").status_code == 401


def test_an_open_page_does_not_keep_a_session_alive(merchant, noon):
    for _ in range(3):
        noon.shift(IDLE / 4)
        assert merchant.client.get("/admin/session").status_code == 204

    noon.shift(IDLE / 4)

    assert merchant.client.get("/admin/session").status_code == 401
    assert merchant.client.get("/admin/members").status_code == 401


def test_inside_the_admin_a_cookie_alone_is_good_for_a_quarter_of_an_hour(inside, noon):
    token = csrf(inside)
    noon.shift(PROVED - BRIEFLY)
    used = searched(inside, token)
    noon.shift(BRIEFLY)

    late_form, late_page = searched(inside, token), inside.get("/admin/members")

    assert used.status_code == 200
    assert late_form.status_code == 401
    assert late_page.status_code == 401
    assert asks_for_a_token(late_page)


def test_whom_the_platform_still_vouches_for_goes_on_with_the_forms_they_have_open(inside, noon):
    token = csrf(inside)
    noon.shift(PROVED)
    inside.get("/admin/members")

    proved = inside.get("/admin/session", headers=bearer(**token_of(NOON + PROVED)))

    assert proved.status_code == 204
    assert searched(inside, token).status_code == 200


def test_proving_begins_no_session(inside, noon):
    noon.shift(IDLE)

    proved = inside.get("/admin/session", headers=bearer(**token_of(NOON + IDLE)))

    assert proved.status_code == 401
    assert inside.get("/admin/members").status_code == 401


def test_signing_out_ends_a_session_whose_cookie_was_copied(merchant):
    copied = merchant.client.get_cookie("__Host-stamkunde").value
    answer = merchant.sends("/admin/sign-out", 200)

    merchant.client.set_cookie("__Host-stamkunde", copied, secure=True)
    again = merchant.client.get("/admin/")

    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "You are signed out" in answer.text
    assert again.status_code == 401


def test_signing_out_ends_no_other_session(merchant, database):
    other = merchant.client.application.test_client()
    other.environ_base.update(merchant.client.environ_base)
    colleague = Merchant(other, database, merchant.shop)

    merchant.sends("/admin/sign-out", 200)

    assert merchant.client.get("/admin/").status_code == 401
    colleague.sees("/admin/")


def test_signing_out_needs_a_form_of_ours(merchant):
    assert merchant.client.post("/admin/sign-out", headers=HERE).status_code == 400
    merchant.sees("/admin/")


def test_in_the_platforms_frame_its_own_button_is_the_one(inside):
    assert "/admin/sign-out" not in inside.get("/admin/members").text


@pytest.mark.parametrize("path", ["/admin/", "/admin/members", "/admin/settings/team"])
def test_a_page_by_itself_has_a_button_to_sign_out(merchant, path):
    assert 'action="/admin/sign-out"' in merchant.sees(path)


def test_a_colleague_is_signed_out_everywhere_and_nobody_else(inside, noon):
    second = inside.application.test_client()
    second.environ_base.update(inside.environ_base)
    second.get("/admin/", headers=bearer(sub="92"))
    token = csrf(inside)
    noon.shift(BRIEFLY)

    for _twice in range(2):
        sent = {"csrf_token": token, "author": "user:92"}
        answer = inside.post("/admin/settings/team/sign-out", data=sent, headers=HERE)
        assert answer.status_code == 303

    assert second.get("/admin/members").status_code == 401
    assert inside.get("/admin/members").status_code == 200
    anew = bearer(**token_of(NOON + BRIEFLY + BRIEFLY, sub="92"))
    noon.shift(BRIEFLY)
    assert second.get("/admin/members", headers=anew).status_code == 200
    assert "Signed User 92 of the shop out everywhere" in inside.get("/admin/settings/audit").text


def test_another_shops_people_are_not_signed_out(merchant, database, install):
    other = merchant.client.application.test_client()
    other.environ_base.update(merchant.client.environ_base)
    neighbor = Merchant(other, database, install(OTHER_SHOP))

    merchant.sends("/admin/settings/team/sign-out", author=OTHER_SHOP)

    neighbor.sees("/admin/")


def test_what_proves_a_form_is_signed_with_sha_256(inside):
    signature = csrf(inside).rpartition(".")[2]

    assert len(signature) == 43, "32 bytes in base64, where SHA-1 has 27 letters."


def test_another_users_token_proves_nothing_of_this_session(inside):
    assert inside.get("/admin/session", headers=bearer(sub="92")).status_code == 401
    assert inside.get("/admin/session", headers=bearer()).status_code == 204
