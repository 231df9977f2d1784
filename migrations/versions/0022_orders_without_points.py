"""Find the orders that have given nothing without going through all of a shop's."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

POINTLESS = sa.text("posted_issued = 0 AND placed_at IS NOT NULL")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_index(
        "ix_order_record_pointless",
        "order_record",
        ["shop_id", "placed_at", "order_id"],
        unique=False,
        sqlite_where=POINTLESS,
        postgresql_where=POINTLESS,
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index("ix_order_record_pointless", "order_record")
