"""Rebuild a shop's books from its journal: every fact once more, in an empty place.

Two ledgers that say the same have the same digest, so this is the proof that the books follow from
what was recorded, and from nothing else.
"""

from collections.abc import Callable

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.loyalty.repeat import repeat
from app.models.base import ShopId
from app.models.fact import (
    FactKind,
    FactRow,
    count_facts,
    facts_together,
    first_of_kind,
)
from app.models.program import latest_number
from app.models.replaying import begin_replay, end_replay
from app.models.shop import Shop

Progress = Callable[[int, int], None]


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
    _refuse_beginnings(source, shop)
    shop_id = _open(source, shop, target, domain)
    total, done = count_facts(source, shop.id), 0
    replay = begin_replay(target)
    try:
        for together in facts_together(source, shop.id):
            try:
                repeat(target, target.get_one(Shop, shop_id), together, replay)
                target.flush()
            except (Refusal, LookupError, SQLAlchemyError, AssertionError) as error:
                raise CannotRebuild(_sentence(together[0], error)) from error
            # As another process would, the next one reads everything anew.
            target.expunge_all()
            done += len(together)
            progress(done, total)
    finally:
        end_replay(target)
    return shop_id


def _refuse_beginnings(source: Session, shop: Shop) -> None:
    """Refuse a journal that begins in the middle: a shop's books begin with its first program."""
    if not latest_number(source, shop.id):
        return
    first = first_of_kind(source, shop.id, FactKind.PROGRAM)
    if first is None or first.body["number"] != 1:
        since = f"begins on {first.at:%Y-%m-%d}" if first is not None else "is empty"
        raise CannotRebuild(
            f"The journal of {shop.domain} {since}, and its first program is older:"
            " what happened before there was a journal cannot be replayed."
        )


def _open(source: Session, shop: Shop, target: Session, domain: str) -> ShopId:
    """The shop as it was before its first fact."""
    opened = Shop(domain=domain, platform=shop.platform, installed_at=shop.installed_at)
    if first_of_kind(source, shop.id, FactKind.SHOP) is None:
        # It never told us anything new, so it began as it is.
        opened.name, opened.currency, opened.timezone = shop.name, shop.currency, shop.timezone
    target.add(opened)
    target.flush()
    return opened.id


def _sentence(fact: FactRow, error: Exception) -> str:
    reason = error.message if isinstance(error, Refusal) else type(error).__name__
    return f"Fact {fact.number} of {fact.at:%Y-%m-%d %H:%M} ({fact.kind}) is refused: {reason}"
