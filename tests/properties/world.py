"""A small shop and its regulars, to whom anything may happen.

All of it happens in one transaction that is never committed. Each step is a savepoint: what is
refused leaves nothing behind, and the next step reads everything anew, as another process would.
"""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.domain.errors import Refusal
from app.domain.events import OrderChanged
from app.domain.order import Line, Order, Payment, Refund
from app.jobs.apply import apply
from app.loyalty.publish import publish
from app.loyalty.rebuild import rebuild
from app.models.fact import FactRow
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.shop import Shop
from tests.builders import a_program, an_order
from tests.databases import NOON, a_shop
from tests.records import all_redemptions

CUSTOMERS = ("7", "8", "9")
HASHES = ("hash-a", "hash-b")


class World:
    """One shop in the middle of things, its clock, and the newest versions of its orders."""

    def __init__(self, database, program=None):
        self.session = Session(database.engine, expire_on_commit=False)
        self.session.begin()
        self.written = True
        event.listen(self.session.connection(), "after_cursor_execute", self._note_writing)
        self.now = NOON
        self.count = 0
        self.orders = {}
        self.told = []
        self.has_published = False
        self.shop_id = self._shop("nordlys.myshopify.com", program or a_program())
        self.other_id = self._shop("other.myshopify.com", a_program())
        with self.step(self.other_id) as (session, shop):
            other = an_order(lines=(a_piece("1", 1, 90_00),))
            apply(session, shop, [(changed(other), self.now)])

    def _shop(self, domain, program):
        shop = a_shop(self.session, domain)
        publish(self.session, shop, program, author="test", at=NOON - timedelta(days=400))
        self.session.flush()
        self.session.expunge_all()
        return shop.id

    def _note_writing(self, _connection, cursor, statement, *_):
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) and cursor.rowcount:
            self.written = True

    def close(self):
        """Undo everything."""
        self.session.rollback()
        self.session.close()

    @contextmanager
    def step(self, shop_id=None):
        """The session and the shop for one transaction's worth of work; refusals undo it."""
        try:
            with self.session.begin_nested():
                yield self.session, self.session.get_one(Shop, shop_id or self.shop_id)
        except Refusal:
            pass
        finally:
            self.session.expunge_all()

    def number(self):
        """A number that was never given out before."""
        self.count += 1
        return self.count

    def do(self, work):
        """Have work done at this moment; `work` takes session, shop and moment."""
        with self.step() as (session, shop):
            work(session, shop, self.now)

    def report(self, *events):
        """Have the worker carry out what a platform reports."""
        self.do(lambda session, shop, at: apply(session, shop, [(one, at) for one in events]))

    def rebuilt(self):
        """The id of another shop, rebuilt from the journal of this one."""
        shop = self.session.get_one(Shop, self.shop_id)
        return rebuild(
            self.session,
            shop,
            self.session,
            domain="again.myshopify.com",
            progress=lambda done, total: None,
        )

    def named_in_the_journal(self, column):
        """Whom the journaled facts name, by customer id or by keyed hash."""
        names = getattr(FactRow, column)
        query = select(names).where(FactRow.shop_id == self.shop_id, names.is_not(None))
        return set(self.session.scalars(query))

    def tell(self, order):
        """Report a version of an order, and keep it as the newest one."""
        if order.order_id in self.orders:
            stamp = self.orders[order.order_id].updated_at + timedelta(seconds=1)
            order = replace(order, updated_at=max(stamp, self.now))
        self.orders[order.order_id] = order
        self.told.append(order)
        self.report(changed(order))

    def members(self):
        """All members of the shop."""
        return members_of(self.session, self.shop_id)

    def records(self):
        """All orders that were heard of."""
        query = select(OrderRecord).where(OrderRecord.shop_id == self.shop_id)
        return list(self.session.scalars(query))

    def redemptions_as_they_are(self, shop_id=None):
        """Each redemption's id with how far it is, its code and what it is for."""
        found = all_redemptions(self.session, shop_id or self.shop_id)
        return {one.id: (one.state, one.code, one.entry_order_id, one.entry_tier) for one in found}

    def redemptions(self):
        """All redemptions of the shop, oldest first."""
        return all_redemptions(self.session, self.shop_id)


def members_of(session, shop_id):
    """All members of a shop, oldest first."""
    query = select(Member).where(Member.shop_id == shop_id).order_by(Member.id)
    return list(session.scalars(query))


def chosen(found, pick):
    """One of some things, by a number that need not know how many there are; None of none."""
    return found[pick % len(found)] if found else None


def changed(order):
    """The event of a version."""
    return OrderChanged(order)


def a_piece(line_id, quantity, total_minor, discounts=()):
    """A line, a fifth of it tax."""
    return Line(
        line_id=line_id,
        product_id=f"p{line_id}",
        quantity=quantity,
        current_quantity=quantity,
        total_minor=total_minor,
        tax_minor=total_minor // 5,
        discounts=discounts,
    )


def placed(world, customer_id, email_hash, lines, *, paid, code=None):
    """A new order, now."""
    order_id = str(1000 + world.number())
    return Order(
        order_id=order_id,
        name=f"#{order_id}",
        customer_id=customer_id,
        email_hash=email_hash,
        currency="DKK",
        payment=Payment.PAID if paid else Payment.PENDING,
        placed_at=world.now,
        paid_at=world.now if paid else None,
        updated_at=world.now,
        lines=lines,
        codes=(code,) if code else (),
    )


def a_refund(world, lines=(), extra_minor=0):
    """A refund with an id of its own."""
    return Refund(refund_id=f"r{world.number()}", lines=tuple(lines), extra_minor=extra_minor)
