"""Add the record of what people asked about their data."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "privacy_request",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_privacy_request")),
        sa.UniqueConstraint(
            "shop_id", "delivery_id", name=op.f("uq_privacy_request_shop_id_delivery_id")
        ),
    )
    op.create_index("ix_privacy_request_asked", "privacy_request", ["shop_id", "asked_at"])


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("privacy_request")
