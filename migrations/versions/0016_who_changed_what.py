"""Keep who changed what, which nobody can rewrite, and who has used the admin."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
REFUSAL = "The audit log is only added to."
ERASED = "(SELECT state FROM shop WHERE shop.id = OLD.shop_id) = 'erased'"


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "audit_entry",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("body", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_author", "audit_entry", ["shop_id", "author", "id"])
    op.create_table(
        "colleague",
        sa.Column("shop_id", ID, autoincrement=False, nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "author", name=op.f("pk_colleague")),
    )
    op.add_column("shop", sa.Column("languages", DOCUMENT, nullable=True))
    op.add_column("shop", sa.Column("guide", DOCUMENT, nullable=True))
    _guard()


def _guard() -> None:
    """Have the database itself refuse to change an entry, or to delete one of a shop that lives."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN IF TG_OP = 'DELETE' AND {ERASED} THEN RETURN OLD; END IF;"
            f" RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_entry_is_final BEFORE UPDATE OR DELETE ON audit_entry"
            " FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"
        )
        return
    op.execute(
        "CREATE TRIGGER audit_entry_refuses_update BEFORE UPDATE ON audit_entry"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_refuses_delete BEFORE DELETE ON audit_entry"
        f" WHEN NOT ({ERASED}) BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_column("shop", "guide")
    op.drop_column("shop", "languages")
    op.drop_table("colleague")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change()")
