"""The running shop: its settings, its records, its sender and its API, held together."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from demoshop.admin_api.run import Desk
from demoshop.config import Settings
from demoshop.host.faults import Faults
from demoshop.host.sender import Sender
from demoshop.records.app_grant import AuthorizationCode, Token
from demoshop.records.base import Database
from demoshop.records.call import ApiCall
from demoshop.records.customer import Customer, seed_personas
from demoshop.records.discount import BulkCreation, Discount
from demoshop.records.gift import GiftCard, StoreCredit
from demoshop.records.metafield import Metafield
from demoshop.records.order import Order, OrderLine, Refund, RefundLine
from demoshop.records.review import Review
from demoshop.records.setting import Setting, set_setting, setting
from demoshop.records.webhook import Attempt, ScriptTag, Subscription, Webhook

HISTORY = (
    Attempt,
    Webhook,
    ApiCall,
    RefundLine,
    Refund,
    OrderLine,
    Order,
    BulkCreation,
    Discount,
    GiftCard,
    StoreCredit,
    Metafield,
    Review,
    Customer,
)
APP_THINGS = (Subscription, ScriptTag, Token, AuthorizationCode)


class Machine:
    """Everything a request needs. One per process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.data)
        self.sender = Sender(settings, self.database)
        self.desk = Desk()
        self.faults = Faults()
        with self.transaction() as session:
            seed_personas(session, datetime.now(UTC))

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A unit of work; what it queued is sent as soon as it is kept."""
        with self.database.transaction() as session:
            yield session
        self.sender.wake()

    def session_key(self) -> str:
        """The key that signs the storefront's cookies, made once."""
        with self.transaction() as session:
            key: str = setting(session, "session_key") or secrets.token_hex(32)
            set_setting(session, "session_key", key)
        return key

    def reset(self, *, everything: bool) -> None:
        """Forget orders, codes, webhooks, weather and faults; the installation too if asked."""
        with self.transaction() as session:
            for table in HISTORY + (APP_THINGS if everything else ()):
                session.execute(delete(table))
            forgotten = ["order_number", "chaos", "messages", "embed_only"]
            if everything:
                forgotten += ["installed_scope", "installed_at", "app_embed", "review_key"]
            for name in forgotten:
                row = session.get(Setting, name)
                if row is not None:
                    session.delete(row)
            seed_personas(session, datetime.now(UTC))
        self.desk = Desk()
        self.faults.strike(None)
        self.faults.set_clock(0)

    def close(self) -> None:
        """Stop sending and let go of the file."""
        self.faults.over.set()
        self.sender.stop()
        self.database.close()
