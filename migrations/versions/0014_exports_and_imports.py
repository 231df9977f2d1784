"""Exports and imports: their files, how far they are, and the lines of what was brought."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _queued() -> list[sa.Column[object]]:
    """What makes a table a queue."""
    return [
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("run_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked_by", sa.String(length=100), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
    ]


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "stored_file",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("kept_until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_stored_file")),
    )
    op.create_index("ix_stored_file_kept", "stored_file", ["shop_id", "kept_until"])
    op.create_table(
        "stored_piece",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "file_id", "number", name=op.f("pk_stored_piece")),
    )
    op.create_table(
        "export_run",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_queued(),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("kept_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_export_run")),
    )
    op.create_table(
        "import_run",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *_queued(),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("is_archive", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("reading", DOCUMENT, nullable=False),
        sa.Column("counts", DOCUMENT, nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_import_run")),
    )
    for table in ("export_run", "import_run"):
        op.create_index(f"ix_{table}_due", table, ["state", "run_at"])
        op.create_index(f"ix_{table}_asked", table, ["shop_id", "asked_at"])
    op.create_table(
        "import_line",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=80), nullable=True),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("body", DOCUMENT, nullable=False),
        sa.Column("problem", sa.String(length=30), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("before", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "import_id", "line", name=op.f("pk_import_line")),
    )
    op.create_index(
        "ix_import_line_person", "import_line", ["shop_id", "import_id", "person", "line"]
    )
    op.create_index("ix_import_line_customer", "import_line", ["shop_id", "customer_id"])
    op.create_index("ix_import_line_email", "import_line", ["shop_id", "email_hash"])
    op.create_index("ix_import_line_member", "import_line", ["shop_id", "member_id"])


def downgrade() -> None:
    """Take the tables back."""
    for table in ("import_line", "import_run", "export_run", "stored_piece", "stored_file"):
        op.drop_table(table)
