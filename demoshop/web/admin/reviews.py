"""The review app in the back office: its key to Stamkunde, and what it has told."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from demoshop.products import BY_HANDLE
from demoshop.records.review import Review, latest_reviews, unrewarded
from demoshop.records.setting import set_setting, setting
from demoshop.reviewing.api import Action, NotTold, api_address, rewarded_action
from demoshop.reviewing.tell import KEY, tell, tell_unrewarded
from demoshop.web.here import machine

bp = Blueprint("admin_reviews", __name__, url_prefix="/admin/reviews")

MOST_KEY = 200
MOST_SHOWN = 100


@bp.get("")
def show() -> ResponseReturnValue:
    """Whether the app has a key that works, what a review gives, and every review."""
    here = machine()
    with here.transaction() as db:
        key: str | None = setting(db, KEY)
        reviews, waiting = latest_reviews(db, MOST_SHOWN), len(unrewarded(db))
    action, wrong = _standing(key)
    return render_template(
        "admin/reviews.html",
        # What comes last is the secret.
        beginning=f"{key.rpartition('_')[0]}_" if key else None,
        action=action,
        wrong=wrong,
        reviews=reviews,
        waiting=waiting,
        titles={handle: product.title() for handle, product in BY_HANDLE.items()},
        address=api_address(here.settings),
        app=here.settings.app_url,
    )


@bp.post("/key")
def keep_key() -> ResponseReturnValue:
    """Keep a key, or forget it with an empty field; what waits is told at once."""
    key = request.form.get("key", "").strip()
    if len(key) > MOST_KEY or not key.isascii() or not key.isprintable():
        flash("That is no key. Copy all of it from the page that has made it.")
        return redirect("/admin/reviews")
    with machine().transaction() as db:
        set_setting(db, KEY, key or None)
    flash(f"The key is kept. {_told()}" if key else "The key is forgotten.")
    return redirect("/admin/reviews")


@bp.post("/tell")
def tell_all() -> ResponseReturnValue:
    """Tell every review that has given nothing yet."""
    flash(_told())
    return redirect("/admin/reviews")


@bp.post("/<int:number>/tell")
def tell_again(number: int) -> ResponseReturnValue:
    """Tell one review, also one that was rewarded."""
    here = machine()
    tell(here, number)
    with here.transaction() as db:
        review = db.get(Review, number)
    flash(review.answer if review else "There is no such review.")
    return redirect("/admin/reviews")


def _standing(key: str | None) -> tuple[Action | None, str]:
    """What a review gives by the key; None, and why it gives nothing."""
    if key is None:
        return None, ""
    try:
        return rewarded_action(machine().settings, key), ""
    except NotTold as why:
        return None, str(why)


def _told() -> str:
    """Tell what waits, and say what came of it."""
    rewarded = tell_unrewarded(machine())
    return f"{rewarded} {'review was' if rewarded == 1 else 'reviews were'} rewarded."
