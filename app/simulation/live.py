"""Live a simulated year, day by day: what happens is settled, points are spent, and time does its.

Each day is one transaction, as a worker would make it. The platform is played here, too: it makes
codes at once, confirms that dead ones are dead, and lets orders use the others.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db import Database
from app.domain.errors import NotEnoughPoints, RewardClosed
from app.domain.events import OrderChanged
from app.domain.order import Order
from app.loyalty.cancel import cancel, expire_codes
from app.loyalty.expire import expire_inactive, expire_points, forget_guests
from app.loyalty.join import join
from app.loyalty.mature import mature
from app.loyalty.note_code import code_is_dead, code_is_ready
from app.loyalty.publish import publish
from app.loyalty.redeem import redeem
from app.loyalty.retier import retier
from app.loyalty.settle import Fact, settle
from app.models.effect import EffectRow
from app.models.program import Programs
from app.models.redemption import Redemption, RedemptionState
from app.models.shop import Shop
from app.simulation.programs import programs
from app.simulation.story import DAYS, Happening, Scale, Step, after, basket, happenings, shoppers

REDEEMS = 0.25
"""The share of orders after which the customer looks whether there is something to buy."""
KEEPS = 0.8
"""The share of codes that are kept to be used; the others are undone or forgotten."""
PLACEMENTS = (Step.PLACED, Step.PLACED_UNPAID)
CHORES: tuple[Callable[..., int], ...] = (
    mature,
    expire_points,
    expire_inactive,
    expire_codes,
    retier,
    forget_guests,
)


class Year:
    """One simulated year of one shop; `counts` tells what happened how often."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self.counts: Counter[str] = Counter()
        self._chance = Random(f"year {scale.seed}")  # noqa: S311 (nothing here is a secret)
        self._people = shoppers(self.scale, self._chance)
        self._ahead = happenings(self.scale, self._people, self._chance)
        self._orders: dict[int, Order] = {}
        self._in_hand: dict[int, tuple[str, UUID]] = {}
        self._codes = 0
        self._position = 0

    @property
    def domain(self) -> str:
        """How the shop is named."""
        return f"simulation-{self.scale.seed}.example"

    def open(self, session: Session) -> Shop:
        """The shop, on the morning of its first day."""
        shop = Shop(
            domain=self.domain,
            platform="simulation",
            name="A year in numbers",
            currency=self.scale.currency,
            timezone="Europe/Copenhagen",
            installed_at=self.scale.begins_at,
        )
        session.add(shop)
        session.flush()
        return shop

    def live(self, database: Database, each_day: Callable[[int, int], None]) -> None:
        """Live it through; `each_day` is told the day, and how many there are."""
        with database.transaction() as session:
            shop_id = self.open(session).id
        for day in range(DAYS):
            with database.transaction() as session:
                self._live_day(session, session.get_one(Shop, shop_id), day)
            each_day(day + 1, DAYS)

    def _live_day(self, session: Session, shop: Shop, day: int) -> None:
        morning = self.scale.begins_at + timedelta(days=day)
        evening = morning + timedelta(days=1)
        changed = programs(self.scale).get(day)
        if changed is not None:
            publish(session, shop, changed, author="simulation", at=morning)
            self.counts["programs published"] += 1
        today = self._until(evening)
        self._join(session, shop, [one for one in today if one.step is None])
        facts = [self._fact(one, one.step) for one in today if one.step is not None]
        settle(session, shop, facts)
        bought = [one.customer for one in today if one.step in PLACEMENTS]
        self._spend(session, shop, sorted(set(bought)), evening)
        self._let_time_pass(session, shop, evening)

    def _until(self, evening: datetime) -> list[Happening]:
        first = self._position
        while self._position < len(self._ahead) and self._ahead[self._position].at < evening:
            self._position += 1
        return self._ahead[first : self._position]

    def _join(self, session: Session, shop: Shop, joining: list[Happening]) -> None:
        """Guests become customers; what they bought before is theirs from now on."""
        for one in joining:
            person = self._people[one.customer]
            hashed = person.email_hash
            join(session, shop, customer_id=person.customer_id, email_hash=hashed, at=one.at)
            self.counts["guests joined"] += 1

    def _fact(self, one: Happening, step: Step) -> Fact:
        """What the platform tells of an order now."""
        if step in PLACEMENTS:
            code = self._code_for(one.customer)
            order = basket(self.scale, one, self._people[one.customer], code)
        else:
            order = after(self._orders[one.number], step, one.at)
        self._orders[one.number] = order
        self.counts[f"orders {step.value.replace('_', ' ')}"] += 1
        return Fact(OrderChanged(order), one.at)

    def _code_for(self, customer: int) -> str | None:
        """The code that a customer has in hand, which this order uses up."""
        if customer not in self._in_hand:
            return None
        self.counts["codes used"] += 1
        return self._in_hand.pop(customer)[0]

    def _spend(self, session: Session, shop: Shop, customers: list[int], at: datetime) -> None:
        """Some of those who bought today look whether their points buy something."""
        rewards = Programs(session, shop.id).at(at).rewards
        for customer in customers:
            person = self._people[customer]
            if self._chance.random() > REDEEMS or person.is_guest(at) or customer in self._in_hand:
                continue
            self._codes += 1
            code = f"SIM-{self.scale.seed}-{self._codes:06}"
            try:
                redemption = redeem(
                    session,
                    shop,
                    customer_id=person.customer_id,
                    reward_code=self._chance.choice(rewards).code,
                    request_key=code,
                    code=code,
                    at=at,
                )
            except (NotEnoughPoints, RewardClosed):
                continue
            code_is_ready(session, shop, redemption.id, at=at)
            self.counts["codes bought"] += 1
            self._keep_or_not(session, shop, customer, redemption, at)

    def _keep_or_not(
        self, session: Session, shop: Shop, customer: int, redemption: Redemption, at: datetime
    ) -> None:
        if self._chance.random() < KEEPS:
            self._in_hand[customer] = (redemption.code, redemption.id)
        elif self._chance.random() < 0.5:
            cancel(session, shop, redemption.id, customer_id=None, at=at)
            code_is_dead(session, shop, redemption.id, at=at)
            self.counts["codes undone"] += 1

    def _let_time_pass(self, session: Session, shop: Shop, at: datetime) -> None:
        """Do what the worker's chores do, and what the platform makes of our effects."""
        for chore in CHORES:
            while found := chore(session, shop, at=at):
                self.counts[f"{chore.__name__.replace('_', ' ')}"] += found
                session.flush()
        query = select(Redemption.id).where(
            Redemption.shop_id == shop.id, Redemption.state == RedemptionState.EXPIRING
        )
        dead = set(session.scalars(query))
        for redemption_id in sorted(dead):
            code_is_dead(session, shop, redemption_id, at=at)
        self._in_hand = {key: one for key, one in self._in_hand.items() if one[1] not in dead}
        session.execute(delete(EffectRow).where(EffectRow.shop_id == shop.id))
