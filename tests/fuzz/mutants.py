"""Bodies that a platform would never send, made from ones that it does: each by a seed.

A mutant is bytes, not a document: much of what can be wrong with JSON is lost when it is parsed.
"""

import copy
import json
from functools import partial

from tests.platforms.shopify import bodies

TEXTS = (
    "",
    " ",
    "\x00",
    "NaN",
    "1e400",
    "-0",
    "0x10",
    "١٢",
    "ø" * 300,
    "\u202e\ufeff",
    "9" * 400,
    "2026-02-30T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "2026-11-20T12:00:00",
    "' OR 1=1 --",
    "{{7*7}}",
    "<script>alert(1)</script>",
    "gid://shopify/Customer/8",
    "XXX",
    "KWD",
)
NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**63, 2**64, 10**30, -0.0, 0.1, 1e308, 5e-324)
MONEY = ("0.00", "-120.00", "0.001", "999999999999.99", "1e3", "1,00", "120", " 120.00", "120.0000")
# JSON texts that no document holds: they take the place of a mark in the finished text.
RAW = ("NaN", "Infinity", "-Infinity", "1e400", "-1e999", r'"\ud800"', r'"\udc00x"', "01", "'x'")
MARK = "the place of something that is no JSON"
TOPICS = (
    "orders/create",
    "orders/updated",
    "orders/paid",
    "orders/cancelled",
    "orders/fulfilled",
    "orders/edited",
    "orders/delete",
    "refunds/create",
    "customers/create",
    "customers/update",
    "customers/delete",
    "customers/merge",
    "customers/data_request",
    "customers/redact",
    "order_transactions/create",
    "orders/ghost",
)


def a_body(random, topic, number):
    """What the platform would send for a topic, about an order or customer of its own."""
    if topic == "refunds/create":
        return bodies.a_refund(id=9_000_000 + number, order_id=random.randrange(1, number + 2))
    if topic.startswith("customers/"):
        return _customer_body(topic, random.randrange(1, 50))
    if topic == "orders/edited":
        return {"order_edit": {"id": number, "order_id": number, "line_items": {"additions": []}}}
    if topic == "order_transactions/create":
        return {"id": number, "order_id": number, "kind": "sale", "status": "success"}
    return _order_body(random, number)


def _customer_body(topic, customer):
    if topic == "customers/merge":
        return {
            "admin_graphql_api_customer_kept_id": f"gid://shopify/Customer/{customer}",
            "admin_graphql_api_customer_deleted_id": f"gid://shopify/Customer/{customer + 50}",
            "status": "completed",
        }
    if topic in ("customers/data_request", "customers/redact"):
        return {"shop_id": 1, "customer": {"id": customer, "email": f"{customer}@example.com"}}
    return bodies.a_customer(id=customer, email=f"{customer}@example.com")


def _order_body(random, number):
    lines = [
        bodies.a_line(id=number * 10, tax_lines=[bodies.a_tax("24.00")]),
        bodies.a_line("49.00", id=number * 10 + 1, discount_allocations=[]),
        bodies.a_tip(id=number * 10 + 2),
    ]
    refunds = [bodies.a_refund(id=number, order_id=number, refund_line_items=[])]
    return bodies.an_order(
        id=number,
        name=f"#{number}",
        customer=bodies.a_customer(id=random.randrange(1, 50)),
        financial_status=random.choice(["paid", "paid", "pending", "refunded", "voided"]),
        line_items=lines,
        refunds=refunds if random.random() < 0.3 else [],
    )


def mutant(random, body):
    """The bytes of a body with something wrong in it, sometimes with several things."""
    document = copy.deepcopy(body)
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        random.choice(IN_THE_DOCUMENT)(random, document)
    text = json.dumps(document).replace(json.dumps(MARK), random.choice(RAW))
    raw = text.encode()
    return random.choice(IN_THE_BYTES)(random, raw) if random.random() < 0.3 else raw


def _places(value, found):
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        found.append((value, key))
        if isinstance(inner, dict | list):
            _places(inner, found)
    return found


def _some_place(random, document):
    return random.choice(_places(document, []) or [(document, "id")])


def _replaced(values, random, document):
    holder, key = _some_place(random, document)
    holder[key] = random.choice(values)


def _missing(random, document):
    holder, key = _some_place(random, document)
    if isinstance(holder, dict):
        holder.pop(key, None)


def _of_another_type(random, document):
    holder, key = _some_place(random, document)
    found = holder[key] if isinstance(holder, list) else holder.get(key)
    holder[key] = random.choice([str(found), [found], {"id": found}, None, True, 7, 7.5, []])


def _wrong_money(random, document):
    money = [(held, key) for held, key in _places(document, []) if key in ("price", "amount")]
    if money:
        holder, key = random.choice(money)
        holder[key] = random.choice(MONEY)


def _many_times(random, document):
    lists = [held[key] for held, key in _places(document, []) if isinstance(held[key], list)]
    if lists:
        chosen = random.choice(lists)
        chosen.extend(chosen * random.choice((1, 3)))


def _huge(random, document):
    holder, key = _some_place(random, document)
    holder[key] = random.choice(["x" * 20_000, [0] * 5_000, {str(n): n for n in range(2_000)}])


def _deep(random, document):
    nested = []
    for _ in range(random.choice((50, 400))):
        nested = [nested] if random.random() < 0.5 else {"id": nested}
    holder, key = _some_place(random, document)
    holder[key] = nested


IN_THE_DOCUMENT = (
    partial(_replaced, TEXTS),
    partial(_replaced, NUMBERS),
    partial(_replaced, (MARK,)),
    _missing,
    _of_another_type,
    _wrong_money,
    _many_times,
    _huge,
    _deep,
)


def _cut(random, raw):
    return raw[: random.randrange(len(raw))]


def _flipped(random, raw):
    changed = bytearray(raw)
    for _ in range(random.choice((1, 8))):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _doubled_key(random, raw):
    return raw.replace(b'{"id":', b'{"id": 7, "customer": null, "id":', 1)


def _bottomless(random, raw):
    return b'{"id": ' + random.choice((b"[", b'{"a":')) * 9_000


def _other_bytes(random, raw):
    wrapped = (b"\xef\xbb\xbf" + raw, raw.decode(errors="replace").encode("utf-16"), b"\xff" + raw)
    return random.choice((*wrapped, raw + raw, b"", b"null", b"[" + raw + b"]", raw + b"\x00"))


IN_THE_BYTES = (_cut, _flipped, _doubled_key, _bottomless, _other_bytes)
