"""Award an order: gather what its program asks about, and fix what the order gives."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.earning import Award, Context, NoPoints, award_for
from app.domain.effects import FetchProduct
from app.domain.firing import basis_minor
from app.domain.order import Order
from app.domain.products import with_facts
from app.domain.program import Program
from app.loyalty.enroll import counting_from
from app.loyalty.history import Histories, histories
from app.models.member import Member
from app.models.order import OrderRecord
from app.models.product import Product, products_by_id
from app.models.program import Programs
from app.models.shop import Shop
from app.models.tally import Tally, lock_tallies

CATALOG_LIVES = timedelta(days=1)
"""How old what we know of a product may be before it is fetched anew; meanwhile it is used."""


END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a program asks about besides the order, worked out once for all orders of a batch."""

    catalog: bool
    history: bool
    budgets: dict[str, int]


class Awarding:
    """What awarding the orders of a batch needs, read and locked before the first is looked at."""

    def __init__(
        self,
        shop: Shop,
        programs: Programs,
        histories: Histories,
        products: dict[str, Product],
        tallies: dict[str, Tally],
    ) -> None:
        self._shop = shop
        self._zone = shop.zone
        self._programs = programs
        self._histories = histories
        self.merging = False
        """Whether these orders come with a merge: a first order was there before, whenever."""
        self._products = products
        self._tallies = tallies
        self._fetch: set[str] = set()
        self._asking: dict[int, _Asking] = {}

    @property
    def effects(self) -> list[FetchProduct]:
        """What is to be fetched from the catalog, by the orders so far."""
        return [FetchProduct(product_id) for product_id in sorted(self._fetch)]

    def award(self, record: OrderRecord, order: Order, owner: Member, *, at: datetime) -> None:
        """Fix what the order gives when it first counts, and again when an edit changes its goods.

        Revision and tier stay those that it began with, but for an order that earned nothing in a
        preview and that a live program counts after all: that one begins anew. An order whose
        program asks the catalog about products that we have not heard of waits until we have.
        """
        begun = self._standing(record.award, order)
        number = begun.revision if begun else self._programs.number_at(counting_from(order))
        program = self._programs.revision(number)
        asking = self._asking_of(number)
        award = begun
        if begun is None or begun.basis_minor != basis_minor(order, program):
            known = self._with_catalog(record, order, at) if asking.catalog else order
            if known is not None:
                tiers = program.tiers
                tier = tiers.named(begun.tier if begun else owner.tier) or tiers.reached(0)
                context = self._context(program, asking, begun, owner, order)
                record.award = award = award_for(known, program, number, tier, context)
                self._count(asking, begun, award)
        is_sale = award is not None and not (award.why_none and award.why_none.is_no_sale)
        record.spend_minor = order.remaining_minor if is_sale and not record.wiped else 0
        if asking.history:
            self._histories.note(record)

    def _standing(self, award: Award | None, order: Order) -> Award | None:
        """An award that stays; not one of a preview, when another revision counts by now."""
        if award is None or award.why_none is not NoPoints.REAL_ORDER_IN_PREVIEW:
            return award
        number = self._programs.number_at(counting_from(order))
        return award if number == award.revision else None

    def _asking_of(self, number: int) -> "_Asking":
        found = self._asking.get(number)
        if found is None:
            program = self._programs.revision(number)
            found = self._asking[number] = _Asking(
                program.needs_catalog, program.needs_history, program.budgets
            )
        return found

    def _with_catalog(self, record: OrderRecord, order: Order, at: datetime) -> Order | None:
        """The order with what the catalog says of its lines; None while something is missing."""
        asked = {line.product_id for line in order.lines if line.product_id}
        missing = asked - set(self._products)
        stale = {
            key for key in asked - missing if self._products[key].fetched_at + CATALOG_LIVES < at
        }
        self._fetch |= missing | stale
        record.awaits_catalog = bool(missing)
        if missing:
            return None
        lines = with_facts(order.lines, {key: self._products[key].facts for key in asked})
        record.categories = {line.category: True for line in lines if line.category}
        return replace(order, lines=lines)

    def _context(
        self,
        program: Program,
        asking: "_Asking",
        begun: Award | None,
        owner: Member,
        order: Order,
    ) -> Context:
        until = END_OF_TIME if self.merging else order.placed_at
        history = self._histories.before(owner.id, order.order_id, until)
        before = _given(begun)
        left = {
            code: budget - self._tallies[code].given + before.get(code, 0)
            for code, budget in asking.budgets.items()
            if code in self._tallies
        }
        local = order.placed_at.astimezone(self._zone)
        return Context(local, history, left, held_out=owner.is_held_out(program))

    def _count(self, asking: "_Asking", begun: Award | None, award: Award) -> None:
        """Note what parts with a budget have given."""
        if not asking.budgets:
            return
        before, after = _given(begun), _given(award)
        for code in asking.budgets:
            if code in self._tallies:
                self._tallies[code].given += after.get(code, 0) - before.get(code, 0)


def _given(award: Award | None) -> dict[str, int]:
    return dict(award.rules) | dict(award.campaigns) if award is not None else {}


def awarding(
    session: Session,
    shop: Shop,
    programs: Programs,
    orders: Sequence[Order],
    member_ids: Collection[UUID],
) -> Awarding:
    """Read what the programs of these orders ask about; most ask nothing."""
    numbers = {programs.number_at(counting_from(order)) for order in orders}
    asking = [programs.revision(number) for number in numbers]
    history = any(program.needs_history for program in asking)
    catalog = any(program.needs_catalog for program in asking)
    lines = [line for order in orders for line in order.lines] if catalog else []
    product_ids = {line.product_id for line in lines if line.product_id}
    return Awarding(
        shop,
        programs,
        histories(session, shop.id, member_ids) if history else Histories(),
        products_by_id(session, shop.id, product_ids) if product_ids else {},
        lock_tallies(session, shop.id, {code for one in asking for code in one.budgets}),
    )
