"""From an order as Shopify tells it to an order in our words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.errors import NotUnderstood
from app.domain.order import Line, Order, Payment, Source
from app.platforms.base import Fingerprint
from app.platforms.shopify.reading import (
    Record,
    believable,
    currency_code,
    flag,
    identity,
    identity_or_none,
    inner,
    moment,
    moment_or_none,
    money,
    money_or_none,
    pieces,
    records,
    words,
)
from app.platforms.shopify.translate_refund import refund_in

MOST_NAME = 64
"""Letters of what people call an order by (#1001)."""
_SOURCES = {"web": Source.WEB, "pos": Source.POS, "shopify_draft_order": Source.DRAFT}


def order_in(payload: Record, fingerprint: Fingerprint) -> Order:
    """The order in a payload: every version of one order gives the same answer in the same way.

    An imported order was placed before the platform heard of it. When the money came in is not
    told, so a paid order is said to be paid when it was processed; from the versions that are told
    follows whether it was paid later than that.
    """
    currency = currency_code(payload, "currency")
    created_at = moment(payload, "created_at")
    processed_at = moment_or_none(payload, "processed_at") or created_at
    payment = payment_in(payload)
    codes = _codes_by_index(payload)
    shipping_minor, shipping_tax_minor = _shipping(payload, currency)
    return Order(
        order_id=identity(payload, "id"),
        name=words(payload, "name", most=MOST_NAME),
        customer_id=_customer_id(payload),
        email_hash=email_hash(payload, fingerprint),
        currency=currency,
        payment=payment,
        placed_at=min(created_at, processed_at),
        paid_at=processed_at if payment.has_paid else None,
        updated_at=moment(payload, "updated_at"),
        canceled_at=moment_or_none(payload, "cancelled_at"),
        fulfilled_at=_fulfilled_at(payload),
        test=flag(payload, "test"),
        source=_SOURCES.get(words(payload, "source_name"), Source.OTHER),
        lines=_lines(payload, currency, codes),
        shipping_minor=shipping_minor,
        shipping_tax_minor=shipping_tax_minor,
        codes=_codes(payload, codes),
        refunds=tuple(refund_in(refund, currency) for refund in records(payload, "refunds")),
    )


_IMPORTED_AFTER = timedelta(days=1)


def paid_order_in(payload: Record, fingerprint: Fingerprint) -> Order:
    """The order in the news that it was just paid: so until then, it was not.

    An order that was imported with its payment is told in the same way, and was paid long ago.
    """
    order = order_in(payload, fingerprint)
    if _is_imported(order, payload):
        return order
    return replace(order, first_unpaid_at=order.paid_at)


def order_paid_at(payload: Record, fingerprint: Fingerprint, money_came_at: datetime) -> Order:
    """The order in a payload of which it is known when the last of its money came in.

    So one that was paid late counts from then, although nobody told us of it before it was paid.
    """
    order = order_in(payload, fingerprint)
    if order.paid_at is None or money_came_at <= order.paid_at or _is_imported(order, payload):
        return order
    return replace(order, first_unpaid_at=order.paid_at, first_paid_at=money_came_at)


def _is_imported(order: Order, payload: Record) -> bool:
    return moment(payload, "created_at") - order.placed_at >= _IMPORTED_AFTER


def payment_in(payload: Record) -> Payment:
    """How far an order is paid; one that says nothing has yet to be."""
    told = words(payload, "financial_status")
    try:
        return Payment(told) if told else Payment.PENDING
    except ValueError as error:
        raise NotUnderstood("'financial_status' is none that we know.") from error


def email_hash(payload: Record, fingerprint: Fingerprint) -> str | None:
    """The keyed hash of the first e-mail address there is; the address itself goes no further."""
    for holder in (payload, inner(payload, "customer") or {}):
        for name in ("email", "contact_email"):
            address = words(holder, name, most=320).strip().casefold()
            if address:
                return fingerprint(address)
    return None


def _customer_id(payload: Record) -> str | None:
    customer = inner(payload, "customer")
    return identity_or_none(customer, "id") if customer is not None else None


def _fulfilled_at(payload: Record) -> datetime | None:
    """When the last parcel of a wholly sent order went out."""
    if words(payload, "fulfillment_status") != "fulfilled":
        return None
    sent = [
        moment(parcel, "created_at")
        for parcel in records(payload, "fulfillments")
        if words(parcel, "status") == "success"
    ]
    return max(sent, default=None)


def _codes_by_index(payload: Record) -> list[str]:
    """The code of each discount application, empty for those that are not by code."""
    applications = records(payload, "discount_applications")
    by_code = (words(application, "type") == "discount_code" for application in applications)
    return [
        words(application, "code").upper() if is_code else ""
        for application, is_code in zip(applications, by_code, strict=True)
    ]


def _codes(payload: Record, by_index: Sequence[str]) -> tuple[str, ...]:
    named = {words(entry, "code").upper() for entry in records(payload, "discount_codes")}
    return tuple(sorted(code for code in named.union(by_index) if code))


def _lines(payload: Record, currency: str, codes: Sequence[str]) -> tuple[Line, ...]:
    with_tax = flag(payload, "taxes_included")
    tip_minor = money_or_none(payload, "total_tip_received", currency) or 0
    lines = tuple(
        _line(line, currency, codes, with_tax)
        for line in records(payload, "line_items")
        if not _is_tip(line, currency, tip_minor)
    )
    believable(sum(line.total_minor for line in lines), "line_items")
    return lines


def _line(line: Record, currency: str, codes: Sequence[str], with_tax: bool) -> Line:
    quantity = pieces(line, "quantity")
    off = _allocations(line, currency, codes)
    net_minor = max(0, money(line, "price", currency) * quantity - sum(off.values()))
    tax_minor = _tax_minor(line, currency)
    return Line(
        line_id=identity(line, "id"),
        title=words(line, "title"),
        product_id=identity_or_none(line, "product_id") or "",
        sku=words(line, "sku"),
        vendor=words(line, "vendor"),
        quantity=quantity,
        current_quantity=_current_quantity(line, quantity),
        total_minor=believable(net_minor + (0 if with_tax else tax_minor), "price"),
        tax_minor=tax_minor,
        gift_card=flag(line, "gift_card"),
        discounts=tuple(sorted((code, minor) for code, minor in off.items() if code)),
    )


def _current_quantity(line: Record, quantity: int) -> int:
    """What remains of a line; older versions of the payload do not tell."""
    return quantity if line.get("current_quantity") is None else pieces(line, "current_quantity")


def _allocations(line: Record, currency: str, codes: Sequence[str]) -> Counter[str]:
    """How much each code took off a line; what was taken off without a code is under ""."""
    off: Counter[str] = Counter()
    for allocation in records(line, "discount_allocations"):
        index = allocation.get("discount_application_index")
        code = codes[index] if isinstance(index, int) and 0 <= index < len(codes) else ""
        off[code] += money(allocation, "amount", currency)
    return off


def _tax_minor(line: Record, currency: str) -> int:
    return sum(money(tax, "price", currency) for tax in records(line, "tax_lines"))


def _is_tip(line: Record, currency: str, tip_minor: int) -> bool:
    """Whether a line is a tip, which earns nothing.

    Shopify marks tips only in some payloads; elsewhere one is a line of no product, untaxed and
    not sent, of the very sum that the order received in tips.
    """
    if line.get("tip_payment_gateway") is not None:
        return True
    if tip_minor == 0 or line.get("product_id") is not None:
        return False
    if flag(line, "taxable") or flag(line, "requires_shipping"):
        return False
    return money(line, "price", currency) * pieces(line, "quantity") == tip_minor


def _shipping(payload: Record, currency: str) -> tuple[int, int]:
    """What sending costs after discounts, tax included, and the tax in it."""
    with_tax = flag(payload, "taxes_included")
    total_minor = total_tax_minor = 0
    for line in records(payload, "shipping_lines"):
        if flag(line, "is_removed"):
            continue
        off_minor = sum(_allocations(line, currency, ()).values())
        tax_minor = _tax_minor(line, currency)
        net_minor = max(0, money(line, "price", currency) - off_minor)
        total_minor += net_minor + (0 if with_tax else tax_minor)
        total_tax_minor += tax_minor
    return believable(total_minor, "shipping_lines"), believable(total_tax_minor, "tax_lines")
