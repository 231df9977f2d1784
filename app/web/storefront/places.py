"""Points where they matter: what the places in a shop's page say of a product, a cart, an order.

A theme puts empty places into its pages and says what is there. The widget's one question carries
them all, so that no page asks once for each product. What a page says of prices is believed as far
as a promise goes; what an order gives is settled by the order.
"""

from collections.abc import Sequence
from typing import Any

import orjson
from flask import request
from flask_babel import format_decimal, gettext, ngettext
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from app.domain.money import exponent
from app.domain.order import Line
from app.domain.rewards import Reward, RewardKind, Way, slider_points
from app.loyalty.estimate import estimate, of_goods_alone
from app.models.order import OrderRecord
from app.web.languages import locale_of_request
from app.web.storefront.form import STORABLE
from app.web.storefront.views import View, Visit, open_rewards

MOST_PLACES = 60
MOST_LINES = 100


class Place(Schema):
    """One place: what it is for, and the goods, each as a list in the order of `GoodsLine`.

    Amounts are in minor units, or so many to one of the currency as `unit` says: themes of some
    platforms count in hundredths whatever the currency has (shopify.dev, Liquid, `money`).
    """

    class Meta:
        """A theme may mark its places for reasons of its own."""

        unknown = EXCLUDE

    kind = fields.String(
        data_key="for",
        required=True,
        validate=validate.OneOf(["product", "cart", "order", "account"]),
    )
    lines = fields.List(
        fields.List(fields.Raw()), load_default=list, validate=validate.Length(max=MOST_LINES)
    )
    order = fields.String(load_default="", validate=[validate.Length(max=64), STORABLE])
    currency = fields.String(load_default="", validate=validate.Length(max=3))
    unit = fields.Integer(load_default=None, validate=validate.Range(1, 10_000))


class GoodsLine(Schema):
    """So many pieces of a product, what they cost together, and the marks a rule may ask for."""

    product_id = fields.String(required=True, validate=[validate.Length(max=64), STORABLE])
    quantity = fields.Integer(required=True, validate=validate.Range(1, 10_000))
    total_minor = fields.Integer(required=True, validate=validate.Range(0, 10**12))
    sku = fields.String(load_default="", validate=validate.Length(max=255))
    vendor = fields.String(load_default="", validate=validate.Length(max=255))
    gift_card = fields.Boolean(load_default=False)


def places_view(seen: Visit) -> list[list[View]]:
    """What each place of the page says, in the order in which the page named them."""
    return [_sentences(seen, place) for place in _asked_places()]


def _asked_places() -> list[Any]:
    """The places in the question; a question that is none of ours is one without places."""
    try:
        asked = orjson.loads(request.args.get("places", "[]"))
    except orjson.JSONDecodeError:
        return []
    return asked[:MOST_PLACES] if isinstance(asked, list) else []


def _sentences(seen: Visit, asked: Any) -> list[View]:
    """What one place says; nothing when it cannot be understood or nothing is certain."""
    try:
        place = Place().load(asked)
        lines = _lines(place, seen.program.currency)
    except ValidationError:
        return []
    if place["currency"] not in ("", seen.program.currency):
        return []
    match place["kind"]:
        case "product":
            return _of_product(seen, lines)
        case "cart":
            return _of_cart(seen, lines)
        case "order":
            return _of_order(seen, place["order"], lines)
        case _:
            return _of_account(seen)


