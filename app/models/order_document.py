"""Orders and awards as the JSON in which their records keep them.

Short, complete and stable: what is written today must be read by every later version.
"""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from app.domain.earning import Award, NoPoints
from app.domain.order import Line, Order, Payment, Refund, Source
from app.models.base import Document

_ORDER, _LINE, _REFUND, _AWARD = (
    tuple(field.name for field in fields(kind)) for kind in (Order, Line, Refund, Award)
)
_MOMENTS = (
    *("placed_at", "paid_at", "updated_at", "canceled_at", "fulfilled_at"),
    *("first_unpaid_at", "first_paid_at"),
)


def order_document(order: Order) -> Document:
    """An order as JSON: moments in UTC, tuples as lists."""
    facts: Document = {name: getattr(order, name) for name in _ORDER}
    facts["lines"] = [{name: getattr(line, name) for name in _LINE} for line in order.lines]
    facts["refunds"] = [{name: getattr(one, name) for name in _REFUND} for one in order.refunds]
    for name in _MOMENTS:
        moment = facts[name]
        facts[name] = moment.astimezone(UTC).isoformat() if moment is not None else None
    return facts


def order_from(facts: Document) -> Order:
    """The order in a document."""
    return Order(
        **{
            **facts,
            **{name: _moment(facts.get(name)) for name in _MOMENTS},
            "payment": Payment(facts["payment"]),
            "source": Source(facts["source"]),
            "codes": tuple(facts["codes"]),
            "lines": tuple(_line(line) for line in facts["lines"]),
            "refunds": tuple(
                refund_from(refund["refund_id"], refund) for refund in facts["refunds"]
            ),
        }
    )


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written is not None else None


def _line(facts: dict[str, Any]) -> Line:
    return Line(
        **{
            **facts,
            "tags": tuple(facts["tags"]),
            "collections": tuple(facts.get("collections", ())),
            "discounts": tuple((code, minor) for code, minor in facts["discounts"]),
        }
    )


def refund_document(refund: Refund) -> Document:
    """A refund as JSON."""
    return {"lines": [list(line) for line in refund.lines], "extra_minor": refund.extra_minor}


def refund_from(refund_id: str, facts: Document) -> Refund:
    """The refund in a document."""
    return Refund(
        refund_id=refund_id,
        lines=tuple((line_id, quantity) for line_id, quantity in facts["lines"]),
        extra_minor=facts["extra_minor"],
    )


def award_document(award: Award) -> Document:
    """An award as JSON. Weights are written as text: they may be larger than JSON's numbers."""
    facts: Document = {name: getattr(award, name) for name in _AWARD}
    return facts | {"weights": [[line_id, str(share)] for line_id, share in award.weights]}


def award_from(facts: Document) -> Award:
    """The award in a document."""
    return Award(
        **{
            **facts,
            "weights": tuple((line_id, int(share)) for line_id, share in facts["weights"]),
            "rules": tuple((code, points) for code, points in facts["rules"]),
            "campaigns": tuple((code, points) for code, points in facts.get("campaigns", ())),
            "why_none": NoPoints(facts["why_none"]) if facts["why_none"] else None,
        }
    )
