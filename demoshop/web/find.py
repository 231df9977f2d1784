"""Finding what an address or a body names, or refusing."""

from typing import Any

from flask import request
from sqlalchemy import select
from sqlalchemy.orm import Session

from demoshop.products import Product, find
from demoshop.records.customer import Customer, persona
from demoshop.records.order import Order
from demoshop.selling.refusals import Refused


def asked_for() -> dict[str, Any]:
    """The JSON body of a request; an absent one is empty."""
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def order_named(session: Session, name: str | int) -> Order:
    """The order of an id or a number."""
    text = str(name).removeprefix("#")
    number = int(text) if text.isdigit() else -1
    found = (
        session.scalars(select(Order).where((Order.id == number) | (Order.number == number)))
        .unique()
        .one_or_none()
    )
    if found is None:
        raise Refused("unknown_order", f"There is no order {name}.")
    return found


def persona_named(session: Session, name: str) -> Customer:
    """The persona of a handle or id."""
    found = persona(session, name)
    if found is None:
        raise Refused("unknown_persona", f"Nobody here is called {name}.")
    return found


def product_named(name: str) -> Product:
    """The product of a handle, SKU or id."""
    found = find(name)
    if found is None:
        raise Refused("unknown_product", f"The shop does not sell {name}.")
    return found
