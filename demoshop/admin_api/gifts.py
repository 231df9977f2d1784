"""Giving customers money and tags: gift cards, store credit, marks."""

import re
from collections.abc import Callable
from typing import Any

from graphql import GraphQLResolveInfo
from sqlalchemy.orm import Session

from demoshop.admin_api.caller import Caller
from demoshop.admin_api.pages import connection
from demoshop.admin_api.present_order import customer_node
from demoshop.admin_api.words import gid, moment, money, number_in
from demoshop.money import minor
from demoshop.records.customer import Customer
from demoshop.records.gift import GiftCard, StoreCredit, credits_of, gift_cards
from demoshop.records.setting import next_number
from demoshop.selling.gifts import left_on

CARD_CODE = re.compile(r"[A-Za-z0-9]{8,20}")


def card_list(info: GraphQLResolveInfo, **args: Any) -> dict[str, Any]:
    """Gift cards; a query is searched for in codes and notes."""
    caller: Caller = info.context
    caller.needs("read_gift_cards", "giftCards")
    sought = (args.get("query") or "").casefold()
    rows = [
        card
        for card in gift_cards(caller.session)
        if sought in f"{card.code} {card.note or ''}".casefold()
    ]
    return connection(
        rows, lambda row: (row.id, row.id), lambda row: _card_node(caller.session, row), args
    )


