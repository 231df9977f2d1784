"""Count how often a member was locked, so that an answer which was kept can be known as old."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("member", sa.Column("locks", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Take the tables back."""
    op.drop_column("member", "locks")
