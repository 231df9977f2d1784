"""Where a request finds the machine, the clock and the customer."""

from datetime import datetime

from flask import current_app, session
from sqlalchemy.orm import Session

from demoshop.machine import Machine
from demoshop.records.customer import Customer


def machine() -> Machine:
    """The running shop."""
    running: Machine = current_app.extensions["machine"]
    return running


def now() -> datetime:
    """This moment by the shop's clock. Below the pages, moments are handed in."""
    return machine().faults.now()


def logged_in_id() -> int | None:
    """The id of whoever is logged in to the storefront."""
    customer_id: int | None = session.get("customer_id")
    return customer_id


def logged_in(db: Session) -> Customer | None:
    """Whoever is logged in to the storefront."""
    customer_id = logged_in_id()
    return db.get(Customer, customer_id) if customer_id else None


def local_path(wanted: str | None, otherwise: str) -> str:
    """A path on this site, whatever was asked for: we send nobody elsewhere."""
    if not wanted or not wanted.startswith("/") or wanted[1:2] in ("/", "\\"):
        return otherwise
    return wanted if wanted.isprintable() else otherwise
