"""The page of keys: one is made and seen once, and what its tool does is told by its name."""

import re
from concurrent.futures import ThreadPoolExecutor, wait

import pytest
import time_machine

from app.loyalty.admit import dismiss
from app.models.api_key import Scope, add_key, keys_of
from app.models.shop import Shop
from app.web.admin.keys import MOST_KEYS
from app.web.sessions import PROVED
from tests.databases import NOON
from tests.web.admin.merchant import HERE, Merchant, default_program
from tests.web.admin.test_settings import told
from tests.web.api.tool import Tool
from tests.web.signing import OTHER_SHOP

PATH = "/admin/settings/keys"
TEXT = re.compile(r"stamkunde_\d+_[2-9A-Z]{10}_[0-9A-Za-z]{43}")


def made(merchant, status=201, **changes):
    """The page that follows the form for a key."""
    typed = {"name": "Till", "adjust_points": "on"} | changes
    return merchant.sends_form(PATH, PATH, status, **typed).text


def asks(client, text):
    return client.get("/api/v1/actions", headers={"Authorization": f"Bearer {text}"}).status_code


def test_a_key_is_seen_once_and_works(client, merchant):
    assert "No keys yet" in merchant.sees(PATH)

    (text,) = set(TEXT.findall(made(merchant)))

    assert asks(client, text) == 200
    page = merchant.sees(PATH)
    assert not TEXT.search(page)
    assert text.rpartition("_")[0] + "_…" in page
    assert "Tell deeds, Give and take points" in page
    assert "Till" in page


def test_a_form_that_is_sent_twice_makes_one_key_and_shows_it_again(database, merchant):
    typed = merchant.form(PATH, PATH) | {"name": "Till"}

    pages = [merchant.sends(PATH, 201, **typed).text for _twice in range(2)]

    assert TEXT.search(pages[0])[0] == TEXT.search(pages[1])[0]
    with database.reading() as session:
        assert len(keys_of(session, merchant.shop.id)) == 1
    (entry,) = told(merchant)
    assert entry.startswith("Made the key Till ")
    assert " Tell deeds " in entry


@pytest.mark.parametrize("changes", [{"name": "Shop till"}, {"read_members": "on"}])
def test_a_form_sent_again_with_something_else_shows_no_key_and_may_make_one(merchant, changes):
    typed = merchant.form(PATH, PATH) | {"name": "Till"}
    first = TEXT.search(merchant.sends(PATH, 201, **typed).text)[0]

    refused = merchant.sends(PATH, 422, **typed | changes).text

    assert "This form has made a key before." in refused
    assert not TEXT.search(refused)
    wish = re.search(r'name="wish" value="([^"]+)"', refused)[1]
    another = merchant.sends(PATH, 201, **typed | changes | {"wish": wish}).text
    assert TEXT.search(another)[0] != first


def test_a_form_that_is_sent_again_shows_no_key_that_was_revoked(merchant):
    typed = merchant.form(PATH, PATH) | {"name": "Till"}
    text = TEXT.search(merchant.sends(PATH, 201, **typed).text)[0]
    merchant.sends(f"{PATH}/revocation", key=text.split("_")[2])

    assert not TEXT.search(merchant.sends(PATH, 422, **typed).text)


def test_a_shop_that_leaves_while_a_key_is_made_is_left_with_none(database, merchant):
    typed = merchant.form(PATH, PATH) | {"name": "Till"}

    with ThreadPoolExecutor(1) as pool:
        with database.transaction() as session:
            dismiss(session, session.get_one(Shop, merchant.shop.id), at=NOON)
            session.flush()
            asked = pool.submit(merchant.client.post, PATH, data=typed, headers=HERE)
            # It is let in, and waits for the shop until this transaction ends.
            wait([asked], timeout=0.5)
        answer = asked.result()

    assert answer.status_code == 401
    with database.reading() as session:
        assert keys_of(session, merchant.shop.id) == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": "  "}, "Write a name of at most 60 characters"),
        ({"name": 61 * "x"}, "Write a name of at most 60 characters"),
        ({"tell_deeds": None, "adjust_points": None}, "Choose what the tool may do."),
    ],
)
def test_a_key_wants_a_name_and_something_to_do(database, merchant, changes, said):
    page = made(merchant, 422, **changes)

    assert said in page
    assert 'value="Till"' in page or "name" in changes
    with database.reading() as session:
        assert keys_of(session, merchant.shop.id) == []


def test_a_key_is_made_by_who_came_from_the_shop_just_now(database, merchant):
    with time_machine.travel(NOON + PROVED, tick=False):
        page = made(merchant, 422)

    assert "Open Stamkunde from your shop&#39;s admin again" in page
    with database.reading() as session:
        assert keys_of(session, merchant.shop.id) == []


def test_so_many_keys_work_at_once(database, merchant):
    with database.transaction() as session:
        for number in range(MOST_KEYS):
            facts = {"name": "x", "secret_hash": "x", "scopes": list(Scope), "by": "x", "at": NOON}
            add_key(session, merchant.shop.id, public_id=f"K{number}", **facts)
    assert "20 keys work at once at most" in made(merchant, 422)

    merchant.sends(f"{PATH}/revocation", key="K0")

    assert TEXT.search(made(merchant))


def test_a_revoked_key_works_no_more_and_is_told_so_once(client, merchant):
    text = TEXT.search(made(merchant))[0]

    for _twice in range(2):
        merchant.sends(f"{PATH}/revocation", key=text.split("_")[2])

    assert asks(client, text) == 401
    assert "Revoked" in merchant.sees(PATH)
    revoked, _made = told(merchant)
    assert revoked.startswith("Revoked the key Till ")


def test_another_shops_keys_are_neither_seen_nor_revoked(client, database, install, merchant):
    text = TEXT.search(made(merchant))[0]
    stranger = Merchant(client, database, install(OTHER_SHOP, program=default_program()))

    assert "No keys yet" in stranger.sees(PATH)
    stranger.sends(f"{PATH}/revocation", key=text.split("_")[2])

    assert asks(client, text) == 200


def test_what_a_tool_gave_by_hand_is_told_under_its_name(client, database, merchant, member):
    till = Tool(client, database, merchant.shop, name="Till")
    for _twice in range(2):
        till.adjusts(50, note="Spilled coffee")

    (entry,) = told(merchant)

    assert entry.startswith("Customer 7: +50 points by hand, 1,200 → 1,250")
    assert "Reason: Spilled coffee" in entry
    assert "Key Till" in merchant.sees("/admin/settings/audit")
    assert "Spilled coffee" in merchant.sees(f"/admin/members/{member.id}")


def test_the_use_of_a_key_is_shown(client, database, merchant):
    till = Tool(client, database, merchant.shop, name="Till")
    assert "Never" in merchant.sees(PATH)

    till.reads("actions")

    assert "Never" not in merchant.sees(PATH)
