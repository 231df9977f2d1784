"""Indexes by which codes are counted and listed."""

from collections.abc import Sequence

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_index("ix_redemption_state", "redemption", ["shop_id", "state", "id"])
    op.create_index("ix_redemption_reward", "redemption", ["shop_id", "reward_code", "state"])


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index("ix_redemption_reward", "redemption")
    op.drop_index("ix_redemption_state", "redemption")
