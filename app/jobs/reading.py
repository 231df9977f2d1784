"""Read an import's file into lines, as a stream: memory does not grow with the file.

Lines are noted some at a time. Whoever goes on after a worker died begins at the file's beginning,
and passes over what is noted already.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo

from app.domain.errors import UnreadableImport
from app.domain.imports.lines import Reading, Told, WrongLine, told_in
from app.domain.imports.writing import WrongRecord, records, text_in
from app.domain.sentence import Sentence as _
from app.domain.tiers import Tiers
from app.jobs.opened import opened
from app.jobs.steps import hold
from app.jobs.tools import Clock, Tools
from app.loyalty.import_people import body_of, wrong_body
from app.loyalty.steer_import import GONE
from app.models.base import Document
from app.models.import_line import add_lines, last_line
from app.models.import_run import ImportRun
from app.models.program import Programs
from app.models.shop import Shop
from app.models.stored_file import StoredFile

AT_ONCE = 2000
MOST_LINES = 5_000_000
"""Nobody has as many members."""


def pieces(tools: Tools, run: ImportRun) -> Iterator[bytes]:
    """The bytes of an import's file, piece by piece."""
    is_gone = True
    if run.file_id is not None:
        for piece in opened(tools.database, tools.vault, run.shop_id, run.file_id):
            is_gone = False
            yield piece
    if is_gone:
        raise UnreadableImport(GONE)


def read_table(tools: Tools, run: ImportRun, clock: Clock) -> None:
    """Note all lines of a table. Raises Overtaken, and UnreadableImport for what is no table."""
    with tools.database.reading() as session:
        shop = session.get_one(Shop, run.shop_id)
        tiers = Programs(session, shop.id).at(clock()).tiers
        noted = last_line(session, run)
        file = session.get(StoredFile, (run.shop_id, run.file_id))
    if file is None:
        raise UnreadableImport(GONE)
    taken = _Counted(pieces(tools, run))
    reading = Reading.of(run.reading)
    noting = _Noting(run, reading, tools.fingerprint(shop), tiers, shop.zone)
    lines: list[Document] = []
    for number, cells in records(text_in(taken, reading.encoding), reading.separator):
        if number > MOST_LINES:
            raise UnreadableImport(
                _("The file has more than {most} lines.").format(most=MOST_LINES)
            )
        if noting.passes_over(cells) or number <= noted:
            continue
        lines.append(noting.line(number, cells))
        if len(lines) >= AT_ONCE:
            _write(tools, run, lines, (taken.bytes, file.size_bytes), clock)
            lines = []
    _write(tools, run, lines, (file.size_bytes, file.size_bytes), clock)


class _Counted:
    """Pieces, and how many bytes of them were taken."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.bytes = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.bytes += len(piece)
            yield piece


class _Noting:
    """Makes rows of records; the first of these names the columns, where they have names."""

    def __init__(
        self,
        run: ImportRun,
        reading: Reading,
        fingerprint: Callable[[str], str],
        tiers: Tiers,
        zone: tzinfo,
    ) -> None:
        self._run, self._reading, self._fingerprint = run, reading, fingerprint
        self._tiers, self._zone = tiers, zone
        self._names: Sequence[str] | None = None if reading.has_header else ()

    def passes_over(self, cells: Sequence[str] | WrongRecord) -> bool:
        """Whether this is the line with the columns' names."""
        if self._names is not None:
            return False
        self._names = () if isinstance(cells, WrongRecord) else cells
        return True

    def line(self, number: int, cells: Sequence[str] | WrongRecord) -> Document:
        """A record as a row."""
        row: Document = dict.fromkeys(("person", "customer_id", "email_hash", "problem"))
        row |= {"shop_id": self._run.shop_id, "import_id": self._run.id, "line": number}
        row |= {"before": 0, "change": 0}
        try:
            if isinstance(cells, WrongRecord):
                raise WrongLine(None, cells.sentence)
            told = told_in(cells, self._reading, self._tiers, self._zone)
        except WrongLine as wrong:
            return row | {"problem": "wrong", "body": self._wrong(wrong)}
        return row | self._names_of(told) | {"body": body_of(told)}

    def _wrong(self, wrong: WrongLine) -> Document:
        if wrong.column is None:
            return wrong_body(wrong.sentence)
        names = self._names or ()
        name = names[wrong.column].strip()[:60] if wrong.column < len(names) else ""
        return wrong_body(wrong.sentence, column=wrong.column + 1, name=name)

    def _names_of(self, told: Told) -> Document:
        hashed = self._fingerprint(told.email) if told.email is not None else None
        person = f"c:{told.customer_id}" if told.customer_id is not None else f"e:{hashed}"
        return {"person": person, "customer_id": told.customer_id, "email_hash": hashed}


def _write(
    tools: Tools, run: ImportRun, lines: list[Document], far: tuple[int, int], clock: Clock
) -> None:
    with tools.database.transaction() as session:
        row = hold(session, run, now=clock())
        row.done, row.total = far
        if lines:
            add_lines(session, lines)
