"""Settings: who was here, who changed what, and pausing with all that it says first."""

import csv
import inspect
import io
import re
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from app.loyalty.erase import erase_shop
from app.models.audit_entry import AuditEntry, AuditKind, audit_page, note_change
from app.models.colleague import colleagues
from app.models.shop import Shop
from app.models.transfer import transfers_of
from app.web.admin.audit import AT_ONCE_IN_FILE
from app.web.admin.planned import MOST_CHANGES
from tests.databases import NOON
from tests.faults.troubles import a_lock_that_stays
from tests.statements import statements_of
from tests.web.admin.merchant import Merchant, default_program
from tests.web.signing import OTHER_SHOP, SHOP, session_token

LATER = int(NOON.replace(hour=15).timestamp())
CHANGES_NOTHING = {"admin.search_members", "admin.change_guide"}
NOTING = re.compile("noted|put_in_force")
"""Who publishes notes it in the same verb."""
AUDIT = "/admin/settings/audit"
PROGRAM = "/admin/program"


def told(merchant, **query):
    """The audit log's entries as text, without tags."""
    page = merchant.sees(AUDIT, **query).replace("\N{NO-BREAK SPACE}", " ")
    rows = re.findall(r"<tr>\s*<td>(.*?)</tr>", page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def adjusts(merchant, member, points="50", key="018f0000-0000-7000-8000-000000000001"):
    path = f"/admin/members/{member.id}/adjustments"
    merchant.sends(path, points=points, note="Sorry for the wait", key=key)


def test_the_settings_lead_to_every_page_of_theirs(merchant):
    page = merchant.sees("/admin/settings")

    for path in re.findall(r'<h2><a href="([^"]+)"', page):
        merchant.sees(path)
    assert "Pause the program" in page


def test_points_by_hand_are_told_once_with_the_balance_before_and_after(merchant, member):
    for _twice in range(2):
        adjusts(merchant, member)

    (entry,) = told(merchant)
    assert entry.startswith("Customer 7: +50 points by hand, 1,200 → 1,250")
    assert "Reason: Sorry for the wait" in entry


def test_a_revision_is_told_with_each_setting_from_what_to_what(merchant):
    merchant.sends_form(PROGRAM, PROGRAM, earn_points="3", join_points="25", do="publish")
    merchant.sends_form(PROGRAM, PROGRAM, do="publish")

    (entry,) = told(merchant)
    assert entry.startswith("Published the program: revision 1 → 2")
    assert "Join points from 0 to 25." in entry
    assert "The rule spend: points from 1 to 3." in entry
    merchant.sees(AUDIT, locale="de")
    (entry,) = told(merchant)
    assert "Willkommenspunkte von 0 auf 25." in entry
    assert "Die Regel spend: Punkte von 1 auf 3." in entry


def test_another_look_is_told_by_the_names_on_its_page(merchant):
    words = {"accent": "#7a1f5c", "title-da": "Klub"}
    merchant.sends_form("/admin/look", "/admin/look", **words)

    (entry,) = told(merchant)
    assert "Color: #17604c → #7a1f5c." in entry
    assert "Name of the launcher (Danish): – → Klub." in entry


@pytest.mark.parametrize(
    ("locale", "told_of_it"),
    [
        ("en", "Corner: Bottom right → Bottom left. Sign: ★ → None."),
        ("da", "Hjørne: Nederst til højre → Nederst til venstre. Tegn: ★ → Intet."),
        ("nb", "Hjørne: Nederst til høyre → Nederst til venstre. Tegn: ★ → Ingen."),
        ("sv", "Hörn: Nere till höger → Nere till vänster. Tecken: ★ → Inget."),
        ("de", "Ecke: Unten rechts → Unten links. Zeichen: ★ → Keins."),
    ],
)
def test_choices_of_the_look_are_told_as_its_page_calls_them(merchant, locale, told_of_it):
    merchant.sends_form("/admin/look", "/admin/look", corner="start", icon="NONE")

    page = merchant.sees("/admin/look", locale=locale)
    (entry,) = told(merchant)

    assert told_of_it in entry
    for choice in re.findall(r"(?:→|:) (.+?)(?= →|\.)", told_of_it):
        assert f">{choice}</option>" in page


def test_going_live_pausing_and_resuming_are_told_once_each(client, database, install):
    merchant = Merchant(client, database, install(program=default_program(live=False)))

    for path in ("/admin/live", "/admin/pause", "/admin/resume"):
        for _twice in range(2):
            merchant.sends(path)

    assert [entry.split(":")[0] for entry in told(merchant)] == [
        "Resumed the program",
        "Paused the program",
        "Went live",
    ]


def test_the_log_is_filtered_by_kind_and_person_and_sent_as_a_file(database, merchant, member):
    adjusts(merchant, member)
    merchant.sends("/admin/pause")
    with database.transaction() as session:
        facts = {"author": "user:42", "at": NOON, "subject": "=1+1"}
        note_change(session, merchant.shop.id, AuditKind.IMPORTED, **facts)

    assert len(told(merchant)) == 3
    assert [entry.split(":")[0] for entry in told(merchant, topic="program")] == [
        "Paused the program"
    ]
    assert [entry.split(",")[0] for entry in told(merchant, by=SHOP, topic="members")] == [
        "Customer 7: +50 points by hand"
    ]
    assert "None of them" in merchant.sees(AUDIT, by="nobody")
    file = merchant.client.get(f"{AUDIT}.csv?by=user:42")
    assert file.mimetype == "text/csv"
    _head, row = csv.reader(io.StringIO(file.text))
    assert row[1:3] == ["User 42 of the shop", "Imported =1+1"]


def test_the_file_has_all_entries_and_all_that_each_changed(database, merchant):
    with database.transaction() as session:
        for number in range(2 * AT_ONCE_IN_FILE):
            facts = {"author": "x", "at": NOON, "subject": f"no. {number}"}
            note_change(session, merchant.shop.id, AuditKind.IMPORTED, **facts)
        changed = {f"set{number}": ("a", "b") for number in range(MOST_CHANGES + 5)}
        note_change(session, merchant.shop.id, AuditKind.LOOK, author="x", at=NOON, changes=changed)
    merchant.sees(AUDIT)

    with statements_of(database) as statements:
        file = merchant.client.get(f"{AUDIT}.csv")

    _head, newest, *others = csv.reader(io.StringIO(file.text))
    assert newest[3].count("a → b") == MOST_CHANGES + 5
    assert [row[2] for row in others] == [
        f"Imported no. {number}" for number in reversed(range(2 * AT_ONCE_IN_FILE))
    ]
    assert len(statements) < 40


def test_whatever_the_admin_can_change_is_noted(web):
    changing = {
        rule.endpoint: web.view_functions[rule.endpoint]
        for rule in web.url_map.iter_rules()
        if rule.endpoint.startswith("admin.") and "POST" in rule.methods
    }

    silent = {
        endpoint
        for endpoint, view in changing.items()
        if not NOTING.search(Path(inspect.getsourcefile(view)).read_text())
    }

    assert silent == CHANGES_NOTHING


def test_a_long_log_is_read_page_by_page(database, merchant):
    with database.transaction() as session:
        for number in range(70):
            facts = {"author": "x", "at": NOON, "subject": f"no. {number}"}
            note_change(session, merchant.shop.id, AuditKind.IMPORTED, **facts)

    first = told(merchant)
    older = re.search(r'href="[^"]*before=([0-9a-f-]+)"', merchant.sees(AUDIT))[1]
    rest = told(merchant, before=older)

    assert len(first) == 50
    assert len(rest) == 20
    assert not {*first} & {*rest}


def test_the_log_cannot_be_rewritten_and_goes_with_its_shop(database, merchant, member):
    adjusts(merchant, member)
    shop_id = merchant.shop.id

    for statement in (
        update(AuditEntry).where(AuditEntry.shop_id == shop_id).values(author="nobody"),
        delete(AuditEntry).where(AuditEntry.shop_id == shop_id),
    ):
        with pytest.raises(DBAPIError), database.transaction() as session:
            session.execute(statement)
    with database.reading() as session:
        assert len(audit_page(session, shop_id, limit=9)) == 1

    with database.transaction() as session:
        erase_shop(session, session.get_one(Shop, shop_id), at=NOON)
    with database.reading() as session:
        assert audit_page(session, shop_id, limit=9) == []
        assert colleagues(session, shop_id, limit=9) == []
        assert transfers_of(session, shop_id, member.id) != []


def test_another_shops_changes_are_not_seen(client, database, install, merchant, member):
    adjusts(merchant, member)

    stranger = Merchant(client, database, install(OTHER_SHOP, program=default_program()))

    assert told(stranger) == []
    assert "No changes yet" in stranger.sees(AUDIT)


def test_whoever_uses_the_admin_is_on_the_team_with_when(client, database, merchant):
    merchant.sees("/admin/members")
    with time_machine.travel(NOON.replace(hour=15), tick=False):
        bearer = {"Authorization": f"Bearer {session_token(iat=LATER, nbf=LATER, exp=LATER + 60)}"}
        page = client.get("/admin/settings/team", headers=bearer).text

    assert "User 91 of the shop" in page
    assert SHOP in page
    assert "3 hours ago" in page


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_looks_is_let_in_though_it_cannot_be_noted(database, merchant):
    with a_lock_that_stays(database):
        merchant.sees("/admin/members")

    with database.reading() as session:
        assert colleagues(session, merchant.shop.id, limit=9) == []


def test_pausing_says_first_what_it_does(merchant, member):
    page = merchant.sees("/admin/settings/pause")
    assert "earn nothing, then or later" in page
    assert "There are no unused codes." in page

    merchant.sends_form("/admin/settings/pause", "/admin/pause")

    assert "The program is paused: nobody earns or spends points." in merchant.sees(
        "/admin/members"
    )
    assert "Orders that were placed meanwhile stay without points." in merchant.sees(
        "/admin/settings/pause"
    )
    merchant.sends_form("/admin/settings/pause", "/admin/resume")
    assert "nobody earns or spends" not in merchant.sees("/admin/members")


def test_a_preview_has_nothing_to_pause(client, database, install):
    merchant = Merchant(client, database, install(program=default_program(live=False)))

    assert "There is nothing to pause yet" in merchant.sees("/admin/settings/pause")
