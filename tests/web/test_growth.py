"""What the web asks of the database does not grow with the shop."""

import pytest

from app.domain.program import Expiry, ExpiryKind
from tests.builders import a_program, an_order, two_tiers
from tests.platforms.shopify.bodies import an_order as a_body
from tests.statements import statements_of
from tests.web.signing import OTHER_SHOP, SHOP, delivered, proxied

RICH = a_program(
    expiry=Expiry(kind=ExpiryKind.PER_LOT_MONTHS, count=12),
    tiers=two_tiers(silver_from=100_000_00),
)
FEW, MANY = 3, 120
"""Members of two shops, who ordered once each, beside one who ordered as often as all others."""


@pytest.fixture
def grown(install):
    """A small shop and a large one."""
    for domain, size in ((SHOP, FEW), (OTHER_SHOP, MANY)):
        orders = [an_order(str(number), customer_id=str(100 + number)) for number in range(size)]
        orders += [an_order(str(1000 + number), customer_id="7") for number in range(size)]
        install(domain, *orders, program=RICH)


def asked(client, database, shop):
    """What one question of the widget asks of the database, when no answer to it is kept."""
    with statements_of(database) as statements:
        answer = client.get(proxied("/proxy/me", shop=shop), headers={"Cookie": "of=others"})
    assert answer.json["member"]["next_tier"]["code"] == "silver"
    return statements


def told(client, database, shop):
    """What taking in one webhook asks of the database beside its insertion."""
    with statements_of(database) as statements:
        answer = delivered(client, a_body(), shop=shop, key=f"of-{shop}")
    assert answer.status_code == 200
    return statements


def test_a_question_takes_as_many_statements_in_a_large_shop(grown, client, database):
    for shop in (SHOP, OTHER_SHOP):
        asked(client, database, shop)

    assert len(asked(client, database, OTHER_SHOP)) == len(asked(client, database, SHOP)) > 0


def test_a_webhook_of_a_known_shop_is_noted_by_nothing_but_its_own_insertion(
    grown, client, database
):
    """That one goes by the driver's own connection (app/driver.py), past what is noted here."""
    assert len(told(client, database, OTHER_SHOP)) > 0, "It did not ask whose shop it is."

    assert told(client, database, OTHER_SHOP).sent == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("happens", [asked, told])
def test_a_request_goes_through_no_table_from_end_to_end(grown, client, database, happens):
    statements = happens(client, database, OTHER_SHOP)

    assert len(statements) > 0
    assert statements.going_through_all(database) == []
