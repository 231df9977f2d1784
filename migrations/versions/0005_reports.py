"""Reports that were computed ahead, and indexes that figures are read from."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
PURCHASE = sa.text("member_id IS NOT NULL AND counts_at IS NOT NULL AND spend_minor > 0")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "report",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("days", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("computed_at", MOMENT, nullable=False),
        sa.Column("took_ms", sa.BigInteger(), nullable=False),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "days", name=op.f("pk_report")),
    )
    op.create_index(
        "ix_order_record_purchase",
        "order_record",
        ["shop_id", "member_id", "placed_at", "order_id", "spend_minor"],
        sqlite_where=PURCHASE,
        postgresql_where=PURCHASE,
    )
    op.create_index("ix_tier_change_at", "tier_change", ["shop_id", "at"])
    op.drop_index("ix_transfer_occurred", "transfer")
    op.create_index(
        "ix_transfer_occurred", "transfer", ["shop_id", "occurred_at", "source", "target", "points"]
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index("ix_transfer_occurred", "transfer")
    op.create_index("ix_transfer_occurred", "transfer", ["shop_id", "occurred_at"])
    op.drop_index("ix_tier_change_at", "tier_change")
    op.drop_index("ix_order_record_purchase", "order_record")
    op.drop_table("report")