def card_create(info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002
    """Make a gift card; its code is told this once."""
    caller: Caller = info.context
    caller.needs("write_gift_cards", "giftCardCreate")
    asked = (input.get("initialAmount") or {}).get("amount") or input.get("initialValue")
    worth = minor(asked or 0)
    code = (input.get("code") or "").upper()
    owner = number_in("Customer", input.get("customerId") or "")
    wrong = None
    if worth <= 0:
        wrong = ("initialAmount", "GREATER_THAN", "Initial value must be greater than 0")
    elif not CARD_CODE.fullmatch(code):
        wrong = ("code", "INVALID", "Code must have 8 to 20 letters and digits")
    elif any(card.code == code for card in gift_cards(caller.session)):
        wrong = ("code", "TAKEN", "Code has already been taken")
    elif input.get("customerId") and caller.session.get(Customer, owner) is None:
        wrong = ("customerId", "CUSTOMER_NOT_FOUND", "The customer could not be found.")
    if wrong is not None:
        errors = [{"field": ["input", wrong[0]], "code": wrong[1], "message": wrong[2]}]
        return {"giftCard": None, "giftCardCode": None, "userErrors": errors}
    card = GiftCard(
        id=next_number(caller.session, "gift_card", 640_000_000_001),
        code=code,
        worth_minor=worth,
        customer_id=owner if input.get("customerId") else None,
        note=input.get("note"),
        expires_on=input.get("expiresOn"),
        created_at=caller.at,
    )
    caller.session.add(card)
    caller.session.flush()
    node = _card_node(caller.session, card)
    return {"giftCard": node, "giftCardCode": code, "userErrors": []}


def credit(
    info: GraphQLResolveInfo,
    id: str,  # noqa: A002
    creditInput: dict[str, Any],  # noqa: N803 (the platform's own name)
) -> dict[str, Any]:
    """Give a customer money for next orders: twice when asked twice."""
    caller: Caller = info.context
    caller.needs("write_store_credit_account_transactions", "storeCreditAccountCredit")
    owner = caller.session.get(Customer, number_in("Customer", id))
    worth, ends = minor(creditInput["creditAmount"]["amount"]), creditInput.get("expiresAt")
    wrong = None
    if owner is None:
        wrong = ("id", "OWNER_NOT_FOUND", "Owner does not exist.")
    elif worth <= 0:
        wrong = ("creditInput", "NEGATIVE_OR_ZERO_AMOUNT", "A positive amount must be used.")
    elif ends is not None and ends <= caller.at:
        wrong = ("creditInput", "EXPIRES_AT_IN_PAST", "The expiry date must be in the future.")
    if owner is None or wrong is not None:
        field, code, message = wrong or ("id", "OWNER_NOT_FOUND", "")
        errors = [{"field": [field], "code": code, "message": message}]
        return {"storeCreditAccountTransaction": None, "userErrors": errors}
    before = credits_of(caller.session, owner.id)
    given = StoreCredit(
        id=next_number(caller.session, "store_credit", 770_000_000_001),
        customer_id=owner.id,
        worth_minor=worth,
        balance_minor=sum(one.worth_minor for one in before) + worth,
        expires_at=ends,
        created_at=caller.at,
    )
    caller.session.add(given)
    caller.session.flush()
    return {"storeCreditAccountTransaction": _credit_node(given), "userErrors": []}


def tags_add(info: GraphQLResolveInfo, id: str, tags: list[str]) -> dict[str, Any]:  # noqa: A002
    """Mark a customer; marks that are there stay as they are."""
    return _change_tags(info, "tagsAdd", id, lambda held: sorted({*held, *tags}))


def tags_remove(info: GraphQLResolveInfo, id: str, tags: list[str]) -> dict[str, Any]:  # noqa: A002
    """Take marks from a customer."""
    return _change_tags(info, "tagsRemove", id, lambda held: [t for t in held if t not in tags])


def customer_with_gifts(
    session: Session, customer: Customer, node: dict[str, Any]
) -> dict[str, Any]:
    """A Customer with what it has in store credit: one account, in the shop's money."""

    def accounts(_info: Any, **args: Any) -> dict[str, Any]:
        rows = credits_of(session, customer.id)
        found = [rows] if rows else []
        return connection(found, lambda _: (0, 0), lambda held: _account(customer, held), args)

    return node | {"storeCreditAccounts": accounts}


def _account(customer: Customer, rows: list[StoreCredit]) -> dict[str, Any]:
    def transactions(_info: Any, **args: Any) -> dict[str, Any]:
        return connection(rows, lambda row: (row.id, row.id), _credit_node, args)

    return {
        "__typename": "StoreCreditAccount",
        "id": gid("StoreCreditAccount", customer.id),
        "balance": money(rows[-1].balance_minor),
        "transactions": transactions,
    }


def _change_tags(
    info: GraphQLResolveInfo, field: str, subject: str, change: Callable[[list[str]], list[str]]
) -> dict[str, Any]:
    caller: Caller = info.context
    caller.needs("write_customers", field)
    customer = caller.session.get(Customer, number_in("Customer", subject))
    if customer is None:
        errors = [{"field": ["id"], "message": "The resource could not be found."}]
        return {"node": None, "userErrors": errors}
    customer.tags = change(customer.tags)
    caller.session.flush()
    return {"node": customer_node(customer), "userErrors": []}


def _card_node(session: Session, card: GiftCard) -> dict[str, Any]:
    owner = session.get(Customer, card.customer_id) if card.customer_id else None
    return {
        "__typename": "GiftCard",
        "id": gid("GiftCard", card.id),
        "balance": money(left_on(session, card)),
        "initialValue": money(card.worth_minor),
        "createdAt": moment(card.created_at),
        "customer": customer_node(owner) if owner else None,
        "enabled": True,
        "expiresOn": card.expires_on,
        "lastCharacters": card.code[-4:].lower(),
        "note": card.note,
    }


def _credit_node(given: StoreCredit) -> dict[str, Any]:
    return {
        "__typename": "StoreCreditAccountCreditTransaction",
        "id": gid("StoreCreditAccountCreditTransaction", given.id),
        "amount": money(given.worth_minor),
        "remainingAmount": money(given.worth_minor),
        "balanceAfterTransaction": money(given.balance_minor),
        "createdAt": moment(given.created_at),
        "expiresAt": moment(given.expires_at),
    }
