"""`stamkunde program what-if`: what a draft would have changed, before it is published."""

from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, process_time

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from app.cli.db import current_database
from app.cli.drafts import DRAFT, program_in
from app.cli.say import console, note
from app.cli.shops import one_shop, shop_option
from app.config import read_settings
from app.domain.errors import InvalidProgram
from app.domain.money import written
from app.domain.program import Program
from app.domain.worth import measure_of_worth
from app.loyalty.rehearse import MemberChange, WhatIf, rehearse
from app.models.program import Programs


@click.command("what-if")
@DRAFT
@shop_option
def what_if(draft: Path, shop: str | None) -> None:
    """Replay the shop's own orders under a draft and under the program now; writes nothing."""
    at = datetime.now(UTC)
    program = program_in(draft)
    began, burnt = monotonic(), process_time()
    with (
        current_database(read_settings()) as database,
        database.reading() as session,
        bar() as progress,
    ):
        found = one_shop(session, shop)
        if program.currency != found.currency:
            raise InvalidProgram(
                f"The shop's money is {found.currency}; the draft is in {program.currency}."
            )
        now = Programs(session, found.id).at(at)
        task = progress.add_task("Replaying orders", total=None)
        answer = rehearse(
            session,
            found,
            now,
            program,
            at=at,
            progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    tell(answer, now, program)
    seconds, burnt = monotonic() - began, process_time() - burnt
    note(f"Answered in {seconds:.1f} s ({burnt:.1f} s of processor time); nothing was written.")


def bar() -> Progress:
    """A bar for work whose end is known; silent where nobody watches."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def tell(answer: WhatIf, now: Program, draft: Program) -> None:
    """The answer as tables, and what its money is reckoned by."""
    note(f"{answer.orders:,} orders of {answer.members:,} members, replayed under both programs.")
    console.print(totals(answer, draft.currency))
    for name, program in (("now", now), ("under the draft", draft)):
        reward = measure_of_worth(program)
        if reward is None:
            note(f"What a point is worth {name} cannot be said: no reward takes an amount off.")
        else:
            money = written(reward.off_minor, program.currency)
            note(
                f"A point {name} is worth what “{reward.name}” gives: {money} for"
                f" {reward.cost_points:,}, the cheapest amount."
            )
    if moves := {pair: count for pair, count in answer.tier_moves.items() if pair[0] != pair[1]}:
        table = Table("Tier now", "Tier under the draft")
        table.add_column("Members", justify="right")
        for (before, after), count in sorted(moves.items(), key=lambda one: -one[1]):
            table.add_row(before or "none", after or "none", f"{count:,}")
        console.print(table)
    else:
        note("No member would be in another tier.")
    for title, named in (("gain", answer.gain_most), ("lose", answer.lose_most)):
        if named:
            console.print(of_members(f"Who would {title} most", named))


def totals(answer: WhatIf, currency: str) -> Table:
    """Both sides and their difference."""
    table = Table("Points")
    for title in ("Now", "Draft", "Change"):
        table.add_column(title, justify="right")
    for title, field in (
        ("issued", "issued"),
        ("reversed by refunds", "reversed"),
        ("expired", "expired"),
        ("pending", "pending"),
        ("available, if none were spent", "available"),
    ):
        before, after = getattr(answer.now, field), getattr(answer.then, field)
        table.add_row(title, f"{before:,}", f"{after:,}", f"{after - before:+,}")
    rewards = answer.now.rewards_minor, answer.then.rewards_minor
    if any(rewards):
        table.add_row("rewards of tiers, at face value", *_worths(*rewards, currency))
    worths = answer.now.liability_minor, answer.then.liability_minor
    table.add_row("worth, with rewards of tiers", *_worths(*worths, currency))
    return table


def _worths(before: int | None, after: int | None, currency: str) -> tuple[str, str, str]:
    told = [written(one, currency) if one is not None else "unknown" for one in (before, after)]
    if before is None or after is None:
        return told[0], told[1], "unknown"
    sign = "+" if after > before else ""
    return told[0], told[1], sign + written(after - before, currency)


def of_members(title: str, named: list[MemberChange]) -> Table:
    """Members by what becomes of them."""
    table = Table("Customer", title=title, title_justify="left")
    for column in ("Points now", "Draft", "Change"):
        table.add_column(column, justify="right")
    for one in named:
        table.add_row(
            one.customer_id or "a guest", f"{one.before:,}", f"{one.after:,}", f"{one.gain:+,}"
        )
    return table
