"""Bringing members along: a file, its columns, what would change, the doing, and the undoing."""

import re
from datetime import timedelta

import pytest

from app.loyalty.adjust import adjust
from app.loyalty.digest import digest
from app.loyalty.verify import verify
from app.models.import_line import ImportLine
from app.models.import_run import ImportRun, Stage
from app.models.member import guest_of, member_of
from app.models.queue import State
from app.models.shop import Shop
from app.models.stored_file import StoredFile, StoredPiece
from tests.databases import NOON
from tests.web.admin.import_pages import tiles, told_lines
from tests.web.admin.merchant import Merchant

SMILE = """\
Email,First Name,Points Balance,VIP Tier,Referral URL
anna@example.dk,Ærø,"1,200",,https://x
bo@example.dk,Bo,50,Silver,
"""
BY_ID = "customer_id;points;expires_at\r\n7;100;2027-12-31\r\n8;20;\r\n"


def members(database, merchant):
    with database.reading() as session:
        found = {key: member_of(session, merchant.shop.id, key) for key in ("7", "8")}
    return {key: one.available if one else None for key, one in found.items()}


def rows_of(database, table):
    with database.reading() as session:
        return session.query(table).filter(table.shop_id > 0).all()


def test_a_file_of_a_rival_is_recognized(merchant, bring):
    path = bring(SMILE)

    form = merchant.form(path, f"{path}/columns")

    columns = [form[f"column-{number}"] for number in range(5)]
    assert columns == ["email", "", "points", "tier", ""]
    assert form["label"] == "Smile.io"
    assert (form["encoding"], form["separator"], form["decimal"]) == ("utf-8", ",", ".")
    assert "Ærø" in merchant.sees(path)


def test_nothing_changes_before_the_merchant_says_so(merchant, database, compare):
    path = compare(BY_ID)

    page = merchant.sees(path)

    assert tiles(page)["New members"] == "1"
    assert tiles(page)["Balances that change"] == "1"
    assert tiles(page)["Points in all"] == "+120"
    assert members(database, merchant) == {"7": 1200, "8": None}


def test_an_import_is_run_once_and_undone_whole(merchant, database, compare, work):
    before = books(database, merchant)
    path = compare(BY_ID)

    merchant.sends_form(path, f"{path}/run")
    work()
    merchant.sends(f"{path}/run")
    work()
    assert members(database, merchant) == {"7": 1300, "8": 20}
    assert "Imported from Smile.io" in merchant.sees(f"/admin/members/{seven(database, merchant)}")
    assert rows_of(database, StoredPiece) == []
    merchant.sends_form(path, f"{path}/undo")
    work()
    merchant.sends(f"{path}/undo")
    work()

    assert members(database, merchant) == {"7": 1200, "8": 0}
    assert books(database, merchant) == before
    assert tiles(merchant.sees(path))["Points taken back"] == "\N{MINUS SIGN}120"
    log = merchant.sees("/admin/settings/audit")
    assert [log.count(f"{word} members.csv") for word in ("Imported", "Undid an import:")] == [1, 1]


def seven(database, merchant):
    with database.reading() as session:
        return member_of(session, merchant.shop.id, "7").id


def books(database, merchant):
    """The digest of the shop's books, which are right."""
    with database.reading() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        assert verify(session, shop).differences == ()
        return digest(session, shop)


def test_the_same_file_twice_counts_once(merchant, database, compare, work):
    for _twice in range(2):
        path = compare(BY_ID)
        merchant.sends_form(path, f"{path}/run")
        work()

    assert members(database, merchant) == {"7": 1300, "8": 20}
    assert tiles(merchant.sees(path))["Already here, nothing changes"] == "2"


def test_an_address_is_kept_as_its_hash_alone(merchant, database, vault, compare, work):
    path = compare(SMILE)
    merchant.sends_form(path, f"{path}/run")
    work()

    with database.reading() as session:
        hashed = vault.fingerprint(merchant.shop.domain, "Anna@example.dk")
        assert guest_of(session, merchant.shop.id, hashed).available == 1200
    kept = [repr(vars(row)) for row in rows_of(database, ImportLine)]
    assert kept
    assert not any("example.dk" in row for row in kept)


WRONG = """\
customer_id,points,expires_at
7,1.5,
,30,
8,-4,
9,10,someday
10,10
11,5,2020-01-01
12,5,
12,6,
13,5,
13,5,
"x
"""


