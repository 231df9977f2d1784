"""What the places in a shop's pages say: figures by the shop's own rules, and nothing uncertain."""

import json
from datetime import timedelta

import pytest

from app.domain.campaigns import Campaign
from app.domain.money import exponent
from app.domain.products import ProductFacts, Products
from app.domain.program import Availability, Basis
from app.domain.rewards import RewardKind
from app.domain.rules import EarningRule, RuleKind
from app.domain.text import text
from app.loyalty.cancel import cancel
from app.loyalty.note_code import code_is_dead, code_is_ready
from app.loyalty.redeem import redeem
from app.models.product import keep_product
from tests.builders import a_program, a_reward, an_order, two_tiers
from tests.databases import NOON
from tests.web.signing import SHOP, proxied

CUP = ["1", 1, 24_90, "NK-CUP", "Nordlys"]
WANTED = {
    "customer_id": "7",
    "reward_code": "fifty-off",
    "request_key": "k1",
    "code": "STAM-1",
    "at": NOON,
}
VASE = ["2", 1, 96_00, "NK-VASE", "Fjord"]


def said(client, *places, **asked):
    """What the places say, sentence by sentence."""
    listed = [{"for": kind, "lines": lines} | more for kind, lines, more in map(_place, places)]
    answer = client.get(proxied("/proxy/me", places=json.dumps(listed), **asked))
    assert answer.status_code == 200, answer.text
    return [[one["text"] for one in sentences] for sentences in answer.json["places"]]


def _place(place):
    kind, lines, *more = place
    return kind, lines, *(more or [{}])


def test_a_product_earns_by_the_rules_of_the_shop(client, install):
    install(program=a_program(earning=(EarningRule(code="spend", points=5, per_minor=10_00),)))

    assert said(client, ("product", [CUP])) == [["Earns 10 points"]]
    assert said(client, ("product", [CUP]), customer="") == [["Earns 10 points"]]


def test_a_product_earns_more_in_a_higher_tier_and_during_a_campaign(client, install):
    weekend = Campaign(code="double", name=text("Double"), percent=200)
    program = a_program(tiers=two_tiers(silver_from=100_00, percent=150), campaigns=(weekend,))
    install(SHOP, an_order(), program=program)

    assert said(client, ("product", [CUP])) == [["Earns 72 points"]]
    assert said(client, ("product", [CUP]), customer="8") == [["Earns 48 points"]]


def test_a_page_of_products_is_answered_in_the_order_it_asked(client, install):
    only_fjord = EarningRule(code="fjord", points=1, include=Products(vendors=frozenset({"Fjord"})))
    install(program=a_program(earning=(only_fjord,)))

    assert said(client, ("product", [CUP]), ("product", [VASE])) == [[], ["Earns 96 points"]]


def test_what_is_given_once_for_an_order_is_told_in_the_cart_alone(client, install):
    """Two products at 24 points and 50 for the order are not 74 points each."""
    rules = (
        EarningRule(code="spend", points=1),
        EarningRule(code="thanks", kind=RuleKind.PER_ORDER, points=50),
    )
    install(program=a_program(earning=rules))

    product, cart = said(client, ("product", [CUP]), ("cart", [CUP, CUP]))

    assert product == ["Earns 24 points"]
    assert cart == ["This order earns 99 points."]


def test_nothing_is_promised_that_only_the_catalog_knows(client, install, database):
    wool = Products(tags=frozenset({"wool"}))
    rules = (EarningRule(code="wool", points=2, include=wool),)
    shop = install(program=a_program(earning=rules))
    assert said(client, ("product", [CUP])) == [[]]

    with database.transaction() as session:
        keep_product(session, shop.id, "1", ProductFacts(tags=("wool",)), at=NOON)

    assert said(client, ("product", [CUP])) == [["Earns 48 points"]]


def test_nothing_is_promised_where_tax_does_not_count_or_money_is_foreign(client, install):
    install(program=a_program(basis=Basis(tax=False)))

    assert said(client, ("product", [CUP])) == [[]]
    assert said(client, ("cart", [CUP], {"currency": "EUR"})) == [[]]


@pytest.mark.parametrize(
    ("currency", "unit", "written", "points"),
    [
        ("ISK", {"unit": "100"}, 249_000, "2,490"),
        ("ISK", {}, 2_490, "2,490"),
        ("DKK", {"unit": "100"}, 24_90, "24"),
        ("KWD", {"unit": "100"}, 24_90, "24"),
    ],
)
def test_a_theme_that_counts_in_hundredths_promises_no_more(
    client, install, currency, unit, written, points
):
    """A point for each krone, whatever a krone has of minor units."""
    whole = 10 ** exponent(currency)
    rule = EarningRule(code="spend", points=1, per_minor=whole)
    install(currency=currency, program=a_program(currency=currency, earning=(rule,)))
    line = ["1", 1, written, "NK-CUP", "Nordlys", False]

    product, cart = said(
        client,
        ("product", [line], unit | {"currency": currency}),
        ("cart", [line], unit | {"currency": currency}),
    )

    assert product == [f"Earns {points} points"]
    assert cart[0] == f"This order earns {points} points."


