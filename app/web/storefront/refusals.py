"""Why something cannot be done, in the words and the language of the shopper who asked for it."""

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _

from app.domain.errors import NotEnoughPoints, Refusal

_SENTENCES = {
    "unknown_reward": _("This reward is not there any more."),
    "reward_closed": _("This reward is not open to you at the moment."),
    "unknown_member": _("You are not a member yet. Your first order makes you one."),
    "unknown_redemption": _("We do not find this code among yours."),
    "not_cancelable": _("This code cannot be undone now."),
    "action_closed": _("This cannot be done again so soon."),
    "request_key_reused": _("This request was made before, for something else."),
    "program_not_live": _("The program has not begun yet."),
    "program_paused": _("The program is paused. You keep your points."),
    "unknown_shop": _("The program has not begun yet."),
    "log_in_first": _("Log in to use your points."),
    "not_signed": _("This page is too old. Reload it and try again."),
    "too_many_requests": _("That was a little too often. Please wait a minute."),
    "not_allowed": _("Only the shop's own pages may do this."),
}


def shopper_sentence(refusal: Refusal) -> str:
    """What the shopper reads."""
    if isinstance(refusal, NotEnoughPoints):
        return gettext(
            "This takes %(needed)s points, and you have %(available)s.",
            needed=format_decimal(int(refusal.facts.get("needed", 0))),
            available=format_decimal(int(refusal.facts.get("available", 0))),
        )
    found = _SENTENCES.get(refusal.code)
    return str(found) if found else gettext("We did not understand the request.")
