"""The programs a merchant can begin with, in their own currency and all our languages."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.program import Program
from app.domain.sentence import Sentence as _
from app.domain.templates.back import five_percent_back
from app.domain.templates.club import members_club
from app.domain.templates.points import points_and_tiers
from app.domain.templates.spend import spend_tiers
from app.domain.templates.stamps import stamps
from app.domain.templates.words import round_unit

__all__ = ["TEMPLATES", "Template", "points_and_tiers", "round_unit"]


@dataclass(frozen=True, slots=True)
class Template:
    """A program to begin with: what it is called, what it is good for, and how it is made."""

    code: str
    title: str
    summary: str
    make: Callable[[str], Program]


TEMPLATES = {
    template.code: template
    for template in (
        Template(
            "five-percent-back",
            _("5 % back"),
            _(
                "Five percent of every order comes back as points that pay for the next one. Easy"
                " to explain, and the cost is known beforehand."
            ),
            five_percent_back,
        ),
        Template(
            "points-and-three-tiers",
            _("Points and three tiers"),
            _(
                "A point for each unit of money, a quarter or a half more for those who buy more,"
                " and three rewards. What a new shop begins with."
            ),
            points_and_tiers,
        ),
        Template(
            "spend-tiers",
            _("Spend tiers"),
            _(
                "What is bought in a calendar year opens better rewards, kept through the next"
                " year. For shops with a few large customers."
            ),
            spend_tiers,
        ),
        Template(
            "stamps",
            _("Stamps"),
            _(
                "One stamp for each order that is large enough; ten stamps are a reward. For shops"
                " whose orders are alike."
            ),
            stamps,
        ),
        Template(
            "members-club",
            _("Members' club"),
            _(
                "A welcome, a birthday, a newsletter and better weekends for insiders. For shops"
                " that want to be visited, not only bought from."
            ),
            members_club,
        ),
    )
}
