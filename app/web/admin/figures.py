"""The four figures of the home page, each with the words that define it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.domain.ledger import Account
from app.domain.program import Program
from app.domain.worth import measure_of_worth, worth_by
from app.models.member import member_figures
from app.models.shop import Shop
from app.models.transfer import points_between
from app.web.admin.formats import money, number, points

RECENT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it is called, what it is, what it is made of, and how it is defined."""

    name: str
    value: str
    made_of: str
    definition: str
    plain: str = ""
    """The value as a spreadsheet reads it."""


def figures(session: Session, shop: Shop, program: Program, *, at: datetime) -> list[Figure]:
    """The figures of a shop at this moment."""
    members, available, pending, held = member_figures(session, shop.id)
    moved = points_between(session, shop.id, since=at - RECENT, until=at + timedelta(seconds=1))
    issued = _net(moved, Account.ISSUED)
    redeemed = -_net(moved, Account.SPENT)
    return [
        Figure(
            _("Members"),
            number(members),
            "",
            _("Customers in your program, and guests whose points wait for them."),
        ),
        Figure(
            _("Points available now"),
            number(available),
            _("%(pending)s pending · %(held)s held", pending=number(pending), held=number(held)),
            _("What members could spend today. Held points have become a code that is not used."),
        ),
        Figure(
            _("Points issued, last 30 days"),
            number(issued),
            _("%(points)s redeemed", points=number(redeemed)),
            _("Given for orders and for joining, before refunds. Redeemed when a code is used."),
        ),
        _liability(program, available + pending + held),
    ]


def _liability(program: Program, outstanding: int) -> Figure:
    """What all points would cost if everybody spent them."""
    reward = measure_of_worth(program)
    if reward is None:
        return Figure(
            _("Liability"),
            "–",
            points(outstanding),
            _("No reward takes an amount off, so points have no value in money yet."),
        )
    return Figure(
        _("Liability"),
        money(worth_by(reward, max(0, outstanding)), program.currency),
        points(outstanding),
        _(
            "Points available, pending and held, at the value of your cheapest amount reward:"
            " %(points)s = %(money)s",
            points=points(reward.cost_points),
            money=money(reward.off_minor, program.currency),
        ),
    )


def _net(moved: dict[tuple[str, str], int], account: Account) -> int:
    """What left an account, less what came back to it."""
    return sum(
        count * ((source == account) - (target == account))
        for (source, target), count in moved.items()
    )
