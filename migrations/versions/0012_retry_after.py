"""faults: how long a 429 asks its client to wait."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    op.add_column("faults", sa.Column("retry_after", sa.Integer()))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("faults", "retry_after")
