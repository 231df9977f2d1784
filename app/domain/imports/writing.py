"""How a file of text is written: which letters its bytes are, and what parts its columns.

There are few ways in which shops' programs write tables, and each leaves its trace: so they are
told apart by rules that can be explained, and not by statistics over a few names.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, cast

from app.domain.errors import UnreadableImport
from app.domain.sentence import Sentence as _

ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1", "utf-16", "mac-roman")
SEPARATORS = (",", ";", "\t", "|")
MOST_LINE = 256 * 1024
"""Letters in one line; a longer one is no line of a table."""
MOST_FIELD = 32 * 1024
"""Letters in one field; in a longer one a quote was not closed."""
MOST_COLUMNS = 200
HEAD_BYTES = 64 * 1024
"""What is looked at to find out how a file is written."""

SIGNS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
"""What pictures, papers, packed files and old workbooks begin with."""
NO_TABLE = _("This is not a table of text. Save it as CSV, and try again.")

csv.field_size_limit(MOST_FIELD)


class WrongRecord(ValueError):
    """A line that is no line of a table; the sentence says why, and is to be translated."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def encoding_of(head: bytes, *, is_utf8: bool) -> str:
    """By which letters a file is written, by its beginning and whether all of it is UTF-8.

    Raises UnreadableImport for what is no text.
    """
    if not head.strip():
        raise UnreadableImport(_("The file is empty."))
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _is_wide(head):
        return "utf-16"
    if head.startswith(SIGNS) or (b"\0" in head[:4096] and head.count(0) * 20 > len(head)):
        raise UnreadableImport(NO_TABLE)
    return "utf-8" if is_utf8 else "windows-1252"


def _is_wide(head: bytes) -> bool:
    """Whether every other byte is nothing, as in UTF-16 without a mark at its beginning."""
    pairs = len(head) // 2
    halves = head[: 2 * pairs : 2], head[1 : 2 * pairs : 2]
    return pairs > 4 and any(half.count(0) * 10 > pairs * 9 for half in halves)


class Utf8Check:
    """Whether bytes that come piece by piece are UTF-8 throughout."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self.holds = True

    def see(self, piece: bytes, *, last: bool = False) -> None:
        """Look at the next piece."""
        if self.holds:
            try:
                self._decoder.decode(piece, final=last)
            except UnicodeDecodeError:
                self.holds = False


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a stream that can be read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._left:
            following = next(self._pieces, None)
            if following is None:
                return 0
            self._left = following
        taken = self._left[: len(buffer)]
        buffer[: len(taken)] = taken
        self._left = self._left[len(taken) :]
        return len(taken)


def text_in(pieces: Iterable[bytes], encoding: str) -> IO[str]:
    """Pieces of bytes as text, whose line ends are as they are."""
    stream = io.BufferedReader(cast(io.RawIOBase, _Pieces(pieces)))
    codec = _codec(encoding, stream.peek(4)[:4])
    # Five bytes mean no letter in Windows-1252: they are shown as what they are not.
    errors = "replace" if encoding == "windows-1252" else "strict"
    return io.TextIOWrapper(stream, encoding=codec, errors=errors, newline="")


def beginning_in(head: bytes, encoding: str) -> str:
    """The first lines of a file as text, whatever the letters; its last line may be cut."""
    text = head.decode(_codec(encoding, head), errors="replace")
    return text[: text.rfind("\n") + 1] or text if len(head) >= HEAD_BYTES else text


def _codec(encoding: str, head: bytes) -> str:
    if encoding == "utf-16":
        return _wide_codec(head)
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _wide_codec(head: bytes) -> str:
    """Which way around UTF-16 is written, where no mark says so."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-16-be" if head[:1] == b"\0" else "utf-16-le"


def separator_of(text: str) -> str:
    """What parts the columns, by the first lines: what makes most columns in most lines."""
    best, most = SEPARATORS[0], (0, 0)
    for separator in SEPARATORS:
        widths = Counter[int]()
        try:
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
                widths[len(cells)] += 1
        except csv.Error:
            continue
        width, lines = max(widths.items(), key=lambda one: (one[0] > 1, one[1]), default=(1, 0))
        if width > 1 and (lines, width) > most:
            best, most = separator, (lines, width)
    return best


def records(text: IO[str], separator: str) -> Iterator[tuple[int, Sequence[str] | WrongRecord]]:
    """The records of a table, each with the number of the line where it begins; no empty ones.

    Raises UnreadableImport, with the line, for text that is in other letters or has no lines.
    """
    lines = _lines(text)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield begins, WrongRecord(_why(str(error)))
            continue
        if any("\0" in cell for cell in cells):
            yield begins, WrongRecord(_("There is a character that is no text (NUL)."))
        elif any(cell.strip() for cell in cells):
            yield begins, cells


def _why(error: str) -> str:
    if "field larger" in error:
        return _("A field is too long: a quote was probably not closed.")
    if "end of data" in error:
        return _("A quote is not closed.")
    return _("There is something between a quote and the next column.")


def _lines(text: IO[str]) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        try:
            line = text.readline(MOST_LINE)
        except UnicodeError as error:
            said = _("Line {line} or one soon after it is not written in these letters.")
            raise UnreadableImport(said.format(line=number)) from error
        if not line:
            return
        if len(line) >= MOST_LINE:
            said = _("Line {line} is longer than any line of a table.")
            raise UnreadableImport(said.format(line=number))
        yield line
