"""Rewards that a tier gives: which tier, the order that led there, and that they cost nothing."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

LED = sa.text("entry_order_id IS NOT NULL")
COST = "ck_redemption_cost"


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("redemption") as table:
        table.drop_constraint(op.f(COST), type_="check")
        table.create_check_constraint(op.f(COST), "cost_points >= 0")
        table.add_column(sa.Column("entry_tier", sa.String(length=40), nullable=True))
        table.add_column(sa.Column("entry_order_id", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_redemption_entry",
        "redemption",
        ["shop_id", "entry_order_id"],
        sqlite_where=LED,
        postgresql_where=LED,
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index("ix_redemption_entry", "redemption")
    op.execute("DELETE FROM redemption WHERE cost_points = 0")
    with op.batch_alter_table("redemption") as table:
        table.drop_column("entry_order_id")
        table.drop_column("entry_tier")
        table.drop_constraint(op.f(COST), type_="check")
        table.create_check_constraint(op.f(COST), "cost_points > 0")
