"""What the app would answer a shopper's widget: a member, a guest, a preview, and redemptions."""

from collections.abc import Mapping
from typing import Any

Answer = dict[str, Any]

REWARDS = (
    {"code": "fifty-off", "name": "50 kr. off", "kind": "amount_off", "cost_points": 500},
    {"code": "free-shipping", "name": "Free shipping", "kind": "shipping", "cost_points": 300},
    {"code": "ten-percent", "name": "10 % off", "kind": "percent_off", "cost_points": 800},
)


def rewards_for(balance: int) -> list[Answer]:
    """The rewards as a balance sees them."""
    return [
        reward
        | {
            "affordable": balance >= reward["cost_points"],
            "missing_points": max(0, reward["cost_points"] - balance),
            "minimum_subtotal_minor": 200_00 if reward["code"] == "fifty-off" else None,
            "terms": "On orders from 200\xa0kr." if reward["code"] == "fifty-off" else None,
        }
        for reward in REWARDS
    ]


def a_guest() -> Answer:
    """The answer to someone who is not logged in."""
    return {
        "locale": "en",
        "currency": "DKK",
        "currency_digits": 2,
        "currency_pattern": "{amount}\xa0kr.",
        "live": True,
        "paused": None,
        "program": {
            "name": "Nordlys Club",
            "earn": [{"text": "1 point for every 1 kr."}],
            "tiers": [],
        },
        "campaigns": [{"text": "Double weekend: 2 × the points (Saturday, Sunday)"}],
        "member": None,
        "rewards": rewards_for(0),
        "redemptions": [],
        "history": [],
    }


def a_member(balance: int = 740, **changes: Any) -> Answer:
    """The answer to a member on the way from Silver to Gold."""
    member = {
        "balance": balance,
        "pending": 20,
        "tier": {"code": "silver", "name": "Silver"},
        "next_tier": {
            "code": "gold",
            "name": "Gold",
            "missing": 120_00,
            "measure": "spend",
            "progress": 0.42,
        },
        "expiring": {"points": 100, "day": "Jan 1, 2027", "days": 40},
    }
    history = [{"day": "Nov 20, 2026", "points": 120, "text": "Order #1001"}]
    return a_guest() | {
        "member": member | changes,
        "rewards": rewards_for(balance),
        "history": history,
    }


def a_rich_member() -> Answer:
    """The answer to a member who has done everything, with a code in every state."""
    states = ("issuing", "ready", "canceling", "used", "canceled", "expired", "failed")
    return a_member(1_234_567, next_tier=None) | {
        "redemptions": [a_redemption(number, state) for number, state in enumerate(states)]
    }


def a_member_with_a_slider(balance: int = 740) -> Answer:
    """The answer to a member who may take as much off as they like, in steps of 100 points."""
    slider = {
        "code": "slide",
        "name": "Money off",
        "kind": "slider",
        "cost_points": 100,
        "affordable": True,
        "missing_points": 0,
        "minimum_subtotal_minor": None,
        "terms": "100 points give 10 kr. off.",
        "slider": {"step": 100, "off_minor": 10_00, "most": balance - balance % 100},
    }
    answer = a_member(balance)
    return answer | {"rewards": [slider, *answer["rewards"]]}


def a_preview() -> Answer:
    """The answer while the merchant has not gone live."""
    return a_member() | {"live": False}


def a_redemption(number: int, state: str, reward: Mapping[str, Any] = REWARDS[0]) -> Answer:
    """A reward bought, with its code."""
    return {
        "id": f"redemption-{number}",
        "code": f"STAM-8K2M-{number:04}",
        "reward": reward["name"],
        "state": state,
        "cost_points": reward["cost_points"],
        "last_day": "Feb 1, 2027",
        "cancelable": state in {"issuing", "ready"},
        "apply": f"/discount/STAM-8K2M-{number:04}?redirect=/cart" if state == "ready" else None,
    }
