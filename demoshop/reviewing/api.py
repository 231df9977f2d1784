"""What the review app asks of Stamkunde's API: what a review gives, and points for one.

A review's number is its Idempotency-Key, so it can be told as often as it takes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from demoshop.config import Settings

TIMEOUT_SECONDS = 3
KIND = "review"
ADVICE = {
    "key_refused": "Make another key, and paste it here.",
    "scope_missing": "Make a key that may tell deeds, and paste it here.",
    "unknown_action": "Tell it again: it then goes under the code of today.",
    "unknown_member": "Who has bought something is a member; tell it again then.",
    "program_not_live": "Go live, then tell it again.",
    "program_paused": "Resume the program, then tell it again.",
    "too_many_requests": "Wait a minute, then tell it again.",
    "unavailable": "Tell it again in a minute.",
}
"""What to do about a refusal, by its code."""


class NotTold(Exception):
    """Nothing could be asked or told for now; the message says why, and what to do."""


class NoSuchAction(NotTold):
    """The program has dropped the action, and the review has given nothing under it."""


@dataclass(frozen=True, slots=True)
class Action:
    """What the program rewards as a review."""

    code: str
    points: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a review has given, and how that is said."""

    points: int
    words: str


def api_address(settings: Settings) -> str:
    """Where the API is."""
    return f"{settings.app_url}/api/v1"


def rewarded_action(settings: Settings, key: str) -> Action:
    """What a review gives now. Raises NotTold, also when it gives nothing."""
    actions = _ask(settings, key, "GET", "/actions").get("actions") or []
    for action in actions:
        if action["kind"] == KIND:
            return Action(action["action"], action["points"])
    raise NotTold(
        "The program rewards no review: it is not live, it is paused, or “Write a review” is not"
        " among its other deeds. Add it under Program."
    )


def tell_review(settings: Settings, key: str, code: str, customer_id: int, number: int) -> Answer:
    """Have a review rewarded; again, it is told what it gave. Raises NotTold, NoSuchAction."""
    told = _ask(
        settings,
        key,
        "POST",
        "/deeds",
        json={"action": code, "customer_id": str(customer_id)},
        headers={"Idempotency-Key": f"review-{number}"},
    )
    if told["again"]:
        return Answer(told["points"], "It was told before, and gave nothing more.")
    return Answer(told["points"], told["reason"] or "It was told, and rewarded.")


def _ask(settings: Settings, key: str, method: str, path: str, **sent: Any) -> Mapping[str, Any]:
    headers = {"Authorization": f"Bearer {key}"} | sent.pop("headers", {})
    try:
        answer = requests.request(
            method,
            f"{api_address(settings)}{path}",
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
            **sent,
        )
    except requests.RequestException as error:
        raise NotTold(
            f"Stamkunde gives no answer at {settings.app_url}. See whether it runs, then tell what"
            " waits."
        ) from error
    told = _read(answer)
    if told is None:
        kind = answer.headers.get("Content-Type", "no type")
        raise NotTold(
            f"{settings.app_url} answered {answer.status_code} with {kind}, which is not"
            " Stamkunde's API. See what answers there, then tell what waits."
        )
    if not answer.ok:
        raise _refusal(answer.status_code, told)
    return told


def _read(answer: requests.Response) -> Mapping[str, Any] | None:
    """The object that was answered; None for anything else, as a proxy's page."""
    try:
        told = answer.json()
    except requests.JSONDecodeError:
        return None
    return told if isinstance(told, dict) else None


def _refusal(status: int, problem: Mapping[str, Any]) -> NotTold:
    code, detail = str(problem.get("code")), problem.get("detail")
    words = f"{detail or f'Stamkunde answered {status}.'} {ADVICE.get(code, '')}".strip()
    return NoSuchAction(words) if code == "unknown_action" else NotTold(words)
