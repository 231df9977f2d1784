"""Orders as a platform sends them, made up: about 6 KB for one line, about 60 KB for thirty."""

import hashlib
import hmac
import random
from base64 import b64encode
from typing import Any

import orjson

SIZES = {"6 KB": (1, 6_000), "60 KB": (30, 60_000)}
"""How many lines an order of a size has, and how many bytes it is filled up to."""

CURRENCY = "DKK"
PAID = "orders/paid"

Sent = tuple[str, bytes]
"""A delivery: its topic and its body."""

NAMES = ("Astrid", "Birk", "Clara", "Ditte", "Emil", "Freja", "Gustav", "Hedda", "Ivar", "Johanne")
GOODS = ("Wool socks", "Tin lantern", "Oak tray", "Linen cloth", "Beeswax candle", "Stone bowl")
WORDS = ("please", "leave", "the", "parcel", "behind", "the", "shed", "and", "ring", "twice")


def order_body(size: str, number: int, customer: int) -> bytes:
    """A paid order: always the same bytes for the same three answers."""
    chance = random.Random(f"{size}/{number}/{customer}")
    lines, wanted = SIZES[size]
    document = _order(chance, number, customer, lines)
    missing = wanted - len(orjson.dumps(document))
    document["note"] = _prose(chance, max(0, missing))
    return orjson.dumps(document)


def signature(body: bytes, secret: str) -> str:
    """The header by which a platform proves that a body is its own."""
    return b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _order(chance: random.Random, number: int, customer: int, lines: int) -> dict[str, Any]:
    goods = [_line(chance, number * 100 + position) for position in range(lines)]
    total = sum(float(line["price"]) * line["quantity"] for line in goods)
    moment = f"2026-{chance.randint(1, 10):02}-{chance.randint(1, 28):02}T12:00:00+01:00"
    name = NAMES[customer % len(NAMES)]
    address = _address(chance, name)
    return {
        "id": number,
        "admin_graphql_api_id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "order_number": number,
        "token": f"{chance.getrandbits(128):032x}",
        "created_at": moment,
        "processed_at": moment,
        "updated_at": moment,
        "cancelled_at": None,
        "closed_at": None,
        "currency": CURRENCY,
        "presentment_currency": CURRENCY,
        "taxes_included": True,
        "financial_status": "paid",
        "fulfillment_status": None,
        "source_name": "web",
        "test": False,
        "confirmed": True,
        "email": f"customer{customer}@example.com",
        "contact_email": f"customer{customer}@example.com",
        "browser_ip": "192.0.2.1",
        "landing_site": "/collections/all?utm_source=letter&utm_campaign=autumn",
        "payment_gateway_names": ["card"],
        "customer": {
            "id": customer,
            "admin_graphql_api_id": f"gid://shopify/Customer/{customer}",
            "email": f"customer{customer}@example.com",
            "first_name": name,
            "last_name": "Holm",
            "state": "enabled",
            "verified_email": True,
            "currency": CURRENCY,
            "tags": "newsletter, autumn",
            "default_address": address,
        },
        "billing_address": address,
        "shipping_address": address,
        "line_items": goods,
        "shipping_lines": [_shipping(number)],
        "discount_codes": [],
        "discount_applications": [],
        "fulfillments": [],
        "refunds": [],
        "total_tip_received": "0.00",
        "total_line_items_price_set": _money(total),
        "subtotal_price": f"{total:.2f}",
        "subtotal_price_set": _money(total),
        "total_price": f"{total + 39:.2f}",
        "total_price_set": _money(total + 39),
        "total_tax": f"{(total + 39) / 5:.2f}",
        "total_tax_set": _money((total + 39) / 5),
    }


def _line(chance: random.Random, line_id: int) -> dict[str, Any]:
    price = chance.randrange(25, 900)
    title = chance.choice(GOODS)
    return {
        "id": line_id,
        "admin_graphql_api_id": f"gid://shopify/LineItem/{line_id}",
        "title": title,
        "name": f"{title} - natural",
        "variant_title": "natural",
        "sku": f"SKU-{chance.randrange(10_000):05}",
        "vendor": "Nordlys",
        "product_id": chance.randrange(1_000, 9_000),
        "variant_id": chance.randrange(10_000, 90_000),
        "quantity": chance.choice((1, 1, 1, 2, 3)),
        "current_quantity": 1,
        "grams": chance.randrange(50, 5_000),
        "price": f"{price}.00",
        "price_set": _money(price),
        "total_discount": "0.00",
        "total_discount_set": _money(0),
        "gift_card": False,
        "taxable": True,
        "requires_shipping": True,
        "fulfillment_service": "manual",
        "properties": [{"name": "_wrap", "value": _prose(chance, 60)}],
        "tax_lines": [_tax(price)],
        "duties": [],
        "discount_allocations": [],
    }


def _shipping(number: int) -> dict[str, Any]:
    return {
        "id": number + 7,
        "title": "Post",
        "price": "39.00",
        "price_set": _money(39),
        "discounted_price": "39.00",
        "discounted_price_set": _money(39),
        "is_removed": False,
        "tax_lines": [_tax(39)],
        "discount_allocations": [],
    }


def _tax(price: float) -> dict[str, Any]:
    amount = f"{price / 5:.2f}"
    return {"title": "Moms", "rate": 0.25, "price": amount, "price_set": _money(price / 5)}


def _money(amount: float) -> dict[str, Any]:
    one = {"amount": f"{amount:.2f}", "currency_code": CURRENCY}
    return {"shop_money": one, "presentment_money": one}


def _address(chance: random.Random, name: str) -> dict[str, Any]:
    return {
        "first_name": name,
        "last_name": "Holm",
        "address1": f"Havnegade {chance.randrange(1, 90)}",
        "address2": None,
        "zip": "8000",
        "city": "Aarhus",
        "province": None,
        "country": "Denmark",
        "country_code": "DK",
        "phone": None,
        "latitude": 56.15,
        "longitude": 10.2,
    }


def _prose(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(WORDS, k=length // 2))[:length]
