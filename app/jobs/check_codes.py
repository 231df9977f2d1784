"""Compare codes on both sides: those that members hold, and those of ours the platform has."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from app.domain.effects import KillDiscount
from app.jobs.tools import Tools
from app.loyalty.lose_code import lose_code
from app.models.base import ShopId
from app.models.effect import queue
from app.models.held_code import codes_held, states_of
from app.models.redemption import RedemptionState
from app.models.shop import Shop
from app.models.walk import WalkKind, begin_walk, end_walk, note_strays, step_of
from app.platforms.base import Connection

SETTLES = timedelta(minutes=30)
"""How long the platform's list of codes may lag behind: younger ones are left for the next time."""
OVER = (RedemptionState.CANCELED, RedemptionState.EXPIRED, RedemptionState.FAILED)


def check_codes(tools: Tools, connection: Connection, shop_id: ShopId, *, now: datetime) -> None:
    """Give points back for codes that are lost there, end those that are over here.

    A code that carries our name and is in none of our books is only told: somebody may hold it.
    Codes of pools are looked after by their pools.
    """
    with tools.database.transaction() as session:
        begun = begin_walk(session, shop_id, WalkKind.CODES, at=now)
    there = {found.code.upper() for found in connection.codes_of_ours()}
    with tools.database.reading() as session:
        held = codes_held(session, shop_id, made_before=now - SETTLES, at=now)
        states = states_of(session, shop_id, there)
    lost = [
        redemption_id
        for code, redemption_id in held.items()
        if code not in there and connection.is_code_lost(code)
    ]
    over = [redemption_id for redemption_id, state in states.values() if state in OVER]
    strays = sorted(there - states.keys())
    with tools.database.transaction() as session:
        shop = session.get_one(Shop, shop_id)
        settled = sum(lose_code(session, shop, one, at=now) for one in sorted(lost))
        queue(session, shop_id, _ends(over), at=now)
        checked = len(held.keys() | there)
        step_of(session, begun, checked=checked, differences=settled + len(over))
        note_strays(session, shop_id, strays)
        end_walk(session, begun, at=now)


def _ends(redemption_ids: Sequence[UUID]) -> list[KillDiscount]:
    return [KillDiscount(str(one)) for one in redemption_ids]