def _lines(place: dict[str, Any], currency: str) -> list[Line]:
    """The goods in a place. Raises ValidationError."""
    schema, digits = GoodsLine(), 10 ** exponent(currency)
    loaded = [schema.load(dict(zip(schema.fields, row, strict=False))) for row in place["lines"]]
    return [
        Line(
            line_id=str(number),
            current_quantity=line["quantity"],
            **line | {"total_minor": line["total_minor"] * digits // (place["unit"] or digits)},
        )
        for number, line in enumerate(loaded)
    ]


def _earned(seen: Visit, lines: Sequence[Line], *, alone: bool = False) -> int:
    """The points these goods would earn; zero too when it cannot be known."""
    program = of_goods_alone(seen.program) if alone else seen.program
    points = estimate(
        seen.session, seen.shop, program, lines, member=seen.member, tier=seen.tier, at=seen.at
    )
    return points or 0


def _of_product(seen: Visit, lines: Sequence[Line]) -> list[View]:
    points = _earned(seen, lines, alone=True)
    if not points:
        return []
    written = format_decimal(points)
    return [
        _says(ngettext("Earns %(points)s point", "Earns %(points)s points", points, points=written))
    ]


def _of_cart(seen: Visit, lines: Sequence[Line]) -> list[View]:
    said = []
    points = _earned(seen, lines)
    if points:
        said.append(_says(_order_earns(points)))
        if seen.customer_id is None:
            said.append(_says(gettext("Log in or join to keep them."), opens=True))
    usable = _usable(seen, sum(line.total_minor for line in lines))
    if usable is not None:
        reward, cost = usable
        said.append(
            _says(
                ngettext(
                    "You can use %(points)s point now: %(reward)s",
                    "You can use %(points)s points now: %(reward)s",
                    cost,
                    points=format_decimal(cost),
                    reward=reward.name.in_locale(locale_of_request()),
                ),
                opens=True,
            )
        )
    return said


def _order_earns(points: int) -> str:
    return ngettext(
        "This order earns %(points)s point.",
        "This order earns %(points)s points.",
        points,
        points=format_decimal(points),
    )


def _usable(seen: Visit, goods_minor: int) -> tuple[Reward, int] | None:
    """The dearest reward that would serve this cart now, and its points; None when none would."""
    if seen.member is None or not goods_minor:
        return None
    found = [
        (reward, _cost(reward, seen.balance, goods_minor))
        for reward in open_rewards(seen)
        if reward.way is Way.CODE
        and not (reward.products or reward.collections)
        and reward.minimum_subtotal_minor <= goods_minor
    ]
    within = [(reward, cost) for reward, cost in found if 0 < cost <= seen.balance]
    return max(within, key=lambda one: one[1], default=None)


def _cost(reward: Reward, balance: int, goods_minor: int) -> int:
    if reward.kind is RewardKind.SLIDER:
        return slider_points(reward, balance, balance, goods_minor)
    return reward.cost_points


def _of_order(seen: Visit, order_id: str, lines: Sequence[Line]) -> list[View]:
    """What an order has given its customer; before we have heard of it, what it will."""
    record = seen.session.get(OrderRecord, (seen.shop.id, order_id)) if order_id else None
    is_theirs = record is not None and record.customer_id == seen.customer_id is not None
    if record is not None and is_theirs and record.award is not None:
        points = record.posted_available + record.posted_pending
        return [_says(_order_gave(points, waits=record.posted_pending > 0))] if points > 0 else []
    points = _earned(seen, lines)
    return [_says(_order_earns(points))] if points else []


def _order_gave(points: int, *, waits: bool) -> str:
    written = format_decimal(points)
    if waits:
        return ngettext(
            "%(points)s point from this order is on its way.",
            "%(points)s points from this order are on their way.",
            points,
            points=written,
        )
    return ngettext(
        "You earned %(points)s point with this order.",
        "You earned %(points)s points with this order.",
        points,
        points=written,
    )


def _of_account(seen: Visit) -> list[View]:
    if seen.customer_id is None:
        return []
    have = ngettext(
        "You have %(points)s point.",
        "You have %(points)s points.",
        seen.balance,
        points=format_decimal(seen.balance),
    )
    return [_says(have), _says(gettext("See what they buy"), opens=True)]


def _says(text: str, *, opens: bool = False) -> View:
    """A sentence; one that opens the panel is a button."""
    return {"text": text, "opens": opens}
