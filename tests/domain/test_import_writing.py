"""How files are written: letters, separators, quotes, and what is no table at all."""

import csv
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import UnreadableImport
from app.domain.imports.writing import (
    HEAD_BYTES,
    MOST_FIELD,
    MOST_LINE,
    SEPARATORS,
    Utf8Check,
    WrongRecord,
    beginning_in,
    encoding_of,
    records,
    separator_of,
    text_in,
)

TABLE = "Navn;E-mail;Points\r\nÆrø Å;a@b.dk;120\r\nØst;c@d.dk;7\r\n"


def read(raw, encoding, separator=";", size=3):
    pieces = [raw[place : place + size] for place in range(0, len(raw), size)]
    return [
        (line, cells if isinstance(cells, WrongRecord) else list(cells))
        for line, cells in records(text_in(pieces, encoding), separator)
    ]


def is_utf8(raw, size=3):
    check = Utf8Check()
    for place in range(0, len(raw), size):
        check.see(raw[place : place + size])
    check.see(b"", last=True)
    return check.holds


@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("cp1252", "windows-1252"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
    ],
)
def test_letters_are_told_apart_and_read(codec, encoding):
    raw = TABLE.encode(codec)

    found = encoding_of(raw, is_utf8=is_utf8(raw))

    assert found == encoding
    assert read(raw, found)[1] == (2, ["Ærø Å", "a@b.dk", "120"])
    assert read(raw, found)[0][1][0] == "Navn"


@pytest.mark.parametrize("codec", ["iso-8859-1", "mac-roman"])
def test_letters_can_be_chosen(codec):
    assert read(TABLE.encode(codec), codec)[1] == (2, ["Ærø Å", "a@b.dk", "120"])


def test_the_wrong_letters_are_told_with_the_line():
    with pytest.raises(UnreadableImport, match="Line 2 or one soon after"):
        read(TABLE.encode("cp1252"), "utf-8")


@pytest.mark.parametrize("raw", [b"", b" \r\n\r\n", b"\xef\xbb\xbf"[:0]])
def test_an_empty_file_is_told(raw):
    with pytest.raises(UnreadableImport, match="The file is empty"):
        encoding_of(raw, is_utf8=True)


def test_what_is_no_text_is_told():
    with pytest.raises(UnreadableImport, match="not a table of text"):
        encoding_of(b"\x89PNG\r\n\x1a\n" + bytes(100) + bytes(range(200)), is_utf8=False)


@pytest.mark.parametrize("separator", SEPARATORS)
def test_the_separator_is_what_parts_most_columns(separator):
    table = TABLE.replace(";", separator).replace(
        "Øst", "Øst. Jylland" if separator == "," else "Ø"
    )

    assert separator_of(table) == separator


def test_a_comma_in_the_names_is_no_separator():
    assert separator_of('Navn;Point\n"Berg, Anna";7\n"Dam, Bo";8\n') == ";"


@pytest.mark.parametrize(
    ("table", "separator"),
    [
        ("Point\n7\n8\n", ","),
        ("", ","),
        ("a;b\nc,d\n", ","),
        ("a;b\n1;2\nc,d\n", ";"),
        ("a;b,c\n1;2,3\n4;5\n", ";"),
        ("a,b;c;d\n1,2;3;4\n", ";"),
        ("a;b;c\n1;2\n3;4\n", ";"),
        ("One, two, three\na;b\n1;2\n", ";"),
        ("a|b\r1|2\r", "|"),
        (f'"{"x" * (MOST_FIELD + 1)},"\na|b\n', ","),
    ],
)
def test_the_separator_makes_most_columns_in_most_lines(table, separator):
    assert separator_of(table) == separator


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        # A letter in ten of UTF-16 may be of another alphabet; what is shorter tells nothing.
        ("a;b;c;d;e;f;g;h;i;j;k".encode("utf-16-le"), "utf-16"),
        ("a;b;c".encode("utf-16-be"), "utf-16"),
        (b"a;b;c\0;" + b"d" * 100, "utf-8"),
    ],
)
def test_zeros_between_letters_are_utf_16(head, encoding):
    assert encoding_of(head, is_utf8=True) == encoding


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (b" \n ", "The file is empty."),
        (b"PK\x03\x04" + bytes(9), "This is not a table of text. Save it as CSV, and try again."),
        (b"a\0b" + b"c" * 16, "This is not a table of text. Save it as CSV, and try again."),
        ("ab".encode("utf-16-le"), "This is not a table of text. Save it as CSV, and try again."),
    ],
)
def test_why_something_is_no_table_is_told(head, why):
    with pytest.raises(UnreadableImport) as refused:
        encoding_of(head, is_utf8=True)

    assert str(refused.value) == why


