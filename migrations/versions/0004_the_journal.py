"""Add the journal: the facts from which a shop's books follow."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "fact",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.Column("body", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "number", "place", name=op.f("pk_fact")),
    )
    for name, column in (("ix_fact_customer", "customer_id"), ("ix_fact_email", "email_hash")):
        named = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            name,
            "fact",
            ["shop_id", column],
            unique=False,
            sqlite_where=named,
            postgresql_where=named,
        )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE fact_number")


def downgrade() -> None:
    """Remove the journal."""
    op.drop_table("fact")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SEQUENCE fact_number")
