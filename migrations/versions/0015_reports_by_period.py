"""Reports of any period, which workers compute; those kept so far are computed anew."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Bring the tables forward."""
    op.drop_table("report")
    op.create_table(
        "report",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("period", sa.String(length=21), nullable=False),
        sa.Column("looked_at", MOMENT, nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("computed_at", MOMENT, nullable=True),
        sa.Column("took_ms", sa.BigInteger(), nullable=False),
        sa.Column("document", DOCUMENT, nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("run_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_report")),
        sa.UniqueConstraint("shop_id", "period", name=op.f("uq_report_shop_id_period")),
    )
    op.create_index("ix_report_due", "report", ["state", "run_at"])


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("report")
    op.create_table(
        "report",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("days", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("computed_at", MOMENT, nullable=False),
        sa.Column("took_ms", sa.BigInteger(), nullable=False),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "days", name=op.f("pk_report")),
    )
