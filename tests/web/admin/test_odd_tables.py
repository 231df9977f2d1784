"""Tables as programs and accidents write them: each is read rightly, or told what is wrong."""

import io
import zipfile
from datetime import timedelta

import pytest

from app.models.import_line import ImportLine
from app.models.import_run import UNREAD_LIVES, ImportRun
from app.models.member import member_of
from app.models.stored_file import StoredFile, drop_all_files
from tests.databases import NOON
from tests.web.admin.import_pages import tiles, told_lines

DANISH = "Navn;Kundenummer;Point\r\nÆrø Åse;101;1.200\r\nØstergård;102;50\r\n"
PLAIN = "name,customer_id,points\nA,101,1200\nB,102,50\n"


def wide(codec):
    """A table in an encoding that does not say which it is."""
    return DANISH.encode(codec)


RIGHT = {
    "UTF-8": DANISH.encode(),
    "UTF-8 with its mark": DANISH.encode("utf-8-sig"),
    "Windows-1252": DANISH.encode("cp1252"),
    "Latin-1": DANISH.encode("latin-1"),
    "UTF-16 with its mark": DANISH.encode("utf-16"),
    "UTF-16, small end first": wide("utf-16-le"),
    "UTF-16, big end first": wide("utf-16-be"),
    "commas": PLAIN.encode(),
    "tabs": PLAIN.replace(",", "\t").encode(),
    "upright bars": PLAIN.replace(",", "|").encode(),
    "every cell in quotes": b'"name","customer_id","points"\n"A","101","1,200"\n"B","102","50"\n',
    "lines in a cell": b'name,customer_id,points\n"A\r\nof B",101,1200\n"C\n\nD",102,50\n',
    "separators in a cell": b'name,customer_id,points\n"A, of B",101,1200\n"""C""",102,50\n',
    "lines that end as on an old Macintosh": PLAIN.replace("\n", "\r").encode(),
    "no end of the last line": PLAIN.rstrip().encode(),
    "empty lines between": PLAIN.replace("\n", "\n\n,,\n").encode(),
    "columns that are empty at the end": PLAIN.replace("\n", ",,\n").encode(),
    "cells too many, all empty": PLAIN.replace("1200\n", "1200,,,\n").encode(),
    "two columns of one name": b"points,customer_id,points\n1200,101,9\n50,102,9\n",
    "names in capitals and with blanks": PLAIN.replace("customer_id", " Customer ID ").encode(),
    "no names of columns": b"A,6789012345101,1200\nB,6789012345102,50\n",
    "a formula in a cell that is left out": PLAIN.replace("A", "=cmd|'/C calc'!A0").encode(),
    "an apostrophe before a number": PLAIN.replace("101", "'101").encode(),
    "the platform's long ids": PLAIN.replace("101", "gid://shopify/Customer/101").encode(),
    "a line that is there twice": PLAIN.encode() + b"B,102,50\n",
}


@pytest.mark.parametrize("raw", RIGHT.values(), ids=RIGHT)
def test_however_it_is_written_it_says_the_same(merchant, compare, raw):
    path = compare(raw)

    told = tiles(merchant.sees(path))
    assert (told["New members"], told["Points in all"]) == ("2", "+1,250")
    assert told["Lines left out"] == "0"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_letters_are_shown_as_they_are_before_anything_is_read(merchant, bring, codec):
    page = merchant.sees(bring(DANISH.encode(codec)))

    assert "Ærø Åse" in page
    assert "Østergård" in page


BROKEN = {
    "a formula for an id": ("=1+1,5", "Column 1 (customer_id): “=1+1” is no id of a customer."),
    "an at sign": ("@SUM(1),5", "Column 1 (customer_id): “@SUM(1)” is no id of a customer."),
    "a formula for points": ("9,=2*3", "Column 2 (points): “=2*3” is no number of points."),
    "a link": ('9,"=HYPERLINK(1)"', "Column 2 (points): “=HYPERLINK(1)” is no number of points."),
    "minus": ("9,-5", "Column 2 (points): A balance cannot be below zero here."),
    "NUL": ("9\0,5", "There is a character that is no text (NUL)."),
    "too few cells": ("9", "This line has 1 columns, and the first one has 2."),
    "too many cells": ("9,5,7", "This line has 3 columns, and the first one has 2."),
    "a quote within": ('"9"x,5', "There is something between a quote and the next column."),
    "half a point": ("9,1.5", "Column 2 (points): “1.5” is not a whole number of points."),
    "rounded": ("6.78E+12,5", "Column 1 (customer_id): “6.78E+12” was rounded by a spreadsheet."),
    "words": ("9,many", "Column 2 (points): “many” is no number of points."),
    "too much": ("9,99999999999", "“99999999999” is more points than there can be."),
    "nobody": (",5", "Nobody is named here: no e-mail address and no customer id."),
    "a long cell": (f"9,{'7' * 40_000}", "A field is too long: a quote was probably not closed."),
}


