"""Which shop a command is about: the one named, or the only one there is."""

import click
from sqlalchemy.orm import Session

from app.cli.say import Complaint
from app.models.shop import Shop, shop_by_domain, shops

shop_option = click.option("--shop", help="The shop's domain; may be left out when there is one.")


def one_shop(session: Session, domain: str | None) -> Shop:
    """The shop of a domain, or the only one."""
    if domain is not None:
        return shop_by_domain(session, domain)
    found = shops(session)
    if not found:
        raise Complaint("No shop has installed Stamkunde yet.")
    if len(found) > 1:
        names = ", ".join(shop.domain for shop in found[:5])
        raise Complaint(f"There are {len(found)} shops ({names}): name one with --shop.")
    return found[0]


def named_shops(session: Session, domain: str | None) -> list[Shop]:
    """The shop of a domain, or every shop."""
    return shops(session) if domain is None else [shop_by_domain(session, domain)]
