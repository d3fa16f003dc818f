"""attraqt receipts of batches: where an ingestion's updates stand, and items without a source."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_INDEX = "ix_attraqt_ingestions_ledger"


def upgrade() -> None:
    """Bring the schema here.

    What was answered and ingested before could not be found by its receipt, and stays so.
    """
    with op.batch_alter_table("attraqt_items") as table:
        table.alter_column(
            "source", type_=sa.String(length=250), existing_type=sa.Text(), nullable=True
        )
    _add("attraqt_batch_items", sa.Column("receipt_id", sa.String(length=36)), "''")
    _add("attraqt_ingestions", sa.Column("ledger_id", sa.Integer()), "0")
    with op.batch_alter_table("attraqt_ingestions") as table:
        table.add_column(sa.Column("first_update", sa.BigInteger(), nullable=True))
    op.create_index(_INDEX, "attraqt_ingestions", ["sandbox_id", "ledger_id"])


def downgrade() -> None:
    """Take it back."""
    op.drop_index(_INDEX, table_name="attraqt_ingestions")
    with op.batch_alter_table("attraqt_ingestions") as table:
        table.drop_column("first_update")
        table.drop_column("ledger_id")
    with op.batch_alter_table("attraqt_batch_items") as table:
        table.drop_column("receipt_id")
    op.execute("UPDATE attraqt_items SET source = '' WHERE source IS NULL")
    with op.batch_alter_table("attraqt_items") as table:
        table.alter_column(
            "source", type_=sa.Text(), existing_type=sa.String(length=250), nullable=False
        )


def _add(name: str, column: sa.Column[str] | sa.Column[int], value: str) -> None:
    """Add a column that is never null; rows that there are get a value, new ones no default."""
    with op.batch_alter_table(name) as table:
        table.add_column(column)
    op.execute(f"UPDATE {name} SET {column.name} = {value}")  # noqa: S608 - all of it is ours
    with op.batch_alter_table(name) as table:
        table.alter_column(column.name, existing_type=column.type, nullable=False)
