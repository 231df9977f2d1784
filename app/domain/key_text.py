"""The text of a key: which shop's it is, its public part, and what nobody but its tool knows."""

import re
from dataclasses import dataclass

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
LENGTH = 43
"""So many of them are as hard to guess as 256 bits."""

_FORM = re.compile(
    r"stamkunde_(?P<shop>[1-9][0-9]{0,17})_(?P<public>[2-9A-HJ-NP-Z]{10})_(?P<secret>[0-9A-Za-z]{43})"
)
"""It begins with our name, so that whoever finds one in a file knows what to revoke."""


@dataclass(frozen=True, slots=True)
class KeyText:
    """A key as its tool sends it."""

    shop_id: int
    public_id: str
    secret: str

    def __str__(self) -> str:
        return f"{shown(self.shop_id, self.public_id)}{self.secret}"

    def __repr__(self) -> str:
        return f"KeyText({shown(self.shop_id, self.public_id)}…)"


def shown(shop_id: int, public_id: str) -> str:
    """What of a key may be read by everybody: its beginning."""
    return f"stamkunde_{shop_id}_{public_id}_"


def read_key(text: str) -> KeyText | None:
    """A key from its text; None for what is none of ours."""
    found = _FORM.fullmatch(text)
    return KeyText(int(found["shop"]), found["public"], found["secret"]) if found else None
