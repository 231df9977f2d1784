"""Note how far a rebuild has come, so that it goes on when it was killed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "rebuild_mark",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.BigInteger(), nullable=False),
        sa.Column("waiting", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_rebuild_mark")),
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("rebuild_mark")
