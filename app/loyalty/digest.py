"""The digest of a shop's ledger: what it comes to, whatever way led there.

It is made of the sums per member, order and account, and not of the rows: so two runs over the same
facts have the same one, and so have two ledgers that say the same in different words.
"""

from collections import defaultdict
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.ledger import Account
from app.models.base import ShopId
from app.models.member import Member
from app.models.shop import Shop
from app.models.transfer import all_sums

NAMELESS = "nameless"


def digest(session: Session, shop: Shop) -> str:
    """A shop's ledger in one number, the same on every machine.

    Members go by the platform's id, guests by their keyed hash. Who was forgotten has no name: what
    they held counts, and not which of our ids it stands under.
    """
    names = _names(session, shop.id)
    held: dict[UUID, list[str]] = defaultdict(list)
    for member_id, order_id, sums in all_sums(session, shop.id):
        held[member_id] += [
            f"{order_id or '-'} {account.value} {sums[account]}"
            for account in Account
            if sums[account]
        ]
    members = [
        "\n".join([names.get(member_id, NAMELESS), *sorted(lines)])
        for member_id, lines in held.items()
        if lines
    ]
    return sha256("\n\n".join(sorted(members)).encode()).hexdigest()


def _names(session: Session, shop_id: ShopId) -> dict[UUID, str]:
    query = select(Member.id, Member.customer_id, Member.email_hash).where(
        Member.shop_id == shop_id
    )
    names = {}
    for member_id, customer_id, email_hash in session.execute(query):
        if customer_id is not None:
            names[member_id] = f"customer {customer_id}"
        elif email_hash is not None:
            names[member_id] = f"guest {email_hash}"
    return names
