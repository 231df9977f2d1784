"""Who asks with a key: whether it is right, how often it may ask, and what it may do.

Wrong keys are counted by address. Many shops' tools ask from one address, so a key that was right
within a day is looked at however many others were wrong there; any other waits for its minute.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from hmac import compare_digest
from typing import ParamSpec, TypeVar

from flask import current_app, g, request
from limits import RateLimitItemPerDay, RateLimitItemPerMinute
from sqlalchemy.exc import DBAPIError

from app.domain.key_text import KeyText, read_key
from app.domain.sentence import Sentence as _
from app.models.api_key import ApiKey, Scope, note_use
from app.models.shop import Shop
from app.web import parts, sessions
from app.web.errors import KeyRefused, ScopeMissing
from app.web.storefront.wishes import count_wish, counter_of, refuse_beyond

OF_A_KEY = RateLimitItemPerMinute(600)
WRONG_KEYS = RateLimitItemPerMinute(120)

_RIGHT_ON_A_DAY = RateLimitItemPerDay(1, 2)
"""No limit: what is counted by it was right on a day, and is remembered through the next one."""

Args = ParamSpec("Args")
Answer = TypeVar("Answer")


def admit_tool() -> None:
    """Let a tool in that brings a key of a shop that is with us. Raises KeyRefused and TooOften."""
    at = parts.now()
    text = read_key(sessions.token_in_header() or "")
    if text is None:
        raise KeyRefused(_("Send a key: Authorization: Bearer stamkunde_…"))
    hashed = parts.vault().key_hash(str(text))
    of_address = (WRONG_KEYS, ("wrong key", request.remote_addr or ""))
    today, yesterday = (
        (_RIGHT_ON_A_DAY, "right key", str(day), hashed)
        for day in (at.date(), at.date() - timedelta(days=1))
    )
    counter = counter_of(current_app)
    if counter.test(*today) and counter.test(*yesterday):
        refuse_beyond(*of_address)
    try:
        shop, key = _shop_and_key(text, hashed)
    except KeyRefused:
        count_wish(of_address)
        raise
    counter.hit(*today)
    g.key = key
    g.shop_id, g.shop_domain, g.timezone = shop.id, shop.domain, shop.timezone
    # Counted when it is known to be theirs: nobody else can use up what a tool may ask.
    count_wish((OF_A_KEY, ("key", str(shop.id), key.id)))
    if not key.was_used_lately(at=at):
        _note_use(key, at)


def _shop_and_key(text: KeyText, hashed: str) -> tuple[Shop, ApiKey]:
    """The key that was sent and its shop. Raises KeyRefused for none that lets anybody in."""
    with parts.database().reading() as session:
        shop = session.get(Shop, text.shop_id)
        key = session.get(ApiKey, (text.shop_id, text.public_id))
    if key is None or not compare_digest(key.secret_hash, hashed):
        raise KeyRefused(_("There is no such key."))
    if key.revoked_at is not None or shop is None or shop.state not in sessions.OPEN_TO:
        raise KeyRefused(_("This key was revoked."))
    return shop, key


def _note_use(key: ApiKey, at: datetime) -> None:
    """Note that a key is in use. No tool is kept out because it cannot be written."""
    try:
        with parts.database().transaction() as session:
            note_use(session, key, at=at)
    except DBAPIError:
        return


def needs(scope: Scope) -> Callable[[Callable[Args, Answer]], Callable[Args, Answer]]:
    """Let only a key that may do this use a route. Raises ScopeMissing."""

    def guarded(view: Callable[Args, Answer]) -> Callable[Args, Answer]:
        @wraps(view)
        def asked(*args: Args.args, **kwargs: Args.kwargs) -> Answer:
            if scope not in g.key.may:
                raise ScopeMissing(
                    _("This key may not do that: it lacks {scope}.").format(scope=scope.value)
                )
            return view(*args, **kwargs)

        return asked

    return guarded
