"""attraqt ingestions' extents: what waits in a batch is seen, and can be called off."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLE = "attraqt_ingestions"


def upgrade() -> None:
    """Bring the schema here. An ingestion that waited takes nothing in: it lost its batch."""
    with op.batch_alter_table(_TABLE) as table:
        table.add_column(sa.Column("batch_id", sa.Integer()))
        table.add_column(sa.Column("size", sa.BigInteger()))
    op.execute(f"UPDATE {_TABLE} SET batch_id = 0, size = 0")  # noqa: S608 - all of it is ours
    with op.batch_alter_table(_TABLE) as table:
        table.alter_column("batch_id", existing_type=sa.Integer(), nullable=False)
        table.alter_column("size", existing_type=sa.BigInteger(), nullable=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table(_TABLE) as table:
        table.drop_column("size")
        table.drop_column("batch_id")
