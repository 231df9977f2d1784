"""The first tables, and the trigger that keeps the ledger from being changed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

TABLES = (
    "worker_pulse",
    "unknown_delivery",
    "transfer",
    "tier_change",
    "tally",
    "shop",
    "redemption",
    "program_revision",
    "product",
    "pool_code",
    "pool",
    "order_record",
    "member",
    "effect",
    "delivery",
    "credential",
    "chore",
)
"""Last made first."""

REFUSAL = "The ledger is only ever added to."


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "chore",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("run_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chore")),
    )
    op.create_table(
        "credential",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("access_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("refresh_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("scopes", sa.String(length=1000), nullable=False),
        sa.Column("refreshing_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("shop_id", name=op.f("pk_credential")),
    )
    op.create_table(
        "delivery",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("triggered_at", MOMENT, nullable=True),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("events", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("run_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_customer", "delivery", ["shop_id", "customer_id"], unique=False)
    op.create_index("ix_delivery_due", "delivery", ["state", "run_at"], unique=False)
    op.create_index("ix_delivery_received", "delivery", ["shop_id", "received_at"], unique=False)

    op.create_table(
        "effect",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("run_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_effect")),
    )
    op.create_index("ix_effect_created", "effect", ["shop_id", "created_at"], unique=False)
    op.create_index("ix_effect_due", "effect", ["state", "run_at"], unique=False)
    op.create_index(
        "uq_effect_waiting",
        "effect",
        ["shop_id", "kind", "subject"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )

    op.create_table(
        "member",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.Column("joined_at", MOMENT, nullable=False),
        sa.Column("tier", sa.String(length=40), nullable=True),
        sa.Column("tier_since", MOMENT, nullable=True),
        sa.Column("tier_due_at", MOMENT, nullable=True),
        sa.Column("available", sa.BigInteger(), nullable=False),
        sa.Column("pending", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("transfers", sa.BigInteger(), nullable=False),
        sa.Column("next_expiry_at", MOMENT, nullable=True),
        sa.Column("next_expiry_points", sa.BigInteger(), nullable=False),
        sa.Column("active_at", MOMENT, nullable=True),
        sa.Column("birthday", sa.String(length=5), nullable=True),
        sa.Column("birthday_entered_at", MOMENT, nullable=True),
        sa.Column("floor_tier", sa.String(length=40), nullable=True),
        sa.Column("floor_until", MOMENT, nullable=True),
        sa.Column("floor_reason", sa.String(length=200), nullable=True),
        sa.Column("entered", DOCUMENT, nullable=False),
        sa.Column("guest_until", MOMENT, nullable=True),
        sa.CheckConstraint("held >= 0", name=op.f("ck_member_held")),
        sa.CheckConstraint("pending >= 0", name=op.f("ck_member_pending")),
        sa.CheckConstraint("transfers >= 0", name=op.f("ck_member_transfers")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_member")),
        sa.UniqueConstraint("shop_id", "customer_id", name=op.f("uq_member_shop_id_customer_id")),
    )
    op.create_index("ix_member_email", "member", ["shop_id", "email_hash"], unique=False)
    op.create_index("ix_member_expiry", "member", ["next_expiry_at"], unique=False)
    op.create_index("ix_member_joined", "member", ["shop_id", "joined_at"], unique=False)
    op.create_index("ix_member_tier_due", "member", ["tier_due_at"], unique=False)
    op.create_index(
        "uq_member_guest",
        "member",
        ["shop_id", "email_hash"],
        unique=True,
        sqlite_where=sa.text("customer_id IS NULL AND email_hash IS NOT NULL"),
        postgresql_where=sa.text("customer_id IS NULL AND email_hash IS NOT NULL"),
    )

    op.create_table(
        "order_record",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("customer_id", sa.String(length=64), nullable=True),
        sa.Column("email_hash", sa.String(length=64), nullable=True),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("facts", DOCUMENT, nullable=True),
        sa.Column("early_refunds", DOCUMENT, nullable=False),
        sa.Column("award", DOCUMENT, nullable=True),
        sa.Column("placed_at", MOMENT, nullable=True),
        sa.Column("counts_at", MOMENT, nullable=True),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("settlements", sa.BigInteger(), nullable=False),
        sa.Column("posted_issued", sa.BigInteger(), nullable=False),
        sa.Column("posted_pending", sa.BigInteger(), nullable=False),
        sa.Column("posted_available", sa.BigInteger(), nullable=False),
        sa.Column("posted_reversed", sa.BigInteger(), nullable=False),
        sa.Column("posted_expired", sa.BigInteger(), nullable=False),
        sa.Column("forgiven", sa.BigInteger(), nullable=False),
        sa.Column("entry", DOCUMENT, nullable=False),
        sa.Column("categories", DOCUMENT, nullable=False),
        sa.Column("awaits_catalog", sa.Boolean(), nullable=False),
        sa.Column("wiped", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "order_id", name=op.f("pk_order_record")),
    )
    op.create_index(
        "ix_order_record_customer", "order_record", ["shop_id", "customer_id"], unique=False
    )
    op.create_index("ix_order_record_due", "order_record", ["due_at"], unique=False)
    op.create_index(
        "ix_order_record_email", "order_record", ["shop_id", "email_hash"], unique=False
    )
    op.create_index(
        "ix_order_record_member",
        "order_record",
        ["shop_id", "member_id", "counts_at"],
        unique=False,
    )
    op.create_index(
        "ix_order_record_placed", "order_record", ["shop_id", "placed_at"], unique=False
    )

    op.create_table(
        "pool",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reward_code", sa.String(length=40), nullable=False),
        sa.Column("terms", sa.String(length=32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("ref", sa.String(length=100), nullable=True),
        sa.Column("adding_ref", sa.String(length=100), nullable=True),
        sa.Column("adding_since", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_pool")),
        sa.UniqueConstraint(
            "shop_id", "reward_code", "terms", name=op.f("uq_pool_shop_id_reward_code_terms")
        ),
    )
    op.create_table(
        "pool_code",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("pool_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("ref", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("shop_id", "code", name=op.f("pk_pool_code")),
    )
    op.create_index(
        "ix_pool_code_state",
        "pool_code",
        ["shop_id", "pool_id", "state", "number"],
        unique=False,
    )
    op.create_table(
        "product",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("product_id", sa.String(length=64), nullable=False),
        sa.Column("marks", DOCUMENT, nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "product_id", name=op.f("pk_product")),
    )
    op.create_table(
        "program_revision",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("document", DOCUMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=False),
        sa.Column("effective_at", MOMENT, nullable=False),
        sa.Column("author", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "number", name=op.f("pk_program_revision")),
    )
    op.create_index(
        "ix_program_revision_effective",
        "program_revision",
        ["shop_id", "effective_at"],
        unique=False,
    )

    op.create_table(
        "redemption",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("request_key", sa.String(length=255), nullable=False),
        sa.Column("reward_code", sa.String(length=40), nullable=False),
        sa.Column("asked_points", sa.BigInteger(), nullable=True),
        sa.Column("name", DOCUMENT, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("cost_points", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("off_minor", sa.BigInteger(), nullable=False),
        sa.Column("off_percent", sa.BigInteger(), nullable=False),
        sa.Column("minimum_subtotal_minor", sa.BigInteger(), nullable=False),
        sa.Column("combines", sa.Boolean(), nullable=False),
        sa.Column("limits", DOCUMENT, nullable=True),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("checklist", DOCUMENT, nullable=True),
        sa.Column("pool_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("points_expire_at", MOMENT, nullable=True),
        sa.Column("order_id", sa.String(length=64), nullable=True),
        sa.Column("moves", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("spent", sa.BigInteger(), nullable=False),
        sa.Column("donated", sa.BigInteger(), nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("given_at", MOMENT, nullable=True),
        sa.Column("given_ref", sa.String(length=100), nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.CheckConstraint("cost_points > 0", name=op.f("ck_redemption_cost")),
        sa.CheckConstraint("donated >= 0", name=op.f("ck_redemption_donated")),
        sa.CheckConstraint("held >= 0", name=op.f("ck_redemption_held")),
        sa.CheckConstraint("spent >= 0", name=op.f("ck_redemption_spent")),
        sa.PrimaryKeyConstraint("shop_id", "id", name=op.f("pk_redemption")),
        sa.UniqueConstraint("shop_id", "code", name=op.f("uq_redemption_shop_id_code")),
        sa.UniqueConstraint("shop_id", "given_ref", name=op.f("uq_redemption_shop_id_given_ref")),
        sa.UniqueConstraint(
            "shop_id",
            "member_id",
            "request_key",
            name=op.f("uq_redemption_shop_id_member_id_request_key"),
        ),
    )
    op.create_index("ix_redemption_ends", "redemption", ["state", "ends_at"], unique=False)
    op.create_index("ix_redemption_order", "redemption", ["shop_id", "order_id"], unique=False)

    op.create_table(
        "shop",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("installed_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.Column("connected_at", MOMENT, nullable=True),
        sa.Column("reconciled_until", MOMENT, nullable=True),
        sa.Column("widget_injected", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop")),
        sa.UniqueConstraint("domain", name=op.f("uq_shop_domain")),
    )
    op.create_table(
        "tally",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("given", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "code", name=op.f("pk_tally")),
    )
    op.create_table(
        "tier_change",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("old_tier", sa.String(length=40), nullable=True),
        sa.Column("new_tier", sa.String(length=40), nullable=True),
        sa.Column("measured", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shop_id", "member_id", "id", name=op.f("pk_tier_change")),
    )
    op.create_table(
        "transfer",
        sa.Column("shop_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("target", sa.String(length=10), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("occurred_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.String(length=64), nullable=True),
        sa.Column("redemption_id", sa.String(length=36), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint("points > 0", name=op.f("ck_transfer_points")),
        sa.CheckConstraint("source <> target", name=op.f("ck_transfer_sides")),
        sa.PrimaryKeyConstraint("shop_id", "member_id", "number", name=op.f("pk_transfer")),
        sa.UniqueConstraint("shop_id", "key", name=op.f("uq_transfer_shop_id_key")),
    )
    op.create_index("ix_transfer_occurred", "transfer", ["shop_id", "occurred_at"], unique=False)

    op.create_table(
        "unknown_delivery",
        sa.Column("shop_domain", sa.String(length=255), nullable=False),
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("shop_domain", "id", name=op.f("pk_unknown_delivery")),
    )
    op.create_table(
        "worker_pulse",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_pulse")),
    )
    _guard_ledger()


def _guard_ledger() -> None:
    """Have the database itself refuse to change or delete a transfer."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER transfer_is_final BEFORE UPDATE OR DELETE ON transfer"
            " FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change()"
        )
        op.execute(
            "CREATE TRIGGER transfer_is_kept BEFORE TRUNCATE ON transfer"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER transfer_refuses_{verb.lower()} BEFORE {verb} ON transfer"
            f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        )


def downgrade() -> None:
    """Remove everything, the ledger included."""
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_ledger_change()")