def test_what_is_wrong_is_told_at_its_place_and_the_rest_goes_on(merchant, compare):
    path = compare(WRONG)

    page = merchant.sees(path)

    assert told_lines(page) == [
        ("2", "Column 2 (points): “1.5” is not a whole number of points."),
        ("3", "Nobody is named here: no e-mail address and no customer id."),
        ("4", "Column 2 (points): A balance cannot be below zero here."),
        ("5", "Column 3 (expires_at): “someday” is no day that we can read."),
        ("6", "This line has 2 columns, and the first one has 3."),
        ("7", "These points have expired already."),
        ("8", "Lines 8 and 9 say different things of the same person."),
        ("9", "Lines 8 and 9 say different things of the same person."),
        ("11", "It says the same as a line before."),
        ("12", "A quote is not closed."),
    ]
    assert tiles(page)["Lines left out"] == "9"
    assert tiles(page)["New members"] == "1"


def test_the_differences_are_a_table_without_formulas(merchant, compare):
    path = compare("customer_id,points,tier\n=cmd|' /C calc'!A0,5,\n8,5,=HYPERLINK()\n9,5,\n")

    answer = merchant.client.get(f"{path}/differences")

    lines = answer.text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()
    assert lines[0] == "Line,Customer,What,Before,Change,Why"
    assert lines[1].startswith("2,,Left out,,,Column 1 (customer_id): “=cmd")
    assert lines[3] == "4,9,New member,,5,"
    assert not re.search(r"(^|,|\")[=+@]", answer.text, re.MULTILINE)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(b"", "The file is empty.", id="empty"),
        pytest.param(b"\n \r\n", "The file is empty.", id="blank"),
        pytest.param(b"%PDF-1.7\n" + bytes(range(256)) * 4 + bytes(99), "not a table", id="pdf"),
        pytest.param(b"a" + b",a" * 300, "more than 200 columns", id="wide"),
    ],
)
def test_what_is_no_table_is_refused_at_its_field(merchant, database, bring, body, why):
    page = bring(body, status=422)

    assert re.search(rf'id="file-error">[^<]*{why}', page)
    assert rows_of(database, ImportRun) == rows_of(database, StoredFile) == []


def test_no_file_at_all_is_told(merchant):
    page = merchant.sends("/admin/imports", 422).text

    assert 'id="file-error">Choose a file first.' in page


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"column-0": ""}, "One column has to say who it is"),
        ({"column-1": "customer"}, "Two columns cannot be the same"),
        ({"column-1": ""}, "One column has to say what they have"),
        ({"column-1": "change"}, "A history needs a column with the day"),
    ],
)
def test_columns_that_do_not_fit_are_told(merchant, bring, changes, why):
    path = bring(BY_ID)

    answer = merchant.sends_form(path, f"{path}/columns", status=422, label="X", **changes)

    assert why in answer.text


def test_other_letters_are_shown_when_they_are_chosen(merchant, bring):
    path = bring("Navn;E-mail;Points\nØst Ærø;a@b.dk;5\n".encode("mac-roman"))

    page = merchant.sends_form(
        path, f"{path}/columns", status=200, encoding="mac-roman", step="look"
    ).text

    assert "Øst Ærø" in page


def test_columns_can_be_named_again_after_the_comparison(merchant, database, compare, work):
    path = compare(BY_ID)

    merchant.sends_form(path, f"{path}/again")
    merchant.sends_form(path, f"{path}/columns", **{"column-2": ""})
    work()

    assert tiles(merchant.sees(path))["Points in all"] == "+120"
    assert len(rows_of(database, ImportLine)) == 2


def test_what_is_forgotten_leaves_nothing(merchant, database, compare):
    path = compare(BY_ID)

    merchant.sends_form(path, f"{path}/discard")

    merchant.sees(path, 404)
    for table in (ImportRun, ImportLine, StoredFile, StoredPiece):
        assert rows_of(database, table) == []


def test_a_form_of_an_old_page_changes_nothing(merchant, database, compare, work):
    path = compare(BY_ID)
    merchant.sends_form(path, f"{path}/run")
    work()

    for action, status in (("again", 409), ("discard", 409), ("columns", 303), ("run", 303)):
        form = {"encoding": "utf-8", "separator": ",", "decimal": ".", "days": "dmy"}
        merchant.sends(f"{path}/{action}", status, **form)
    work()

    assert members(database, merchant) == {"7": 1300, "8": 20}


