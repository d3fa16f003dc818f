"""attraqt: the key that signs access tokens, and the client assertions that were used."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    op.create_table(
        "attraqt_signing_keys",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("private_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attraqt_signing_keys")),
    )
    op.create_table(
        "attraqt_assertions",
        sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox_id", "digest", name=op.f("pk_attraqt_assertions")),
    )
    op.create_index(
        op.f("ix_attraqt_assertions_sandbox_id_expires_at"),
        "attraqt_assertions",
        ["sandbox_id", "expires_at"],
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index(
        op.f("ix_attraqt_assertions_sandbox_id_expires_at"), table_name="attraqt_assertions"
    )
    op.drop_table("attraqt_assertions")
    op.drop_table("attraqt_signing_keys")
