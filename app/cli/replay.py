"""`stamkunde replay`: start over what was given up on."""

from datetime import UTC, datetime

import click
from rich.table import Table
from sqlalchemy.orm import Session

from app.cli.db import current_database
from app.cli.say import Complaint, console, done, note
from app.cli.shops import named_shops
from app.config import read_settings
from app.loyalty.replay import replay_dead, replay_delivery, replay_effect
from app.models.audit_entry import AuditKind, note_change
from app.models.delivery import Delivery, deliveries_page
from app.models.effect import EffectRow, effects_page
from app.models.queue import State
from app.models.shop import Shop

MOST_AT_ONCE = 1000
MOST_SHOWN = 50


@click.command("replay")
@click.option("--shop", help="Only the shop of this domain.")
@click.option("--topic", help="Only deliveries of this topic, say orders/paid; no effects.")
@click.option("--dead", is_flag=True, help="Start all of them over.")
@click.option("--delivery", help="Start this one over, dead or done; it settles to the same.")
def command(shop: str | None, topic: str | None, dead: bool, delivery: str | None) -> None:
    """Show deliveries and effects that were given up on, or start them over."""
    settings = read_settings()
    at = datetime.now(UTC)
    with current_database(settings) as database:
        if delivery is not None:
            with database.transaction() as session:
                chosen = named_shops(session, shop)
                if len(chosen) != 1:
                    raise Complaint("Name the shop of the delivery with --shop.")
                replay_delivery(session, chosen[0], delivery, at=at)
                _noted(session, chosen[0], delivery, at)
            done(f"The delivery {delivery} starts over; a worker takes it next.")
        elif dead:
            with database.transaction() as session:
                counts = [revived(session, one, topic, at) for one in named_shops(session, shop)]
            deliveries = sum(count for count, _ in counts)
            effects = sum(count for _, count in counts)
            done(f"{deliveries} deliveries and {effects} effects start over.")
        else:
            with database.reading() as session:
                show(session, named_shops(session, shop), topic)


def revived(session: Session, shop: Shop, topic: str | None, at: datetime) -> tuple[int, int]:
    """Start over what is dead of a shop: how many deliveries, and how many effects."""
    deliveries = replay_dead(session, shop, topic=topic, at=at)
    most = MOST_AT_ONCE if topic is None else 0
    effects = effects_page(session, shop.id, state=State.DEAD, limit=most)
    for effect in effects:
        replay_effect(session, shop, effect.id, at=at)
    if deliveries or effects:
        _noted(session, shop, topic or "--dead", at)
    return deliveries, len(effects)


def _noted(session: Session, shop: Shop, subject: str, at: datetime) -> None:
    author = "the command line"
    note_change(session, shop.id, AuditKind.REPLAYED, author=author, at=at, subject=subject)


def show(session: Session, chosen: list[Shop], topic: str | None) -> None:
    """What is dead, the newest first."""
    table = Table("What", "Why", show_lines=True)
    # An id that is cut short cannot be given to --delivery.
    table.columns[0].no_wrap = True
    most = 0
    for shop in chosen:
        dead = deliveries_page(session, shop.id, topic=topic, state=State.DEAD, limit=MOST_SHOWN)
        most = max(most, len(dead))
        for delivery in dead:
            _tell(table, shop, delivery.topic, delivery)
        if topic is None:
            for effect in effects_page(session, shop.id, state=State.DEAD, limit=MOST_SHOWN):
                _tell(table, shop, f"{effect.kind} {effect.subject}", effect)
    if not table.row_count:
        note("Nothing was given up on.")
        return
    console.print(table)
    if most == MOST_SHOWN:
        note(f"Of each shop only the newest {MOST_SHOWN} are shown.")
    note("Start them over with `stamkunde replay --dead`.")


def _tell(table: Table, shop: Shop, what: str, dead: Delivery | EffectRow) -> None:
    since = dead.finished_at.isoformat(" ", "minutes")[:16] if dead.finished_at else ""
    table.add_row(f"{what}\n{dead.id}\n{shop.domain} {since}", dead.error)
