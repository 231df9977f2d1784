"""Remember which balance of a member the shop's own pages show."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("member", sa.Column("synced_balance", sa.BigInteger(), server_default="0"))
    op.create_index(
        "ix_member_unsynced",
        "member",
        ["shop_id", "id"],
        sqlite_where=sa.text("customer_id IS NOT NULL AND synced_balance IS NOT available"),
        postgresql_where=sa.text(
            "customer_id IS NOT NULL AND synced_balance IS DISTINCT FROM available"
        ),
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index("ix_member_unsynced", "member")
    op.drop_column("member", "synced_balance")
