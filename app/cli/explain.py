"""`stamkunde explain`: why an order or a member has the points it has, fit to be read aloud."""

from datetime import UTC, datetime
from uuid import UUID

import click
from sqlalchemy.orm import Session

from app.cli.db import current_database
from app.cli.explanations import Speech, member_lines, order_lines, order_sentence
from app.cli.say import Complaint, note
from app.cli.shops import one_shop, shop_option
from app.config import read_settings
from app.domain.text import LOCALES
from app.loyalty.explain import explain_member, explain_order
from app.models.member import Member, member_of
from app.models.order import find_order
from app.models.shop import Shop

lang_option = click.option(
    "--lang", type=click.Choice(LOCALES), default=LOCALES[0], show_default=True, help="In which."
)


@click.group("explain")
def command() -> None:
    """Say why a number is what it is."""


@command.command()
@click.argument("asked", metavar="ORDER")
@shop_option
@lang_option
def order(asked: str, shop: str | None, lang: str) -> None:
    """Explain an order's points; ORDER is its name (#1001) or the platform's id."""
    with current_database(read_settings()) as database, database.reading() as session:
        found = one_shop(session, shop)
        record = find_order(session, found.id, asked)
        if record is None:
            raise Complaint(f"{found.domain} has no order {asked}.")
        told = explain_order(session, found, record)
    speech = Speech(lang, found.timezone)
    note(order_sentence(speech, told))
    for line in order_lines(speech, told):
        note(f"  {line}")


@command.command()
@click.argument("asked", metavar="MEMBER")
@shop_option
@lang_option
def member(asked: str, shop: str | None, lang: str) -> None:
    """Explain a balance; MEMBER is the platform's customer id, or our own id."""
    at = datetime.now(UTC)
    with current_database(read_settings()) as database, database.reading() as session:
        found = one_shop(session, shop)
        known = _member(session, found, asked)
        if known is None:
            raise Complaint(f"{found.domain} has no member {asked}.")
        told = explain_member(session, found, known, at=at)
    first, *lines = member_lines(Speech(lang, found.timezone), told)
    note(first)
    for line in lines:
        note(f"  {line}")


def _member(session: Session, shop: Shop, asked: str) -> Member | None:
    known = member_of(session, shop.id, asked)
    if known is not None:
        return known
    try:
        return session.get(Member, (shop.id, UUID(asked)))
    except ValueError:
        return None
