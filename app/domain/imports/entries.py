"""What an import gives somebody: a position, of which only the difference is ever posted.

All that one program has brought to a member is one position, lot by lot. So the same table twice
gives once, a newer one gives what has changed, and undoing gives back what that import gave.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from app.domain.imports.lines import Told
from app.domain.ledger import Account, Reason, Transfer
from app.domain.lots import holding, imported_mark

OPEN = "open"
"""The mark of points whose table does not say when they expire."""
OF_HISTORY = "on-"
"""What the marks of a history's lines begin with."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Points under a mark, which is theirs in every table of one program.

    `happened_at` None is now; `expires_at` None is as the program says.
    """

    mark: str
    points: int
    happened_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """By how many points what stands under a mark changes, to be posted."""

    entry: Entry
    change: int


def entries_of(told: Iterable[Told]) -> tuple[Entry, ...]:
    """What the lines about one person come to; a line that is there twice counts once."""
    found: dict[str, Entry] = {}
    for one in told:
        if one.change is not None and one.happened_at is not None:
            entry = Entry(_moment_mark(one), one.change, one.happened_at, one.expires_at)
        elif one.points is not None:
            entry = Entry(lot_mark(one), one.points, None, one.expires_at)
        else:
            continue
        if entry.points:
            found.setdefault(entry.mark, entry)
    return tuple(sorted(found.values(), key=lambda one: (one.happened_at is None, _when(one))))


def _when(entry: Entry) -> tuple[float, str]:
    return (entry.happened_at.timestamp() if entry.happened_at else 0.0, entry.mark)


def lot_mark(told: Told) -> str:
    """Under which mark a balance or a lot stands: by the day on which it expires."""
    return f"until-{int(told.expires_at.timestamp())}" if told.expires_at else OPEN


def _moment_mark(told: Told) -> str:
    """Under which mark a line of a history stands: by all that it says.

    Only a digest of it, since the ledger keeps its keys for good.
    """
    said = f"{told.happened_at} {told.change} {told.reason}"
    return f"{OF_HISTORY}{sha256(said.encode()).hexdigest()[:20]}"


def key_of(import_id: str, line: int, mark: str) -> str:
    """The key of what an import gives by a line."""
    return f"{Reason.IMPORT}:{import_id}:{line}:{mark}"


def given_by(transfers: Iterable[Transfer], label: str) -> dict[str, Entry]:
    """What a program has brought by these transfers, by mark; what is taken back is left out."""
    found: dict[str, Entry] = {}
    for transfer in transfers:
        if transfer.reason is not Reason.IMPORT or transfer.note != label:
            continue
        mark, change = imported_mark(transfer.key), transfer.change_of(Account.AVAILABLE)
        before = found.get(mark)
        expires_at = transfer.expires_at
        if change < 0:
            expires_at = before.expires_at if before else None
        points = change + (before.points if before else 0)
        found[mark] = Entry(mark, points, transfer.occurred_at, expires_at)
    return {mark: entry for mark, entry in found.items() if entry.points}


def left_of(ledger: Sequence[Transfer], label: str) -> Counter[str]:
    """How many of the points that a program brought are still in their lots, by mark."""
    brought = {one.key for one in ledger if one.reason is Reason.IMPORT and one.note == label}
    left = Counter[str]()
    for lot in holding(ledger).lots:
        if lot.key in brought:
            left[imported_mark(lot.key)] += lot.points
    return left


def steps_to(
    given: Mapping[str, Entry], wanted: Sequence[Entry], *, is_history: bool
) -> list[Step]:
    """What is to be posted so that a program has brought what its newest table says.

    What comes is posted before what goes, so that what goes is there. A history adds to the lines
    that came before, and takes the place of a mere balance; a balance takes the place of all.
    """
    steps: list[Step] = []
    for entry in wanted:
        before = given.get(entry.mark)
        if change := entry.points - (before.points if before else 0):
            steps.append(Step(entry, change))
    marks = {entry.mark for entry in wanted}
    for mark, entry in given.items():
        stays = is_history and mark.startswith(OF_HISTORY)
        if mark not in marks and not stays:
            steps.append(Step(entry, -entry.points))
    # A history is posted in the order of its days.
    return steps if is_history else sorted(steps, key=lambda step: step.change < 0)


def possible(
    steps: Sequence[Step], given: Mapping[str, Entry], left: Mapping[str, int], *, at: datetime
) -> list[Step]:
    """The steps towards a balance, as far as what they take back is still in its own lots.

    What was spent of a lot is forgiven: nobody pays for it with points from elsewhere, however
    often the table is brought. It counts for points that come instead, under another day. What has
    expired is over.
    """
    downs: list[Step] = []
    spent = 0
    for step in (one for one in steps if one.change < 0):
        mark = step.entry.mark
        there = min(-step.change, left.get(mark, 0))
        ends = given[mark].expires_at
        if ends is None or at < ends:
            spent += -step.change - there
        downs.append(replace(step, change=-there))
    ups: list[Step] = []
    for step in (one for one in steps if one.change > 0):
        had = min(step.change, spent)
        spent -= had
        ups.append(replace(step, change=step.change - had))
    return [step for step in ups + downs if step.change]
