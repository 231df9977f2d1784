"""Who asks, and for which shop: what every page of the admin begins with."""

from dataclasses import dataclass
from datetime import datetime

from flask import g
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.domain.program import Program
from app.models.program import Programs, latest_number
from app.models.shop import Shop
from app.web import sessions


def this_shop(session: Session) -> Shop:
    """The shop whose merchant is signed in."""
    return session.get_one(Shop, g.shop_id)


def author() -> str:
    """By which name a merchant's decision is recorded: the signed-in user, else the shop."""
    return sessions.person()


def author_name(recorded: str) -> str:
    """An author as people read it."""
    user = recorded.removeprefix(sessions.USER)
    if user == recorded:
        return recorded
    return str(gettext("User %(number)s of the shop", number=user))


@dataclass(frozen=True, slots=True)
class Current:
    """A shop's newest revision."""

    number: int
    program: Program
    programs: Programs

    def planned_for(self, at: datetime) -> datetime | None:
        """When it comes into force; None once it is."""
        planned = {number: effective for effective, number in self.programs.scheduled(at)}
        return planned.get(self.number)


def current(session: Session, shop: Shop) -> Current | None:
    """The newest revision; None until the shop's money is known, seconds after it installed."""
    number = latest_number(session, shop.id)
    if not number:
        return None
    programs = Programs(session, shop.id)
    found = Current(number, programs.revision(number), programs)
    g.is_paused = found.program.paused
    return found
