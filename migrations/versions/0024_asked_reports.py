"""Keep what a report is asked about, where its name cannot say it: a draft of the program."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("report", sa.Column("asked", DOCUMENT, nullable=True))


def downgrade() -> None:
    """Take the tables back."""
    op.drop_column("report", "asked")
