"""Make a key for a tool of the shop: its text is told to whoever asks, and nowhere kept."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.errors import KeyReused
from app.domain.key_text import KeyText
from app.domain.sentence import Sentence as _
from app.models.api_key import ApiKey, Scope, add_key
from app.models.shop import Shop

Letters = Callable[[str], tuple[str, str]]
"""From a wish that nobody can guess to a public and a secret part, always the same."""
Hash = Callable[[str], str]


def make_key(
    session: Session,
    shop: Shop,
    wish: str,
    *,
    letters: Letters,
    hashed: Hash,
    name: str,
    scopes: Collection[Scope],
    by: str,
    at: datetime,
) -> tuple[KeyText, bool]:
    """The key that a wish comes to, and whether it is new: the same wish again is the same key.

    The caller holds the shop, so that of two who wish it at once one finds what the other made.
    Raises KeyReused where that key was revoked, or was made under another name or for other things.
    """
    text = KeyText(shop.id, *letters(f"{shop.domain}/{wish}"))
    made = session.get(ApiKey, (shop.id, text.public_id))
    if made is not None:
        if made.revoked_at is not None or (made.name, {*made.may}) != (name, {*scopes}):
            raise KeyReused(_("This form has made a key before. Send it again to make another."))
        return text, False
    add_key(
        session,
        shop.id,
        public_id=text.public_id,
        name=name,
        secret_hash=hashed(str(text)),
        scopes=scopes,
        by=by,
        at=at,
    )
    return text, True
