"""Note whose sessions were ended before their time."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "sign_out",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("whose", sa.String(length=100), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "whose", name=op.f("pk_sign_out")),
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("sign_out")
