"""How long to wait before the next try: longer each time, and never all at once."""

from datetime import timedelta

from tenacity import RetryCallState, Retrying
from tenacity.wait import wait_exponential_jitter

_WAIT = wait_exponential_jitter(multiplier=2, exp_base=3, max=3600, jitter=2)


def wait_after(attempts: int, *, at_least_seconds: float = 0.0) -> timedelta:
    """The wait after so many tries: about 2 s, 6 s, 18 s … up to an hour.

    A platform that says when to come back is believed, within a day.
    """
    state = RetryCallState(Retrying(), None, (), {})
    state.attempt_number = attempts
    return timedelta(seconds=max(_WAIT(state), min(at_least_seconds, 86_400)))
