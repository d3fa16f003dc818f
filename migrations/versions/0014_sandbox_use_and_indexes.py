"""sandboxes: their last use, and indexes for servers with many of them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    op.create_table(
        "sandbox_uses",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sandbox_uses")),
    )
    op.create_index("ix_sandboxes_purpose_name", "sandboxes", ["purpose", "name"])
    op.create_index(op.f("ix_credentials_sandbox"), "credentials", ["sandbox"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index(op.f("ix_credentials_sandbox"), table_name="credentials")
    op.drop_index("ix_sandboxes_purpose_name", table_name="sandboxes")
    op.drop_table("sandbox_uses")
