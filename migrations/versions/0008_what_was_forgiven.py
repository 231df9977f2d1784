"""Remember what was forgiven to members who had an order before."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column(
        "order_record", sa.Column("forgiven_to", DOCUMENT, nullable=False, server_default="{}")
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_column("order_record", "forgiven_to")
