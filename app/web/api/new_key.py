"""Make a key: its text is returned once, and nowhere kept."""

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.key_text import LENGTH, LETTERS, KeyText
from app.models.api_key import Scope, add_key
from app.models.shop import Shop
from app.vault import Vault, letters_of


def make_key(
    session: Session,
    shop: Shop,
    vault: Vault,
    *,
    name: str,
    scopes: Collection[Scope],
    by: str,
    at: datetime,
) -> KeyText:
    """A key that works as soon as the caller commits; the only sight of its secret."""
    secret = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    text = KeyText(shop.id, letters_of(secrets.token_bytes(10)), secret)
    hashed = vault.key_hash(str(text))
    add_key(
        session,
        shop.id,
        public_id=text.public_id,
        name=name,
        secret_hash=hashed,
        scopes=scopes,
        by=by,
        at=at,
    )
    return text
