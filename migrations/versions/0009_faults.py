"""faults: failures that a test armed, and the reason on the jobs that fail by them."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    op.create_table(
        "faults",
        sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("vendor", sa.String(length=40), nullable=False),
        sa.Column("operation", sa.String(length=80), nullable=False),
        sa.Column("path", sa.Text()),
        sa.Column("phase", sa.String(length=10), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("error", sa.String(length=80)),
        sa.Column("drops", sa.Boolean(), nullable=False),
        sa.Column("delay", sa.Float(), nullable=False),
        sa.Column("skips", sa.Integer(), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("fired", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox_id", "id", name=op.f("pk_faults")),
    )
    op.add_column("jobs", sa.Column("fault", sa.Text()))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("jobs") as table:
        table.drop_column("fault")
    op.drop_table("faults")
