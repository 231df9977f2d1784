"""What tools tell: a key is one member's, also when two are told of at the same time."""

import pytest

from app.domain.errors import KeyReused
from app.domain.rules import ActionRule
from app.loyalty.join import join
from app.loyalty.tell import tell_adjustment, tell_deed
from app.loyalty.verify import verify
from app.models.shop import Shop
from tests.builders import a_program, balance, published
from tests.databases import NOON, a_shop
from tests.loyalty.turns import one_waits

VERBS = (
    lambda session, shop, who: tell_deed(session, shop, who, "review", key="r1", at=NOON),
    lambda session, shop, who: tell_adjustment(session, shop, who, 5, note="x", key="r1", at=NOON),
)


@pytest.mark.parametrize("tells", VERBS, ids=["a deed", "an adjustment"])
def test_of_two_members_who_are_told_of_under_one_key_the_second_waits_and_is_refused(
    database, tells
):
    with database.transaction() as session:
        actions = (ActionRule(code="review", points=5),)
        shop = published(session, a_shop(session), a_program(actions=actions))
        for customer_id in ("7", "8"):
            join(session, shop, customer_id=customer_id, email_hash=None, at=NOON)

    def told_of(customer_id):
        return lambda session, here: tells(session, here, customer_id)

    with pytest.raises(KeyReused):
        one_waits(database, shop, told_of("7"), told_of("8"))

    with database.reading() as session:
        assert [balance(session, shop, who) for who in ("7", "8")] == [5, 0]
        assert verify(session, session.get_one(Shop, shop.id)).differences == ()
