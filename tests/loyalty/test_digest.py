"""The digest: equal for ledgers that come to the same, and different for any that do not."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.order import Payment
from app.loyalty.adjust import adjust
from app.loyalty.digest import digest
from app.loyalty.erase import erase
from app.models.member import member_of
from tests.builders import a_line, an_order, later, published, refunded, settled
from tests.databases import NOON, a_shop


def story():
    """An order that is placed, paid, edited, and given back in two parts."""
    placed = an_order(
        payment=Payment.PENDING, paid_at=None, lines=(a_line("1", 99_99, 3), a_line("2", 20_00))
    )
    paid = later(placed, payment=Payment.PAID, paid_at=NOON)
    edited = later(paid, lines=(a_line("1", 133_32, 4), a_line("2", 20_00)))
    once = refunded(edited, lines=[("1", 2)])
    return [placed, paid, edited, once, refunded(once, lines=[("2", 1)], refund_id="r2")]


def digest_of(session, number, versions):
    shop = published(session, a_shop(session, f"shop-{number}.myshopify.com"))
    settled(session, shop, *versions)
    session.flush()
    return digest(session, shop)


def test_every_order_of_an_orders_versions_ends_the_same(session):
    found = {
        digest_of(session, number, versions)
        for number, versions in enumerate(permutations(story()))
    }

    assert len(found) == 1


def test_duplicates_anywhere_change_nothing(session):
    expected = digest_of(session, "plain", story())
    numbers = iter(range(1000))

    @given(told=st.lists(st.integers(0, 4), min_size=5, max_size=12).filter(lambda x: 4 in x))
    @settings(max_examples=25, deadline=None, database=None)
    def holds(told):
        versions = story()
        assert digest_of(session, next(numbers), [versions[one] for one in told]) == expected

    holds()


def test_a_point_more_is_another_digest(session):
    shop = published(session, a_shop(session))
    settled(session, shop, an_order())
    before = digest(session, shop)
    adjust(session, shop, member_of(session, shop.id, "7").id, 1, note="why", key="k", at=NOON)

    assert digest(session, shop) != before


def test_who_was_forgotten_counts_without_a_name(session):
    digests = []
    for customer_id in ("7", "8"):
        shop = published(session, a_shop(session, f"shop-{customer_id}.myshopify.com"))
        settled(session, shop, an_order(customer_id=customer_id))
        erase(session, shop, customer_id=customer_id, email_hash=None, at=NOON)
        digests.append(digest(session, shop))

    assert digests[0] == digests[1]
