"""Store credit: money for a customer's next orders, which Shopify gives twice when asked twice.

A credit bears no mark of ours. So what an earlier try has given is looked for before trying again:
a credit of the same amount since that try which belongs to no other redemption. Two such credits
are as good as each other, so it does not matter which of two redemptions each is taken for.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from app.domain.issued import Credit
from app.domain.money import amount, minor
from app.platforms.shopify.answers import nodes, part, user_errors
from app.platforms.shopify.client import Client
from app.platforms.shopify.discounts import refusal, written
from app.platforms.shopify.failures import Doubtful
from app.platforms.shopify.ids import gid
from app.platforms.shopify.queries import query
from app.platforms.shopify.reading import moment

_CREDIT = query("store_credit_credit")
_CREDITS = query("store_credits")
CLOCKS_DIFFER = timedelta(minutes=2)


def give(client: Client, credit: Credit) -> str:
    """Give a credit, unless an earlier try has; its id."""
    if credit.tried_at is not None and (found := find(client, credit)) is not None:
        return found
    worth = amount(credit.worth_minor, credit.currency)
    asked: dict[str, Any] = {
        "creditAmount": {"amount": worth, "currencyCode": credit.currency},
        "expiresAt": written(credit.ends_at) if credit.ends_at else None,
    }
    customer = gid("Customer", credit.customer_id)
    answer = part(client.ask(_CREDIT, customer=customer, credit=asked), "storeCreditAccountCredit")
    if errors := user_errors(answer):
        raise refusal(errors, "credit")
    given = part(answer, "storeCreditAccountTransaction").get("id")
    if not isinstance(given, str):
        raise Doubtful("Shopify's answer has no 'id'.")
    return given


def find(client: Client, credit: Credit) -> str | None:
    """The id of a credit that an earlier try has given; None when none has."""
    if credit.tried_at is None:
        return None
    since = credit.tried_at - CLOCKS_DIFFER
    for one in _credits(client, credit.customer_id):
        worth = part(one, "amount")
        is_it = (
            worth.get("currencyCode") == credit.currency
            and minor(str(worth.get("amount")), credit.currency) == credit.worth_minor
            and moment(one, "createdAt") >= since
            and one.get("id") not in credit.others
        )
        if is_it:
            return str(one.get("id"))
    return None


def _credits(client: Client, customer_id: str) -> Iterator[Mapping[str, Any]]:
    """The newest credits of a customer, in each of their moneys."""
    data = client.ask(_CREDITS, customer=gid("Customer", customer_id))
    if data.get("customer") is None:
        return
    for held in nodes(part(data, "customer", "storeCreditAccounts")):
        for one in nodes(part(held, "transactions")):
            if one.get("__typename") == "StoreCreditAccountCreditTransaction":
                yield one
