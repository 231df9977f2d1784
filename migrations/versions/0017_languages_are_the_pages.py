"""Take back a column that nothing reads: the widget speaks the language of the page it is on."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables forward."""
    op.drop_column("shop", "languages")


def downgrade() -> None:
    """Take the tables back."""
    op.add_column("shop", sa.Column("languages", DOCUMENT, nullable=True))
