"""Name customers whose balance in the shop is to be emptied, since they are members no more."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "emptied_balance",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "customer_id", name=op.f("pk_emptied_balance")),
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("emptied_balance")
