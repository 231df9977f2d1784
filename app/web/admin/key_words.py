"""What keys may do, in words."""

from flask_babel import lazy_gettext as _

from app.models.api_key import Scope

NAMES = {
    Scope.TELL_DEEDS: _("Tell deeds"),
    Scope.READ_MEMBERS: _("Read members"),
    Scope.ADJUST_POINTS: _("Give and take points"),
}
DOES = {
    Scope.TELL_DEEDS: _(
        "Say that a customer wrote a review, joined the newsletter or did something else that the"
        " program rewards. The points and limits of the program hold."
    ),
    Scope.READ_MEMBERS: _("See a customer's points, tier and what expires next."),
    Scope.ADJUST_POINTS: _(
        "Correct balances by any number, with a reason that the member reads. Only for tools that"
        " you trust like a colleague."
    ),
}
