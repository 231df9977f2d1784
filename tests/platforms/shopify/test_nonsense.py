"""Whatever a signed body says, it is understood or refused: nothing else ever happens."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import NotUnderstood
from app.platforms.shopify.translate import events_in, known_topics
from tests.platforms.shopify import bodies
from tests.platforms.shopify.conftest import fingerprint

FULL = bodies.an_order(
    discount_codes=[{"code": "STAM-1"}],
    discount_applications=[{"type": "discount_code", "code": "STAM-1"}],
    line_items=[
        bodies.a_line(
            tax_lines=[bodies.a_tax("24.00")],
            discount_allocations=[bodies.an_allocation("10.00", 0)],
        ),
        bodies.a_tip(),
    ],
    total_tip_received="15.00",
    fulfillment_status="fulfilled",
    fulfillments=[{"status": "success", "created_at": "2026-11-21T09:00:00+01:00"}],
    refunds=[bodies.a_refund(order_adjustments=[bodies.an_adjustment("-5.00")])],
)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["1e999999", "-0", "NaN", "0x10", "9" * 400, "2026-02-30T00:00:00Z", "\x00"])
)
NONSENSE = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def places(value: Any, path: tuple = ()) -> list[tuple]:
    """Every place in a body, outermost first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, entry in inner:
        found.append((*path, key))
        if isinstance(entry, dict | list):
            found += places(entry, (*path, key))
    return found


def with_nonsense(body: dict, path: tuple, nonsense: Any) -> dict:
    """The body with something else in one place."""
    changed = copy.deepcopy(body)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = nonsense
    return changed


@given(path=st.sampled_from(places(FULL)), nonsense=NONSENSE)
@settings(max_examples=400, deadline=None)
def test_an_order_with_nonsense_in_it_is_understood_or_refused(path, nonsense):
    try:
        [event] = events_in("orders/updated", with_nonsense(FULL, path, nonsense), fingerprint)
    except NotUnderstood:
        return

    assert event.order.remaining_minor >= 0


@given(topic=st.sampled_from(sorted(known_topics())), body=NONSENSE)
@settings(max_examples=300, deadline=None)
def test_a_body_of_nonsense_is_understood_or_refused(topic, body):
    try:
        events = events_in(topic, body, fingerprint)
    except NotUnderstood:
        return

    assert isinstance(events, list)
