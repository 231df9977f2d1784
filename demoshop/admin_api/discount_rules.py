"""What the platform refuses in a discount, in its own codes and words."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from demoshop.admin_api.words import number_in
from demoshop.records.customer import Customer
from demoshop.records.discount import discount_by_code

LONGEST = 255
Given = dict[str, Any]


def discount_errors(
    session: Session, argument: str, given: Given, starts_at: datetime
) -> list[Given]:
    """Every reason to refuse, with the path to the field that is wrong."""
    found = _code_errors(session, given) + _date_errors(given, starts_at)
    found += _minimum_errors(given) + _buyer_errors(session, given)
    if argument == "basicCodeDiscount":
        found += _value_errors(given)
    return [
        {"field": [argument, *path], "code": code, "message": message, "extraInfo": None}
        for path, code, message in found
    ]


Found = list[tuple[list[str], str, str]]


def _code_errors(session: Session, given: Given) -> Found:
    found: Found = []
    if not (given.get("title") or "").strip():
        found.append((["title"], "BLANK", "Title can't be blank"))
    code = (given.get("code") or "").strip()
    if not code:
        return [*found, (["code"], "BLANK", "Code can't be blank")]
    if len(code) > LONGEST:
        message = f"Code is too long (maximum is {LONGEST} characters)"
        return [*found, (["code"], "TOO_LONG", message)]
    if discount_by_code(session, code) is not None:
        message = "Code must be unique. Please try a different code."
        found.append((["code"], "TAKEN", message))
    return found


def _date_errors(given: Given, starts_at: datetime) -> Found:
    found: Found = []
    if given.get("startsAt") is None:
        found.append((["startsAt"], "BLANK", "Starts at can't be blank"))
    ends_at = given.get("endsAt")
    if ends_at is not None and ends_at <= starts_at:
        found.append((["endsAt"], "INVALID", "Ends at needs to be after starts_at"))
    limit = given.get("usageLimit")
    if limit is not None and limit < 1:
        found.append((["usageLimit"], "GREATER_THAN", "Usage limit must be greater than 0"))
    return found


def _minimum_errors(given: Given) -> Found:
    minimum = given.get("minimumRequirement") or {}
    if minimum.get("subtotal") and minimum.get("quantity"):
        message = "Only one of subtotal or quantity can be provided."
        code = "MINIMUM_SUBTOTAL_AND_QUANTITY_RANGE_BOTH_PRESENT"
        return [(["minimumRequirement"], code, message)]
    return []


def _buyer_errors(session: Session, given: Given) -> Found:
    if given.get("context") is not None and given.get("customerSelection") is not None:
        message = "Only one of context or customerSelection can be provided."
        return [(["context"], "INVALID", message)]
    return [
        (["context", "customers", "add"], "INVALID", f"Customer with id: {number} is invalid")
        for number in wanted_customers(given) or []
        if session.get(Customer, number) is None
    ]


def wanted_customers(given: Given) -> list[int] | None:
    """The customers a discount is for; None for everyone."""
    buyers = given.get("context") or given.get("customerSelection") or {}
    if not buyers.get("customers"):
        return None
    return [number_in("Customer", text) for text in buyers["customers"].get("add") or []]


def entitled_products(given: Given) -> list[int]:
    """The products a discount is for; none named is no such limit."""
    asked = _items(given).get("products") or {}
    return [number_in("Product", text) for text in asked.get("productsToAdd") or []]


def entitled_collections(given: Given) -> list[int]:
    """The collections a discount is for; none named is no such limit."""
    asked = _items(given).get("collections") or {}
    return [number_in("Collection", text) for text in asked.get("add") or []]


def _items(given: Given) -> Given:
    items: Given = (given.get("customerGets") or {}).get("items") or {}
    return items


def _value_errors(given: Given) -> Found:
    gets = given.get("customerGets") or {}
    value, items = gets.get("value") or {}, gets.get("items") or {}
    percentage, off = value.get("percentage"), value.get("discountAmount")
    found: Found = []
    if not items.get("all") and not entitled_products(given) + entitled_collections(given):
        message = "Items in 'customer get' can't be blank"
        found.append((["customerGets", "items"], "BLANK", message))
    if percentage is not None and not 0 <= percentage <= 1:
        message = "Value must be between 0.0 and 1.0"
        found.append((["customerGets", "value", "percentage"], "VALUE_OUTSIDE_RANGE", message))
    if percentage is None and not (off and off.get("amount")):
        found.append((["customerGets", "value"], "BLANK", "Value can't be blank"))
    if percentage is not None and off:
        message = "Only one of percentage or discountAmount can be provided."
        found.append((["customerGets", "value"], "INVALID", message))
    return found
