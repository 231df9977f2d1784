"""Post the opposite of what imports gave, as far as it is still there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.domain.ledger import Account, Reason, Transfer
from app.domain.lots import imported_mark
from app.loyalty.post import Posting
from app.models.member import Member


@dataclass(slots=True)
class Given:
    """What some transfers gave under one mark: the key of the first, and what is left of it."""

    key: str
    label: str
    points: int
    expires_at: datetime | None


def given_under(transfers: Iterable[Transfer], begins: str = "") -> list[Given]:
    """What imports have given by these transfers, by program and mark; no nothings.

    Only what was given under keys that begin so.
    """
    found: dict[tuple[str, str], Given] = {}
    for transfer in transfers:
        if transfer.reason is not Reason.IMPORT or not transfer.key.startswith(begins):
            continue
        place = (transfer.note, imported_mark(transfer.key))
        given = found.setdefault(place, Given(transfer.key, transfer.note, 0, None))
        given.points += transfer.change_of(Account.AVAILABLE)
        given.expires_at = given.expires_at or transfer.expires_at
    return [given for given in found.values() if given.points]


def take_back(
    posting: Posting, member: Member, given: Iterable[Given], ending: str, *, at: datetime
) -> list[tuple[Given, int]]:
    """Post the opposite for a locked member; returns by how many points each has changed.

    What imports took comes first, so that all that can be taken back is there. Nobody is put into
    debt: what was spent or has expired since stays gone.
    """
    done: list[tuple[Given, int]] = []
    for one in sorted(given, key=lambda one: one.points):
        change = -one.points if one.points < 0 else -min(one.points, max(member.available, 0))
        if change:
            posting.add(member, [opposite(one, change, ending, at=at)])
            done.append((one, change))
    return done


def opposite(given: Given, change: int, ending: str, *, at: datetime) -> Transfer:
    """The transfer that changes what an import gave by so many points."""
    sides = (Account.ADJUSTED, Account.AVAILABLE)
    source, target = sides if change > 0 else sides[::-1]
    return Transfer(
        key=f"{given.key}:{ending}",
        source=source,
        target=target,
        points=abs(change),
        occurred_at=at,
        reason=Reason.IMPORT,
        expires_at=given.expires_at if change > 0 else None,
        note=given.label,
    )
