"""Note how many names were gone from what was replayed: a rebuild sees that a journal changed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables forward."""
    names_gone = sa.Column("names_gone", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("rebuild_mark", names_gone)


def downgrade() -> None:
    """Take the tables back."""
    op.drop_column("rebuild_mark", "names_gone")
