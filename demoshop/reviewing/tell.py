"""Telling reviews: each is kept first, and told when that can be, as often as it takes."""

from demoshop.machine import Machine
from demoshop.records.review import Review, unrewarded
from demoshop.records.setting import setting
from demoshop.reviewing.api import Action, NotTold, rewarded_action, tell_review

KEY = "review_key"
"""The name under which the shop keeps the key."""
NO_KEY = "The review app has no key yet."


def tell(here: Machine, *numbers: int) -> None:
    """Tell some reviews, one after the other, and note what came of it."""
    with here.transaction() as db:
        key: str | None = setting(db, KEY)
        found = [review for number in numbers if (review := db.get(Review, number))]
    try:
        if key is None:
            raise NotTold(NO_KEY)
        action = rewarded_action(here.settings, key)
    except NotTold as why:
        for review in found:
            _note(here, review, review.points, str(why))
        return
    for review in found:
        _tell(here, key, action, review)


def tell_unrewarded(here: Machine) -> int:
    """Tell all that have given nothing yet; how many of them have given something now."""
    with here.transaction() as db:
        waiting = [review.id for review in unrewarded(db)]
    tell(here, *waiting)
    with here.transaction() as db:
        return len(waiting) - len(unrewarded(db))


def _tell(here: Machine, key: str, action: Action, review: Review) -> None:
    try:
        answer = tell_review(here.settings, key, action, review.customer_id, review.id)
    except NotTold as why:
        _note(here, review, review.points, str(why))
    else:
        _note(here, review, answer.points, answer.words)


def _note(here: Machine, review: Review, points: int | None, words: str) -> None:
    with here.transaction() as db:
        current = db.get(Review, review.id)
        # A reset may have emptied the shop meanwhile.
        if current is not None:
            current.points, current.answer = points, words
