"""Let a merchant choose how the widget looks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("shop", sa.Column("look", DOCUMENT, nullable=True))


def downgrade() -> None:
    """Take the column back; the widget wears its own look again."""
    op.drop_column("shop", "look")
