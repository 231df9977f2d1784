"""Orders as the journal keeps them: what is not said is nothing, and nobody is named."""

from app.models.base import Document

_NAMES = ("customer_id", "email_hash")
_BLANK_ORDER = {"name": "", "currency": "", "codes": [], "lines": [], "refunds": []}
_BLANK_LINE = {"quantity": 0, "current_quantity": 0, "total_minor": 0, "tags": [], "discounts": []}


def shortened(facts: Document) -> Document:
    """An order's document without names and without what is empty, zero or false."""
    body = {key: found for key, found in facts.items() if found and key not in _NAMES}
    body["lines"] = [
        {key: found for key, found in line.items() if found} for line in facts["lines"]
    ]
    return body


def lengthened(body: Document, customer_id: str | None, email_hash: str | None) -> Document:
    """The document that was shortened, with the names that stand beside it."""
    lines = [_BLANK_LINE | line for line in body["lines"]]
    names = {"customer_id": customer_id, "email_hash": email_hash}
    return _BLANK_ORDER | body | {"lines": lines} | names
