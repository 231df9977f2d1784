"""What a rehearsal has told, as a document to be kept, and back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.loyalty.rehearse import MemberChange, Outcome, WhatIf

NAMED = 5
"""How many of those who gain and lose most are kept."""


def rehearsed_document(found: WhatIf) -> dict[str, Any]:
    """It as what JSON can hold."""
    return {
        "orders": found.orders,
        "members": found.members,
        "now": asdict(found.now),
        "then": asdict(found.then),
        "tier_moves": [[*pair, count] for pair, count in found.tier_moves.items()],
        "gaining": found.gaining,
        "losing": found.losing,
        "gain_most": [asdict(one) for one in found.gain_most[:NAMED]],
        "lose_most": [asdict(one) for one in found.lose_most[:NAMED]],
    }


def rehearsed_from(document: Mapping[str, Any]) -> WhatIf:
    """What was told in a document."""
    moves = Counter({(before, after): count for before, after, count in document["tier_moves"]})
    changes = {
        name: [MemberChange(**one) for one in document[name]] for name in ("gain_most", "lose_most")
    }
    sides = {name: Outcome(**document[name]) for name in ("now", "then")}
    return WhatIf(**{**document, **sides, **changes, "tier_moves": moves})
