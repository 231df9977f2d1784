"""What Shopify's refusals mean: whether asking again can help, and when."""

from collections.abc import Mapping
from typing import Any

from app.platforms.base import PlatformError, Unauthorized

MOST_RETRY_AFTER_SECONDS = 3600.0

_TEMPORARY_CODES = {"INTERNAL_SERVER_ERROR", "TIMEOUT"}
_TEMPORARY_STATUS = {402, 423, 429}
_SENTENCES = {
    402: "The shop is frozen until its bill is paid.",
    403: "Shopify does not let us do this in the shop.",
    404: "Shopify does not know that address.",
    423: "The shop is locked.",
    429: "Shopify asks us to slow down.",
}


class Doubtful(PlatformError):
    """No clear answer came, so what was asked for may have been done all the same."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=False)


class TooCostly(PlatformError):
    """One question asked for more than Shopify gives in one answer: ask for a smaller page."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True)


def refuse_status(status: int, retry_after: str | None) -> None:
    """Raise what a status other than 200 means.

    A frozen or locked shop comes back; a redirect is not followed, and may be gone next time.
    """
    sentence = _SENTENCES.get(status, f"Shopify answered with status {status}.")
    if status == 200:
        return
    if status == 401:
        raise Unauthorized("Shopify does not accept our token for the shop.")
    if status >= 500:
        raise Doubtful(sentence)
    raise PlatformError(
        sentence,
        permanent=status >= 400 and status not in _TEMPORARY_STATUS,
        retry_after_seconds=_bounded(retry_after or 0),
    )


def refuse_errors(body: Mapping[str, Any]) -> None:
    """Raise what the `errors` of an answer mean, which come with a status of 200."""
    errors = body.get("errors")
    if not errors:
        return
    described = [error for error in errors if isinstance(error, Mapping)]
    codes = {_code(error) for error in described}
    if "THROTTLED" in codes:
        raise PlatformError(
            _SENTENCES[429], permanent=False, retry_after_seconds=_until_affordable(body)
        )
    if codes & _TEMPORARY_CODES:
        raise Doubtful("Shopify failed while it was answering.")
    if "MAX_COST_EXCEEDED" in codes:
        raise TooCostly("Shopify finds this question too large.")
    if len(described) == len(errors) and all(map(_is_hidden_field, described)):
        return
    if "ACCESS_DENIED" in codes:
        raise PlatformError("The shop has not allowed us to ask for this.", permanent=True)
    reason = said(described) or "no reason given"
    raise PlatformError(f"Shopify did not understand us: {reason}", permanent=True)


def said(errors: list[Mapping[str, Any]]) -> str:
    """What errors say to people, within reason."""
    return "; ".join(str(error.get("message", ""))[:200] for error in errors[:3])


def _code(error: Mapping[str, Any]) -> str:
    extensions = error.get("extensions")
    return str(extensions.get("code", "")) if isinstance(extensions, Mapping) else ""


def _is_hidden_field(error: Mapping[str, Any]) -> bool:
    """Whether one field within the answer is kept from us, such as an e-mail address.

    Shopify then answers the rest and leaves null in its place. A path of one step is the whole
    answer.
    """
    path = error.get("path")
    return _code(error) == "ACCESS_DENIED" and isinstance(path, list) and len(path) > 1


def _until_affordable(body: Mapping[str, Any]) -> float:
    """Seconds until the bucket holds what the question costs."""
    try:
        cost = body["extensions"]["cost"]
        bucket = cost["throttleStatus"]
        missing = float(cost["requestedQueryCost"]) - float(bucket["currentlyAvailable"])
        return _bounded(missing / float(bucket["restoreRate"]))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return 0.0


def _bounded(seconds: float | str) -> float:
    """A wait as a host wishes it, at most an hour; zero for what is no number of seconds."""
    try:
        wished = float(seconds)
    except ValueError:
        return 0.0
    return min(wished, MOST_RETRY_AFTER_SECONDS) if wished > 0 else 0.0
