"""On which side of the holdout a member is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("member", sa.Column("arm", sa.String(length=8), nullable=True))


def downgrade() -> None:
    """Take the tables back."""
    op.drop_column("member", "arm")
