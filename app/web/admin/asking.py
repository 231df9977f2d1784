"""Who asks, and for which shop: what every page of the admin begins with."""

from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.domain.program import Program
from app.models.api_key import AUTHOR
from app.models.program import Programs
from app.models.shop import Shop
from app.web import parts, sessions


def this_shop(session: Session) -> Shop:
    """The shop whose merchant is signed in."""
    return session.get_one(Shop, g.shop_id)


def author() -> str:
    """By which name a merchant's decision is recorded: the signed-in user, else the shop."""
    return sessions.person()


def author_name(recorded: str) -> str:
    """An author as people read it."""
    if recorded.startswith(AUTHOR):
        return str(gettext("Key %(name)s", name=recorded.removeprefix(AUTHOR)))
    user = recorded.removeprefix(sessions.USER)
    if user == recorded:
        return recorded
    return str(gettext("User %(number)s of the shop", number=user))


@dataclass(frozen=True, slots=True)
class Current:
    """A shop's revision in force, and those that follow it by plan: when, and which."""

    number: int
    program: Program
    programs: Programs
    planned: tuple[tuple[datetime, int], ...]

    @property
    def days(self) -> dict[int, datetime]:
        """When each planned revision comes into force."""
        return {number: effective for effective, number in self.planned}


def current(session: Session, shop: Shop) -> Current | None:
    """The revision in force; None until the shop's money is known, seconds after it installed."""
    programs, now = Programs(session, shop.id), parts.now()
    if not programs.newest:
        return None
    number = programs.number_at(now)
    found = Current(number, programs.revision(number), programs, tuple(programs.scheduled(now)))
    g.is_paused = found.program.paused
    return found