def test_only_windows_has_bytes_that_are_shown_as_what_they_are_not():
    assert read(b"a;\x81\n", "windows-1252") == [(1, ["a", "\ufffd"])]
    with pytest.raises(UnreadableImport, match="not written in these letters"):
        read(b"a;\xff\n", "utf-8")


def test_letters_that_are_cut_off_at_the_end_are_not_utf_8():
    check = Utf8Check()
    check.see("Ærø".encode()[:-1])
    assert check.holds

    check.see(b"", last=True)

    assert check.holds is False


def test_the_beginning_of_a_long_file_ends_with_a_line():
    head = (b"a;b\n" * (HEAD_BYTES // 4))[: HEAD_BYTES - 2] + b"xy"

    assert beginning_in(head, "utf-8").endswith("a;b\n")
    assert beginning_in(b"a;b\nc", "utf-8") == "a;b\nc"
    assert beginning_in(b"x" * HEAD_BYTES, "utf-8") == "x" * HEAD_BYTES
    assert beginning_in("\ufeffÆ;b\n".encode(), "utf-8") == "Æ;b\n"
    assert beginning_in(b"\xc6;b\n", "windows-1252") == "Æ;b\n"
    assert beginning_in(b"\x81a\xff", "utf-8") == "\ufffda\ufffd"


def test_a_quoted_field_may_have_lines_in_it():
    raw = b'a;b\n"x\r\ny";1\nz;2\n'

    assert read(raw, "utf-8") == [(1, ["a", "b"]), (2, ["x\r\ny", "1"]), (4, ["z", "2"])]


def test_empty_lines_are_passed_over():
    assert read(b"a;b\n\n;\n1;2\n", "utf-8") == [(1, ["a", "b"]), (4, ["1", "2"])]


@pytest.mark.parametrize(
    ("raw", "line", "why"),
    [
        (b'a;b\n"x;1\n', 2, "A quote is not closed."),
        (b'a;b\n"x"y;1\nz;2\n', 2, "There is something between a quote and the next column."),
        (b"a;b\nx\0;1\nz;2\n", 2, "There is a character that is no text (NUL)."),
        (
            b"a;b\n" + b"x" * (MOST_FIELD + 1) + b";1\nz;2\n",
            2,
            "A field is too long: a quote was probably not closed.",
        ),
    ],
)
def test_a_broken_line_is_told_and_the_others_are_read(raw, line, why):
    found = dict(read(raw, "utf-8", size=4096))

    assert found[line].sentence == why
    assert found[1] == ["a", "b"]
    if b"z;2" in raw:
        assert found[3] == ["z", "2"]


def test_a_line_without_an_end_takes_no_memory():
    endless = (b"x" * 65536 for _ in range(10**9))

    with pytest.raises(UnreadableImport, match="Line 1 is longer"):
        list(records(text_in(endless, "utf-8"), ";"))
    assert MOST_LINE < 10**6


@given(
    st.lists(
        st.lists(
            st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")),
            min_size=2,
            max_size=4,
        ),
        max_size=5,
    ),
    st.sampled_from(SEPARATORS),
)
def test_whatever_is_written_as_csv_is_read(rows, separator):
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=separator).writerows(rows)

    found = read(written.getvalue().encode(), "utf-8", separator, size=7)

    kept = [row for row in rows if any(cell.strip() for cell in row)]
    # A mark of byte order at the very beginning is none of the text's letters.
    assert [cells for _, cells in found][1:] == kept[1:]


@given(st.binary(max_size=300), st.sampled_from(["utf-8", "windows-1252", "utf-16", "mac-roman"]))
def test_no_bytes_break_the_reading(raw, encoding):
    with suppress(UnreadableImport):
        for _line, cells in read(raw, encoding, ","):
            assert isinstance(cells, (list, WrongRecord))
