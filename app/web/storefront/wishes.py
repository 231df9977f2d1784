"""How often shoppers may change something: each member, and all members of a shop together.

What a member can gain is bounded by their points; this bounds what they can cost: codes that are
made and given back use up what the platform lets a shop do. Each web process counts for itself, so
several let through as many times as much.

Who asks is known only when their guard has found out; sign-ins are counted before, by address, and
by Flask-Limiter.
"""

from math import ceil
from typing import NoReturn

from flask import Flask, Response, after_this_request, current_app, g, request
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.domain.sentence import Sentence as _
from app.web import parts
from app.web.errors import TooOften

OF_A_MEMBER = RateLimitItemPerMinute(60)
OF_A_SHOP = RateLimitItemPerMinute(1200)

_KEY = "stamkunde_wishes"


def count_wishes(app: Flask) -> None:
    """Have an app count from nothing."""
    app.extensions[_KEY] = FixedWindowRateLimiter(MemoryStorage())


def refuse_too_many() -> None:
    """Count what would change something. Raises TooOften for one wish too many in a minute."""
    # Guests are refused for nothing, and could keep members out if they counted.
    if request.method in ("GET", "HEAD", "OPTIONS") or g.customer_id is None:
        return
    count_wish((OF_A_MEMBER, (g.shop_domain, g.customer_id)), (OF_A_SHOP, (g.shop_domain,)))


def count_wish(*limited: tuple[RateLimitItem, tuple[str, ...]]) -> None:
    """Count one wish by each of these names. Raises TooOften for one beyond the limit of a name."""
    counter = counter_of(current_app)
    for limit, names in limited:
        if not counter.hit(limit, *names):
            _refuse_until_over(limit, names)


def refuse_beyond(limit: RateLimitItem, names: tuple[str, ...]) -> None:
    """Raises TooOften where a limit is reached; counts nothing."""
    if not counter_of(current_app).test(limit, *names):
        _refuse_until_over(limit, names)


def _refuse_until_over(limit: RateLimitItem, names: tuple[str, ...]) -> NoReturn:
    over_at = counter_of(current_app).get_window_stats(limit, *names).reset_time
    _say_when(max(1, ceil(over_at - parts.now().timestamp())))
    raise TooOften(_("That was a little too often. Please wait a minute."))


def counter_of(app: Flask) -> FixedWindowRateLimiter:
    """What an app counts by."""
    counter: FixedWindowRateLimiter = app.extensions[_KEY]
    return counter


def _say_when(seconds: int) -> None:
    @after_this_request
    def say(response: Response) -> Response:
        response.headers["Retry-After"] = str(seconds)
        return response
