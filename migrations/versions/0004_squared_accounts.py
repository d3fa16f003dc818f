"""squared accounts: verified addresses, new passwords and the mails about them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "reset_digest": sa.String(length=64),
    "reset_sent_at": sa.BigInteger(),
    "confirmation_token": sa.String(length=32),
    "confirmed_at": sa.BigInteger(),
}


def upgrade() -> None:
    """Bring the schema here."""
    op.create_table(
        "squared_mails",
        sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox_id", "id", name=op.f("pk_squared_mails")),
    )
    with op.batch_alter_table("squared_users") as table:
        for name, kind in _COLUMNS.items():
            table.add_column(sa.Column(name, kind))
    # Nobody was asked to verify an address before.
    op.execute("UPDATE squared_users SET confirmed_at = created_at")


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("squared_users") as table:
        for name in _COLUMNS:
            table.drop_column(name)
    op.drop_table("squared_mails")