def test_after_90_days_an_import_is_neither_run_nor_undone(merchant, database, compare, work):
    done, checked = compare(BY_ID), compare("customer_id,points\n8,80\n")
    merchant.sends_form(done, f"{done}/run")
    work()
    with database.transaction() as session:
        for run in session.query(ImportRun).filter(ImportRun.shop_id == merchant.shop.id):
            run.asked_at -= timedelta(days=90)

    pages = [merchant.sees(done), merchant.sees(checked)]
    refused = [merchant.sends(path, 409).text for path in (f"{done}/undo", f"{checked}/run")]
    work()

    for text in pages + refused:
        assert "After 90 days an import can no longer be run or undone." in text
    assert f"{done}/undo" not in pages[0]
    assert f"{checked}/run" not in pages[1]
    assert members(database, merchant) == {"7": 1300, "8": 20}


def test_what_was_spent_since_stays_spent(merchant, database, compare, work):
    path = compare("customer_id,points\n8,60\n")
    merchant.sends_form(path, f"{path}/run")
    work()
    with database.transaction() as session:
        shop = session.get_one(Shop, merchant.shop.id)
        eight = member_of(session, shop.id, "8")
        adjust(session, shop, eight.id, -50, note="", key="k", at=NOON + timedelta(hours=1))

    merchant.sends_form(path, f"{path}/undo")
    work(NOON + timedelta(hours=2))

    page = merchant.sees(path)
    assert tiles(page)["Spent since, and left"] == "1"
    assert "50 points were spent or have expired since" in page
    assert members(database, merchant)["8"] == 0


def test_what_has_expired_is_left_out_before_as_in_the_run(merchant, database, compare, work):
    path = compare("customer_id,points,expires_at\n8,20,\n8,5,2020-01-01\n")
    before = tiles(merchant.sees(path))

    merchant.sends_form(path, f"{path}/run")
    work()

    assert (before["New members"], before["Points in all"]) == ("1", "+20")
    assert members(database, merchant)["8"] == 20


def test_what_was_given_up_half_way_is_undone_and_not_forgotten(merchant, database, compare, work):
    path = compare(BY_ID)
    merchant.sends_form(path, f"{path}/run")
    work()
    with database.transaction() as session:
        [run] = session.query(ImportRun).filter(ImportRun.shop_id == merchant.shop.id)
        run.stage, run.state = Stage.FAILED, State.DEAD

    refused = merchant.sends(f"{path}/discard", 409).text
    page = merchant.sees(path)
    merchant.sends_form(path, f"{path}/undo")
    work()

    assert "This import has brought something: undo it instead." in refused
    assert f"{path}/discard" not in page
    assert members(database, merchant) == {"7": 1200, "8": 0}


def test_the_newer_of_two_tables_is_undone_first(merchant, database, compare, work):
    older, newer = compare("customer_id,points\n8,100\n"), compare("customer_id,points\n8,80\n")
    for hours, path in enumerate((older, newer)):
        merchant.sends_form(path, f"{path}/run")
        work(NOON + timedelta(hours=hours))

    refused = merchant.sends(f"{older}/undo", 409).text
    left = []
    for path in (newer, older):
        merchant.sends_form(path, f"{path}/undo")
        work(NOON + timedelta(hours=2))
        left.append(members(database, merchant)["8"])

    assert "Undo the newer one first." in refused
    assert left == [100, 0]


def test_of_files_of_one_moment_the_latest_is_told_first(merchant, compare, work):
    paths = [compare(f"customer_id,points\n{number},100\n") for number in range(20, 25)]
    for path in paths[:2]:
        for step in ("run", "undo"):
            merchant.sends_form(path, f"{path}/{step}")
            work()

    told = re.findall(r'href="(/admin/imports/[^"]+)"', merchant.sees("/admin/imports"))

    assert told == paths[::-1]


def test_another_shop_can_do_nothing_with_it(merchant, client, database, install, compare):
    path = compare(BY_ID)
    stranger = Merchant(client, database, install("other.myshopify.com"))

    for action in ("columns", "again", "run", "undo", "discard"):
        form = {"encoding": "utf-8", "separator": ",", "decimal": ".", "days": "dmy"}
        stranger.sends(f"{path}/{action}", 404, **form)
    stranger.sees(path, 404)
    stranger.sees(f"{path}/differences", 404)
