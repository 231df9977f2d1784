"""Rebuild a shop's books from its journal: every fact once more, in an empty place.

Two ledgers that say the same have the same digest, so this is the proof that the books follow from
what was recorded, and from nothing else. How far it has come is noted with what was replayed, so
whoever commits now and then can be killed, and goes on.
"""

from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.loyalty.gather import AHEAD, Gathering, Together
from app.loyalty.repeat import repeat
from app.models.base import ShopId
from app.models.fact import (
    FactKind,
    count_facts,
    count_until,
    facts_together,
    first_of_kind,
)
from app.models.program import latest_number
from app.models.rebuild_mark import RebuildMark
from app.models.replaying import Replay, begin_replay, end_replay, replay_from
from app.models.shop import Shop, ShopState, find_shop

Progress = Callable[[int, int], None]

LOT = 2_000
"""Facts after which a rebuild may be killed without having to replay them again."""


def half_named(domain: str) -> str:
    """What a shop is called while it is being rebuilt: nobody asks for it by that name."""
    suffix = " (being rebuilt)"
    return domain[: 255 - len(suffix)] + suffix


class CannotRebuild(Exception):
    """The journal does not say enough; the sentence says what is missing."""


def rebuild(
    source: Session, shop: Shop, target: Session, *, domain: str, progress: Progress
) -> ShopId:
    """Replay a shop's journal into a new shop of that domain; `progress` is told facts and total.

    Returns the new shop's id. Members and redemptions have the ids that they had. What the outside
    was asked for once is queued again, and is the caller's to drop. Raises CannotRebuild for a
    journal that began after the shop did, and for a fact that cannot be repeated.
    """
    rebuilding = Rebuilding(source, shop, domain, progress)
    while rebuilding.lot(target):
        pass
    return rebuilding.end(target)


class Rebuilding:
    """A rebuild that is done lot by lot, each of them in a transaction of its own if one likes."""

    def __init__(self, source: Session, shop: Shop, domain: str, progress: Progress) -> None:
        self._source = source
        self._shop = shop
        self._domain = domain
        self._progress = progress
        self._total = count_facts(source, shop.id)
        self._has_begun = False

    def lot(self, target: Session, most: int = LOT) -> bool:
        """Replay about so many facts more, from the first on; returns whether there are others.

        Raises CannotRebuild as `rebuild` does, for a journal that was changed since half of it was
        replayed, and where another process has ended the same rebuild.
        """
        mark = self._opened(target)
        shop_id = mark.shop_id
        replay, number, done = replay_from(mark.waiting), mark.number, mark.facts
        gone = mark.names_gone
        enough = done + most
        begin_replay(target, replay)
        try:
            journal = facts_together(self._source, self._shop.id, after=number)
            for at_once in Gathering(target, shop_id, replay.newcomers).of(journal):
                try:
                    repeat(target, target.get_one(Shop, shop_id), at_once, replay)
                    target.flush()
                except (Refusal, LookupError, SQLAlchemyError, AssertionError) as error:
                    raise CannotRebuild(_sentence(at_once, error)) from error
                # As another process would, the next one reads everything anew.
                target.expunge_all()
                done, number = done + sum(map(len, at_once)), at_once[-1][0].number
                gone += sum(fact.names_gone for together in at_once for fact in together)
                self._progress(done, self._total)
                if done >= enough:
                    break
        finally:
            end_replay(target)
        mark = target.get_one(RebuildMark, shop_id)
        mark.number, mark.facts, mark.waiting = number, done, replay.document
        mark.names_gone = gone
        target.flush()
        return done < self._total

    def end(self, target: Session) -> ShopId:
        """Let the shop into which all was replayed count as the one whose journal that was.

        Raises CannotRebuild where another process has done so.
        """
        mark = self._opened(target)
        rebuilt = target.get_one(Shop, mark.shop_id)
        target.delete(mark)
        rebuilt.state = self._shop.state
        target.flush()
        return rebuilt.id

    def _opened(self, target: Session) -> RebuildMark:
        """How far the shop has come that is being rebuilt, or else a new one; others wait."""
        opened = find_shop(target, self._domain)
        if opened is None and not self._has_begun:
            opened = _open(self._source, self._shop, target, self._domain)
        mark = None
        if opened is not None:
            mark = target.get(RebuildMark, opened.id, with_for_update=True)
        if mark is None:
            raise CannotRebuild(f"{self._shop.domain} was rebuilt by another process meanwhile.")
        if not self._has_begun:
            replayed = mark.facts, mark.names_gone
            if count_until(self._source, self._shop.id, mark.number) != replayed:
                raise CannotRebuild(
                    f"The journal of {self._shop.domain} was changed where it was replayed already,"
                    " as by an erasure or a merge: begin anew, in an empty database."
                )
            self._has_begun = True
        return mark


def _open(source: Session, shop: Shop, target: Session, domain: str) -> Shop:
    """The shop as it was before its first fact; nobody is let in until it is whole.

    Refuses a journal that begins in the middle: a shop's books begin with its first program.
    """
    if latest_number(source, shop.id):
        first = first_of_kind(source, shop.id, FactKind.PROGRAM)
        if first is None or first.body["number"] != 1:
            since = f"begins on {first.at:%Y-%m-%d}" if first is not None else "is empty"
            raise CannotRebuild(
                f"The journal of {shop.domain} {since}, and its first program is older:"
                " what happened before there was a journal cannot be replayed."
            )
    opened = Shop(domain=domain, platform=shop.platform, installed_at=shop.installed_at)
    if first_of_kind(source, shop.id, FactKind.SHOP) is None:
        # It never told us anything new, so it began as it is.
        opened.name, opened.currency, opened.timezone = shop.name, shop.currency, shop.timezone
    opened.state = ShopState.LEFT
    target.add(opened)
    target.flush()
    target.add(RebuildMark(shop_id=opened.id, waiting=Replay().document))
    target.flush()
    return opened


def _sentence(at_once: list[Together], error: Exception) -> str:
    done = [together for together in at_once if together[0].kind not in AHEAD] or at_once
    first, last = done[0][0], done[-1][-1]
    which = f"Fact {last.number}"
    if first.number != last.number:
        which = f"One of the facts {first.number} to {last.number}"
    reason = error.message if isinstance(error, Refusal) else type(error).__name__
    return f"{which} of {last.at:%Y-%m-%d %H:%M} ({last.kind}) is refused: {reason}"