@pytest.mark.parametrize(("line", "why"), BROKEN.values(), ids=BROKEN)
def test_a_broken_line_is_told_at_its_place_and_the_others_come(
    merchant, database, compare, work, line, why
):
    path = compare(f"customer_id,points\n101,1200\n{line}\n102,50\n")

    page = merchant.sees(path)
    merchant.sends_form(path, f"{path}/run")
    work()

    [(number, told)] = told_lines(page)
    assert number == "3"
    assert told.endswith(why)
    assert held(database, merchant) == [1200, 50]


def held(database, merchant):
    """What customers 101 and 102 have; None for nobody."""
    with database.reading() as session:
        found = [member_of(session, merchant.shop.id, one) for one in ("101", "102")]
        return [one.available if one else None for one in found]


def packed(**files):
    """An archive of these files."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packing:
        for name, body in files.items():
            how = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            packing.writestr(name, body, how)
    return archive.getvalue()


NO_TABLE = "This is not a table of text. Save it as CSV, and try again."
REFUSED = {
    "empty": (b"", "The file is empty."),
    "blank": (b" \r\n\t\n", "The file is empty."),
    "a mark and nothing else": ("".encode("utf-8-sig"), "The file is empty."),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, NO_TABLE),
    "a workbook of long ago": (b"\xd0\xcf\x11\xe0" + bytes(range(256)), NO_TABLE),
    "a workbook": (packed(**{"[Content_Types].xml": "<Types/>"}), NO_TABLE),
    "a workbook of others": (
        packed(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
        NO_TABLE,
    ),
    "more columns than a table has": (b"a" + b",a" * 300, "more than 200 columns"),
}


@pytest.mark.parametrize(("raw", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_table_is_told_where_it_was_chosen(merchant, database, bring, raw, why):
    page = bring(raw, status=422)

    assert why in page.split('id="file-error">')[1].partition("<")[0]
    with database.reading() as session:
        of_shop = (table.shop_id == merchant.shop.id for table in (ImportRun, StoredFile))
        assert [session.query(one.left.table).filter(one).count() for one in of_shop] == [0, 0]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        pytest.param(packed(readme="hello"), "no export of Stamkunde", id="another archive"),
        pytest.param(
            packed(**{"manifest.json": bytes(30_000_000)}), "no export of Stamkunde", id="a bomb"
        ),
        pytest.param(packed(**{"manifest.json": "{}"})[:60], "no export of Stamkunde", id="half"),
    ],
)
def test_an_archive_that_is_none_of_ours_is_told(merchant, bring, work, raw, why):
    path = bring(raw)
    work()

    assert why in merchant.sees(path)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        pytest.param(
            PLAIN.encode() + b"x" * 300_000, "Line 4 is longer than any line", id="an endless line"
        ),
        pytest.param(
            ("customer_id,points\n" + "1,5\n" * 9).encode("utf-16")[:-1] + b"\xd8\xd8\xd8",
            "not written in these letters",
            id="half a letter",
        ),
    ],
)
def test_a_file_that_breaks_off_changes_nothing(merchant, database, compare, raw, why):
    page = merchant.sees(compare(raw))

    assert why in page
    assert "What was imported before this, if anything, is kept." in page
    assert held(database, merchant) == [None, None]


def test_names_of_columns_alone_change_nothing(merchant, compare):
    page = merchant.sees(compare(b"customer_id,points\r\n"))

    assert "Everything in the file is here already, or the file has nothing in it." in page


def test_a_file_that_is_no_longer_kept_is_told_and_what_was_compared_still_runs(
    merchant, database, bring, compare, work
):
    begun, compared = bring(PLAIN), compare(PLAIN)
    with database.transaction() as session:
        drop_all_files(session, merchant.shop.id)

    form = {"encoding": "utf-8", "separator": ",", "decimal": ".", "days": "dmy", "step": "look"}
    asked_again = merchant.sends(f"{compared}/again", 409).text
    for page in (merchant.sees(begun), merchant.sends(f"{begun}/columns", 200, **form).text):
        assert "The file is no longer kept. Bring it again." in page
        assert "Which column is what?" not in page
    assert "The file is no longer kept. Bring it again." in asked_again
    assert "Change the columns" not in merchant.sees(compared)
    merchant.sends_form(compared, f"{compared}/run")
    work(NOON + UNREAD_LIVES + timedelta(days=1))
    merchant.sends_form(begun, f"{begun}/discard")

    assert held(database, merchant) == [1200, 50]
    with database.reading() as session:
        mine = ImportLine.shop_id == merchant.shop.id
        assert session.query(ImportLine).filter(mine).count() == 2
