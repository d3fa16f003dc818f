"""squared models, and the tables of the data world."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema here."""
    op.create_table(
        "squared_models",
        sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("workspace_id", sa.BigInteger(), nullable=False),
        sa.Column("connector_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("query", sa.Text()),
        sa.Column("query_type", sa.String(length=20), nullable=False),
        sa.Column("configuration", sa.Text()),
        sa.Column("primary_key", sa.Text()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox_id", "id", name=op.f("pk_squared_models")),
    )
    op.create_table(
        "squared_worlds",
        sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("connector_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("tables", sa.Text(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sandbox_id", "connector_id", name=op.f("pk_squared_worlds")),
    )
    op.create_table(
        "squared_rows",
        sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("connector_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("stream", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=64)),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "sandbox_id", "connector_id", "stream", "number", name=op.f("pk_squared_rows")
        ),
        sa.UniqueConstraint(
            "sandbox_id",
            "connector_id",
            "stream",
            "key",
            name=op.f("uq_squared_rows_sandbox_id_connector_id_stream_key"),
        ),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("squared_rows")
    op.drop_table("squared_worlds")
    op.drop_table("squared_models")