def test_a_cart_offers_no_reward_that_would_be_refused(client, install, database):
    """What came back can be had again."""
    once = a_reward(per_member=1)
    shop = install(SHOP, an_order(), program=a_program(rewards=(once,)))
    assert said(client, ("cart", [VASE]))[0][1:] == _use()
    assert rewards(client) == ["fifty-off"]

    with database.transaction() as session:
        bought = redeem(session, shop, **WANTED)
        code_is_ready(session, shop, bought.id, at=NOON)

    assert said(client, ("cart", [VASE])) == [["This order earns 96 points."]]
    assert rewards(client) == []

    with database.transaction() as session:
        cancel(session, shop, bought.id, customer_id="7", at=NOON)
        code_is_dead(session, shop, bought.id, at=NOON)

    assert said(client, ("cart", [VASE]))[0][1:] == _use()
    assert rewards(client) == ["fifty-off"]


def rewards(client):
    """The rewards that the panel has."""
    return [one["code"] for one in client.get(proxied("/proxy/me")).json["rewards"]]


def test_a_first_orders_bonus_is_for_those_we_know_to_be_new(client, install):
    first = EarningRule(code="first", kind=RuleKind.PER_ORDER, points=100, nth_order=1)
    program = a_program(earning=(first, EarningRule(code="spend", points=1)))
    install(SHOP, an_order(placed_at=NOON - timedelta(days=1)), program=program)

    assert said(client, ("cart", [CUP]), customer="7")[0][0] == "This order earns 24 points."
    assert said(client, ("cart", [CUP]), customer="")[0][0] == "This order earns 24 points."
    assert said(client, ("cart", [CUP]), customer="8")[0][0] == "This order earns 24 points."


def test_a_budget_that_is_used_up_promises_nothing(client, install):
    rule = EarningRule(code="spend", points=1, budget_points=130)
    install(SHOP, an_order(), program=a_program(earning=(rule,)))

    assert said(client, ("cart", [CUP])) == [["This order earns 10 points.", *_use()]]


def _use():
    return ["You can use 50 points now: 50 kr. off"]


def test_a_cart_says_which_points_can_be_used_on_it(client, install):
    rewards = (
        a_reward(code="big", cost_points=100, minimum_subtotal_minor=500_00),
        a_reward(),
        a_reward(code="card", kind=RewardKind.GIFT_CARD, cost_points=110),
        a_reward(code="far", cost_points=121),
    )
    install(SHOP, an_order(), program=a_program(rewards=rewards))

    assert said(client, ("cart", [VASE])) == [["This order earns 96 points.", *_use()]]


def test_a_slider_takes_no_more_than_the_cart(client, install):
    slider = a_reward(
        kind=RewardKind.SLIDER, name=text("Money off"), cost_points=10, off_minor=10_00
    )
    install(SHOP, an_order(), program=a_program(rewards=(slider,)))

    [cart] = said(client, ("cart", [VASE]))

    assert cart[1] == "You can use 90 points now: Money off"


def test_a_guest_is_told_how_to_keep_what_the_cart_earns(client, install):
    install()

    [cart] = said(client, ("cart", [CUP]), customer="")

    assert cart == ["This order earns 24 points.", "Log in or join to keep them."]


def test_an_order_says_what_it_gave_once_we_have_heard_of_it(client, install):
    install(SHOP, an_order("1001"))
    bought = [["1", 1, 500_00]]

    assert said(client, ("order", bought, {"order": "1001"})) == [
        ["You earned 120 points with this order."]
    ]
    assert said(client, ("order", bought, {"order": "1002"})) == [["This order earns 500 points."]]


def test_an_order_says_that_its_points_are_on_their_way(client, install):
    waits = {"availability": Availability.DAYS_AFTER_PAYMENT, "available_after_days": 14}
    install(SHOP, an_order(paid_at=NOON - timedelta(days=1)), program=a_program(**waits))

    [order] = said(client, ("order", [], {"order": "1001"}))

    assert order == ["120 points from this order are on their way."]


def test_nobody_is_told_of_an_order_of_somebody_else(client, install):
    install(SHOP, an_order("1001"))

    assert said(client, ("order", [], {"order": "1001"}), customer="8") == [[]]
    assert said(client, ("order", [], {"order": "1001"}), customer="") == [[]]


def test_the_account_says_what_there_is_in_the_shoppers_language(client, install):
    install(SHOP, an_order())

    assert said(client, ("account", []), locale="da") == [
        ["Du har 120 point.", "Se, hvad de kan bruges til"]
    ]
    assert said(client, ("account", []), customer="") == [[]]


@pytest.mark.parametrize(
    "places",
    [
        "",
        "not json",
        "7",
        '{"for": "cart"}',
        '[{"for": "garden"}]',
        "[7]",
        '[{"for": "cart", "lines": "[]"}]',
        '[{"for": "cart", "lines": [[1, 2, -5]]}]',
        '[{"for": "cart", "lines": [7]}]',
        '[{"for": "cart", "lines": [["1", 1e99, 5]]}]',
        '[{"for": "cart", "lines": [["1\\u0000", 1, 5]]}]',
        '[{"for": "cart", "unit": 0, "lines": [["1", 1, 500]]}]',
        '[{"for": "order", "order": "1001\\u0000"}]',
    ],
)
def test_what_cannot_be_understood_says_nothing(client, install, places):
    install()

    answer = client.get(proxied("/proxy/me", places=places))

    assert answer.status_code == 200
    assert not any(answer.json["places"])


def test_a_program_in_preview_says_nothing(client, install):
    install(program=a_program(live=False))

    answer = client.get(proxied("/proxy/me", places='[{"for": "account"}]'))

    assert answer.json["places"] == []
