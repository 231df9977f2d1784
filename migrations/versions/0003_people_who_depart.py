"""Remember who was merged or forgotten, and keep words about people where they can be erased."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REFUSAL = "The ledger is only ever added to."


def upgrade() -> None:
    """Bring the tables forward, and the notes of adjustments out of the ledger."""
    op.create_table(
        "departed",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("kept_id", sa.String(length=64), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "mark", name=op.f("pk_departed")),
    )
    op.create_index("ix_departed_kept", "departed", ["shop_id", "kept_id"], unique=False)
    op.create_table(
        "adjustment_note",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "member_id", "key", name=op.f("pk_adjustment_note")),
    )
    op.add_column("member", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_index("ix_member_merged", "member", ["shop_id", "merged_into"], unique=False)
    op.add_column(
        "order_record",
        sa.Column("forgotten", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    _move_notes()


def _move_notes() -> None:
    """Take the words of people who still have a name along; those of the others end here.

    The one time that a row of the ledger is changed: no number is.
    """
    op.execute(
        "INSERT INTO adjustment_note (shop_id, member_id, key, note)"
        " SELECT transfer.shop_id, transfer.member_id, transfer.key, transfer.note FROM transfer"
        " JOIN member ON member.shop_id = transfer.shop_id AND member.id = transfer.member_id"
        " WHERE transfer.reason = 'adjust' AND transfer.note <> ''"
        " AND (member.customer_id IS NOT NULL OR member.email_hash IS NOT NULL)"
    )
    emptied = "UPDATE transfer SET note = '' WHERE reason = 'adjust'"
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE transfer DISABLE TRIGGER transfer_is_final")
        op.execute(emptied)
        op.execute("ALTER TABLE transfer ENABLE TRIGGER transfer_is_final")
        return
    op.execute("DROP TRIGGER transfer_refuses_update")
    op.execute(emptied)
    op.execute(
        "CREATE TRIGGER transfer_refuses_update BEFORE UPDATE ON transfer"
        f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def downgrade() -> None:
    """Take the tables back; who departed and what was written is lost with them."""
    op.drop_column("order_record", "forgotten")
    op.drop_index("ix_member_merged", "member")
    op.drop_column("member", "merged_into")
    op.drop_table("adjustment_note")
    op.drop_table("departed")
