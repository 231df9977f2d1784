"""What shoppers read of points for what they do beside buying."""

from flask_babel import format_decimal, ngettext
from sqlalchemy.orm import Session

from app.domain.program import Program
from app.domain.rules import ActionKind, ActionRule
from app.loyalty.tell import told_actions
from app.models.api_key import Scope, may_any_key
from app.models.base import ShopId
from app.web.languages import locale_of_request


def ways_beside_buying(program: Program, *, is_told: bool) -> list[str]:
    """A sentence for each deed that gives points, but for custom ones without a name.

    Only a birthday is known without a tool that tells us: unless one does (`is_told`), the others
    would not be rewarded.
    """
    untold = () if is_told else told_actions(program)
    ways = [_way(action) for action in program.actions if action not in untold]
    return [way for way in ways if way]


def deeds_are_told(session: Session, shop_id: ShopId, program: Program) -> bool:
    """Whether a tool of the shop may tell us of what a program rewards beside buying."""
    return bool(told_actions(program)) and may_any_key(session, shop_id, Scope.TELL_DEEDS)


def _way(action: ActionRule) -> str:
    said = {"points": format_decimal(action.points)}
    if action.name is not None:
        return ngettext(
            "%(name)s: %(points)s point",
            "%(name)s: %(points)s points",
            action.points,
            name=action.name.in_locale(locale_of_request()),
            **said,
        )
    match action.kind:
        case ActionKind.BIRTHDAY:
            return ngettext(
                "%(points)s point on your birthday",
                "%(points)s points on your birthday",
                action.points,
                **said,
            )
        case ActionKind.REVIEW:
            return ngettext(
                "%(points)s point for a review",
                "%(points)s points for a review",
                action.points,
                **said,
            )
        case ActionKind.NEWSLETTER:
            return ngettext(
                "%(points)s point for joining our newsletter",
                "%(points)s points for joining our newsletter",
                action.points,
                **said,
            )
        case ActionKind.SURVEY:
            return ngettext(
                "%(points)s point for answering a survey",
                "%(points)s points for answering a survey",
                action.points,
                **said,
            )
        case ActionKind.SOCIAL:
            return ngettext(
                "%(points)s point for following or sharing us",
                "%(points)s points for following or sharing us",
                action.points,
                **said,
            )
        case _:
            return ""
