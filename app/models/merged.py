"""Who members were before: the rows of those who were merged into them."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Select, select

from app.models.base import ShopId
from app.models.member import Member


def merged_into(shop_id: ShopId, member_ids: Collection[UUID]) -> Select[UUID]:
    """The ids of whoever was merged into any of these members, in their order.

    What a member has done, was given, or what was written about them is also found under these.
    """
    query = select(Member.id).where(Member.shop_id == shop_id, Member.merged_into.in_(member_ids))
    return query.order_by(Member.id)
