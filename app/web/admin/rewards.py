"""Rewards and codes: what was bought, how far each code is, pools, and what is out of step."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.models.redemption_figures import (
    out_of_step,
    pool_levels,
    redemption_counts,
    redemptions_page,
)
from app.web import parts
from app.web.admin.asking import current, this_shop
from app.web.admin.blueprint import bp
from app.web.admin.code_rows import code_rows
from app.web.admin.requests import RewardsAsked, asked
from app.web.admin.reward_rows import (
    GROUPS,
    filters,
    pool_rows,
    reward_table,
    stray_rows,
)

NEWEST = 100
MOST_STRAYS = 50


@bp.get("/rewards")
def rewards() -> ResponseReturnValue:
    """Show how far rewards and their codes are."""
    state = asked(RewardsAsked, request.args)["state"]
    with parts.database().reading() as session:
        shop = this_shop(session)
        revision = current(session, shop)
        program = revision.program if revision is not None else None
        counts = redemption_counts(session, shop.id)
        found = redemptions_page(session, shop.id, GROUPS.get(state, ()), limit=NEWEST)
        page = {
            "rows": code_rows(session, shop, found, at=parts.now()),
            "strays": stray_rows(out_of_step(session, shop.id, limit=MOST_STRAYS)),
            "pools": pool_rows(pool_levels(session, shop.id), program),
        }
    return render_template(
        "admin/rewards.html",
        state=state,
        whole=sum(counts.values()),
        filters=filters(counts),
        table=reward_table(counts, program),
        newest=NEWEST,
        **page,
    )
