"""The digest of a shop's ledger: what it comes to, whatever way led there.

It is made of the sums per member, order and account, and not of the rows: so two runs over the same
facts have the same one, and so have two ledgers that say the same in different words.
"""

from hashlib import sha256
from itertools import groupby

from sqlalchemy.orm import Session

from app.domain.ledger import Account
from app.models.shop import Shop
from app.models.sums import sums_by_name

NAMELESS = "nameless"
_RANGE = 1 << 256


def digest(session: Session, shop: Shop) -> str:
    """A shop's ledger in one number, the same on every machine.

    Members go by the platform's id, guests by their keyed hash. Who was forgotten has no name: what
    they held counts, and not which of our ids it stands under. What the members come to is added
    up, so that nobody has to put a million of them in order.
    """
    total = 0
    for _, rows in groupby(sums_by_name(session, shop.id), key=lambda row: row[0]):
        name, lines = NAMELESS, []
        for _member, customer_id, email_hash, order_id, sums in rows:
            name = _name(customer_id, email_hash)
            lines += [
                f"{order_id or '-'} {account.value} {sums[account]}"
                for account in Account
                if sums[account]
            ]
        if lines:
            written = "\n".join([name, *sorted(lines)])
            total += int.from_bytes(sha256(written.encode()).digest())
    return f"{total % _RANGE:064x}"


def _name(customer_id: str | None, email_hash: str | None) -> str:
    if customer_id is not None:
        return f"customer {customer_id}"
    return f"guest {email_hash}" if email_hash is not None else NAMELESS
