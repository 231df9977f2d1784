"""Customers come, change, and ask for their data."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from demoshop.config import Settings
from demoshop.host.announce import announce, send_to_app
from demoshop.host.payloads.customer import customer_body
from demoshop.host.payloads.shop import SHOP_ID
from demoshop.records.customer import Customer
from demoshop.records.order import orders_of
from demoshop.records.setting import next_number

DATA_REQUEST, REDACT = "customers/data_request", "customers/redact"
TOPICS = (DATA_REQUEST, REDACT)
CHANGEABLE = ("first_name", "last_name", "email")


def ask(
    session: Session, settings: Settings, topic: str, customer: Customer, *, at: datetime
) -> None:
    """Ask the app for a customer's data, or to forget them. The shop itself forgets nothing."""
    mine = [order.id for order in orders_of(session, customer.id)]
    body = {
        "shop_id": SHOP_ID,
        "shop_domain": settings.domain,
        "customer": {"id": customer.id, "email": customer.email, "phone": None},
    }
    if topic == DATA_REQUEST:
        number = next_number(session, "data_request", 9001)
        body |= {"orders_requested": mine, "data_request": {"id": number}}
    else:
        body |= {"orders_to_redact": mine}
    send_to_app(session, topic, f"{settings.app_url}/webhooks", body, at=at)


def welcome(session: Session, given: Mapping[str, str], *, at: datetime) -> Customer:
    """A new regular signs up, and the platform says so."""
    number = next_number(session, "customer", 7_100_000_004)
    first, last = (given.get(name, "").strip()[:100] for name in ("first_name", "last_name"))
    handle = f"regular-{number % 1000}"
    customer = Customer(
        id=number,
        handle=handle,
        first_name=first or "Dagny",
        last_name=last or f"Nr. {number % 1000}",
        email=given.get("email", "").strip()[:200] or f"{handle}@example.com",
        locale="da",
        created_at=at.replace(microsecond=0),
        updated_at=at.replace(microsecond=0),
    )
    session.add(customer)
    session.flush()
    announce(session, [("customers/create", customer_body(customer))], at=at)
    return customer


def change_customer(
    session: Session, customer: Customer, wishes: Mapping[str, str], *, at: datetime
) -> None:
    """Change a customer and announce it."""
    for name in CHANGEABLE:
        if wishes.get(name, "").strip():
            setattr(customer, name, wishes[name].strip()[:100])
    later = customer.updated_at + timedelta(seconds=1)
    customer.updated_at = max(at.replace(microsecond=0), later)
    session.flush()
    announce(session, [("customers/update", customer_body(customer))], at=at)
