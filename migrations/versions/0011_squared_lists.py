"""squared: indexes for lists and for names that may be taken."""

from alembic import op
from sqlalchemy import text

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_LISTED = ("connectors", "models", "syncs")


def upgrade() -> None:
    """Bring the schema here."""
    for name in _LISTED:
        columns = ["sandbox_id", "workspace_id", "updated_at", "id"]
        op.create_index(f"ix_squared_{name}_list", f"squared_{name}", columns)
    op.create_index(
        "ix_squared_connectors_name",
        "squared_connectors",
        ["sandbox_id", "workspace_id", "connector_type", text("substr(name, 1, 64)")],
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_squared_connectors_name", "squared_connectors")
    for name in _LISTED:
        op.drop_index(f"ix_squared_{name}_list", f"squared_{name}")
