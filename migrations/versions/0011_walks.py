"""Walks through a shop, how far each is, and up to which change customers were compared."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
OPEN = sa.text("ended_at IS NULL")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "walk",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("reached", MOMENT, nullable=True),
        sa.Column("place", sa.String(length=64), nullable=False),
        sa.Column("checked", sa.BigInteger(), nullable=False),
        sa.Column("differences", sa.BigInteger(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=True),
        sa.Column("strays", sa.BigInteger(), nullable=False),
        sa.Column("named", sa.String(length=500), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_walk")),
    )
    op.create_index("ix_walk_begun", "walk", ["shop_id", "kind", "begun_at"])
    op.create_index(
        "uq_walk_open",
        "walk",
        ["shop_id", "kind"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.add_column("shop", sa.Column("customers_until", MOMENT, nullable=True))


def downgrade() -> None:
    """Take the tables back."""
    op.drop_column("shop", "customers_until")
    op.drop_table("walk")
