"""Telling reviews: each is kept first, and told when that can be, as often as it takes."""

from sqlalchemy import update

from demoshop.machine import Machine
from demoshop.records.review import Review, unrewarded
from demoshop.records.setting import setting
from demoshop.reviewing.api import NoSuchAction, NotTold, rewarded_action, tell_review

KEY = "review_key"
"""The name under which the shop keeps the key."""
NO_KEY = "The review app has no key yet."


def tell(here: Machine, *numbers: int) -> None:
    """Tell some reviews, one after the other, and note what came of it."""
    with here.transaction() as db:
        key: str | None = setting(db, KEY)
    try:
        if key is None:
            raise NotTold(NO_KEY)
        action = rewarded_action(here.settings, key)
    except NotTold as why:
        for number in numbers:
            _note(here, number, answer=str(why))
        return
    for number in numbers:
        _tell(here, key, action.code, number)


def tell_unrewarded(here: Machine) -> int:
    """Tell all that have given nothing yet; how many of them have given something now."""
    with here.transaction() as db:
        waiting = [review.id for review in unrewarded(db)]
    tell(here, *waiting)
    with here.transaction() as db:
        told = [review for number in waiting if (review := db.get(Review, number))]
    return sum(bool(review.points) for review in told)


def _tell(here: Machine, key: str, code: str, number: int) -> None:
    with here.transaction() as db:
        review = db.get(Review, number)
        if review is None:
            return
        # Before it is told, as the answer may be lost.
        review.told_as = told_as = review.told_as or code
    try:
        answer = tell_review(here.settings, key, told_as, review.customer_id, number)
    except NoSuchAction as why:
        _note(here, number, answer=str(why), told_as=None)
    except NotTold as why:
        _note(here, number, answer=str(why))
    else:
        _note(here, number, answer=answer.words, points=answer.points)


def _note(here: Machine, number: int, **came: str | int | None) -> None:
    """Note what came of telling, and nothing else: it may have been told meanwhile, too."""
    with here.transaction() as db:
        # No row is there when a reset has emptied the shop meanwhile.
        db.execute(update(Review).where(Review.id == number).values(**came))
