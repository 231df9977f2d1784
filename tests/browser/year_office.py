"""The admin of a shop that has lived a whole year, made from a seed, for people to look at."""

from contextlib import closing
from datetime import UTC, datetime, timedelta

from rich.progress import track
from sqlalchemy import select

from app.db import Database
from app.jobs.hosts import SCOPES
from app.loyalty.admit import SealedTokens, keep_tokens
from app.models.member import Member
from app.models.shop import shop_by_domain
from app.simulation.live import Year
from app.simulation.story import DAYS, Scale
from tests.browser.admin_office import Office
from tests.web.signing import SHOP

CUSTOMERS, ORDERS = 150, 1_000


class YearOffice(Office):
    """An office whose busy shop has a year behind it that ended a moment ago."""

    log_level = "ERROR"

    def __init__(self, url):
        begins_at = datetime.now(UTC) - timedelta(days=DAYS)
        self._year = Year(Scale(customers=CUSTOMERS, orders=ORDERS, begins_at=begins_at))
        days = iter(track(range(DAYS), "Living a year"))
        with closing(Database(url)) as database:
            self._year.live(database, lambda _day, _days: next(days))
        next(days, None)
        super().__init__(url)

    def _busy(self, session):
        shop = shop_by_domain(session, self._year.domain)
        shop.domain, shop.platform, shop.name = SHOP, "shopify", "Nordlys"
        shop.connected_at = shop.installed_at
        keep_tokens(session, shop, SealedTokens(b"sealed", None, None, SCOPES))
        self._queues(session, shop, self.now - timedelta(minutes=2))
        return shop

    def _somebody(self, session):
        most = select(Member).where(Member.shop_id == self.shop.id, Member.customer_id.is_not(None))
        return session.scalars(most.order_by(Member.transfers.desc()).limit(1)).one()
