"""A real server with the admin of one busy shop and of one that is new, for a browser to visit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

from sqlalchemy import select
from werkzeug.serving import make_server

from app.db import Database
from app.domain.effects import FetchOrder
from app.domain.order import Payment
from app.domain.templates import points_and_tiers
from app.jobs.hauls import Hauls
from app.jobs.hosts import SCOPES, platform_of
from app.jobs.tools import Tools
from app.loyalty.adjust import adjust
from app.loyalty.admit import SealedTokens, keep_tokens
from app.loyalty.note_code import code_is_ready
from app.loyalty.publish import publish
from app.loyalty.redeem import redeem
from app.models.api_key import Scope, add_key
from app.models.delivery import Delivery
from app.models.effect import EffectRow, queue
from app.models.member import member_of
from app.models.queue import State, end
from app.vault import Vault
from app.web import create_app
from tests.builders import an_order, refunded, settled
from tests.databases import a_shop
from tests.records import accept
from tests.web.conftest import some_settings
from tests.web.signing import OTHER_SHOP, SHOP, link


class Office:
    """The admin on a port of its own."""

    log_level = "INFO"

    def __init__(self, url):
        self.database = Database(url)
        self.now = datetime.now(UTC)
        with self.database.transaction() as session:
            self.shop = self._busy(session)
            self.member = self._somebody(session)
            self._keys(session, self.shop, self.now - timedelta(days=9))
            self._installed(session, OTHER_SHOP, points_and_tiers("DKK"))
        self._settings = some_settings(public_url="http://127.0.0.1", log_level=self.log_level)
        self._server = make_server(
            "127.0.0.1", 0, create_app(self._settings, self.database), threaded=True
        )
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self):
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.database.close()

    def work(self):
        """Do all the long work that pages have asked for."""
        vault = Vault(self._settings.seal_keys, self._settings.hash_key)
        platform, url = platform_of(self._settings), self._settings.public_url
        hauls = Hauls(Tools(self.database, vault, platform, url), lambda: datetime.now(UTC))
        while hauls.work():
            pass

    def way_in(self, domain=SHOP):
        """The link by which the platform's admin leads here, signed a moment ago."""
        return link("/", shop=domain, timestamp=str(int(datetime.now(UTC).timestamp())))

    def _installed(self, session, domain, program):
        began = self.now - timedelta(days=40)
        facts = {"installed_at": began, "connected_at": began, "timezone": "Europe/Copenhagen"}
        shop = a_shop(session, domain, **facts)
        keep_tokens(session, shop, SealedTokens(b"sealed", None, None, SCOPES))
        publish(session, shop, program, author="Stamkunde", at=began)
        return shop

    def _busy(self, session):
        """A shop in which everything has happened that a page can show."""
        shop = self._installed(session, SHOP, replace(points_and_tiers("DKK"), live=True))
        for days in range(30, 0, -3):
            at = self.now - timedelta(days=days)
            moments = {"placed_at": at, "paid_at": at, "updated_at": at}
            order = an_order(str(1000 + days), total_minor=123_45 * days, **moments)
            settled(session, shop, order, at=at)
            if days % 4 == 0:
                settled(session, shop, refunded(order), at=at + timedelta(hours=1))
        at = self.now - timedelta(minutes=2)
        moments = {"placed_at": at, "paid_at": at, "updated_at": at}
        settled(session, shop, an_order("1031", test=True, **moments), at=at)
        moments["paid_at"] = None
        settled(session, shop, an_order("1032", payment=Payment.PENDING, **moments), at=at)
        facts = {"customer_id": "7", "reward_code": "fifty-off", "request_key": "k"}
        redemption = redeem(session, shop, **facts, code="STAM-8K2M-QX4P", at=at)
        code_is_ready(session, shop, redemption.id, at=at)
        member = member_of(session, shop.id, "7")
        adjust(session, shop, member.id, 50, note="Sorry for the wait", key="k", at=at)
        self._queues(session, shop, at)
        return shop

    def _somebody(self, session):
        return member_of(session, self.shop.id, "7")

    def _keys(self, session, shop, at):
        """A tool that is in use, and one whose key was revoked."""
        for number, name in enumerate(("Trustmate (reviews)", "Till in the old shop")):
            facts = {"public_id": f"K7Q2M9XAB{number}", "secret_hash": "", "by": SHOP, "at": at}
            key = add_key(session, shop.id, name=name, scopes=[*Scope][: number + 1], **facts)
            key.used_at = at + timedelta(days=9 - 6 * number)
            key.revoked_at = at + timedelta(days=4) if number else None

    def _queues(self, session, shop, at):
        queue(session, shop.id, [FetchOrder("1033")], at=at)
        for number, topic in enumerate(("orders/create", "orders/paid", "refunds/create")):
            facts = {"topic": topic, "body_sealed": b"sealed", "triggered_at": None, "at": at}
            accept(session, shop.id, delivery_id=f"d{number}", **facts)
        session.flush()
        for table, error in ((Delivery, "total_price: not an amount"), (EffectRow, "Not found.")):
            row = session.scalars(select(table).where(table.shop_id == shop.id)).first()
            end(row, State.DEAD, now=at, error=error)
