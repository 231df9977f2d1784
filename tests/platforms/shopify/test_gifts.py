"""Gift cards, store credit and tags: given once, though Shopify would give them twice."""

from datetime import timedelta

import pytest
import requests

from app.domain.issued import Credit, GiftCard
from app.platforms.base import PlatformError
from tests.platforms.shopify.conftest import NOON

CARD = GiftCard(
    code="ABCDEFGH23456789",
    note="Stamkunde STAM-1",
    customer_id="7",
    worth_minor=100_00,
    currency="DKK",
    ends_at=NOON + timedelta(days=365),
)
CARD_ID = "gid://shopify/GiftCard/1"
CREDIT = Credit(customer_id="7", worth_minor=50_00, currency="DKK", ends_at=None, tried_at=None)


def tried(**changes):
    """The same credit, asked for before."""
    facts = {"customer_id": "7", "worth_minor": 50_00, "currency": "DKK", "ends_at": None}
    return Credit(**facts | {"tried_at": NOON} | changes)


def made_card(*errors):
    """The answer to making a card."""
    card = None if errors else {"id": CARD_ID}
    return {"giftCardCreate": {"giftCard": card, "userErrors": list(errors)}}


def cards(*notes):
    nodes = [{"id": f"gid://shopify/GiftCard/{place}", "note": note} for place, note in notes]
    return {"giftCards": {"nodes": nodes}}


def given(*errors):
    """The answer to giving a credit."""
    one = None if errors else {"id": "gid://shopify/StoreCreditAccountCreditTransaction/9"}
    payload = {"storeCreditAccountTransaction": one, "userErrors": list(errors)}
    return {"storeCreditAccountCredit": payload}


def credit(number=1, amount="50.0", currency="DKK", at=NOON, kind="Credit"):
    """One movement on a customer's money in the shop."""
    return {
        "__typename": f"StoreCreditAccount{kind}Transaction",
        "id": f"gid://credit/{number}",
        "createdAt": at.isoformat(),
        "amount": {"amount": amount, "currencyCode": currency},
    }


def credits_there(*nodes):
    held = [{"transactions": {"nodes": list(nodes)}}]
    return {"customer": {"storeCreditAccounts": {"nodes": held}}}


TAKEN = {"field": ["input", "code"], "code": "TAKEN", "message": "Code has already been taken"}


def test_a_gift_card_is_for_its_customer_and_bears_our_note(host, connection):
    host.answers(made_card())

    assert connection.give_gift_card(CARD) == CARD_ID
    assert host.variables == [
        {
            "card": {
                "code": "ABCDEFGH23456789",
                "customerId": "gid://shopify/Customer/7",
                "expiresOn": "2027-11-22",
                "initialAmount": {"amount": "100.00", "currencyCode": "DKK"},
                "note": "Stamkunde STAM-1",
            }
        }
    ]


def test_a_gift_card_that_exists_is_ours_by_its_note(host, connection):
    host.answers(made_card(TAKEN))
    host.answers(cards((1, "Stamkunde STAM-10"), (2, "Stamkunde STAM-1")))

    assert connection.give_gift_card(CARD) == "gid://shopify/GiftCard/2"


def test_a_gift_card_of_somebody_else_is_not_ours(host, connection):
    host.answers(made_card(TAKEN))
    host.answers(cards((1, None)))

    with pytest.raises(PlatformError) as failure:
        connection.give_gift_card(CARD)

    assert not failure.value.permanent


def test_a_gift_card_without_an_answer_is_tried_again(host, connection):
    host.fails(body=requests.ReadTimeout())

    with pytest.raises(PlatformError) as failure:
        connection.give_gift_card(CARD)

    assert not failure.value.permanent


def test_a_credit_that_was_never_tried_is_not_looked_for(host, connection):
    host.answers(given())

    ref = connection.give_credit(CREDIT)

    assert ref == "gid://shopify/StoreCreditAccountCreditTransaction/9"
    assert host.variables == [
        {
            "customer": "gid://shopify/Customer/7",
            "credit": {
                "creditAmount": {"amount": "50.00", "currencyCode": "DKK"},
                "expiresAt": None,
            },
        }
    ]


def test_a_credit_that_an_earlier_try_gave_is_not_given_again(host, connection):
    host.answers(credits_there(credit()))

    assert connection.give_credit(tried()) == "gid://credit/1"
    assert len(host.asked) == 1


@pytest.mark.parametrize(
    "there",
    [
        pytest.param(credit(amount="50.5"), id="another amount"),
        pytest.param(credit(currency="EUR"), id="other money"),
        pytest.param(credit(at=NOON - timedelta(hours=1)), id="from before"),
        pytest.param(credit(kind="Debit"), id="money spent"),
        pytest.param(credit(number=5), id="of another redemption"),
    ],
)
def test_a_credit_that_is_not_this_one_does_not_count(host, connection, there):
    host.answers(credits_there(there))
    host.answers(given())

    ref = connection.give_credit(tried(others=frozenset({"gid://credit/5"})))

    assert ref == "gid://shopify/StoreCreditAccountCreditTransaction/9"


def test_a_credit_that_is_refused_says_why(host, connection):
    error = {"field": ["id"], "code": "OWNER_NOT_FOUND", "message": "Owner does not exist."}
    host.answers(given(error))

    with pytest.raises(PlatformError, match=r"refused the credit: Owner") as failure:
        connection.give_credit(CREDIT)

    assert failure.value.permanent


def test_a_tag_is_put_on_beside_others_and_taken_off_again(host, connection):
    host.answers({"tagsAdd": {"userErrors": []}})
    host.answers({"tagsRemove": {"userErrors": []}})

    connection.add_tag("7", "early-access")
    connection.remove_tag("7", "early-access")

    assert host.variables == [{"id": "gid://shopify/Customer/7", "tags": ["early-access"]}] * 2
