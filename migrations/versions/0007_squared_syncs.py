"""squared syncs, and jobs that come again and again."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _id(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _key() -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
    )


_ACTIVE = sa.text("status IN ('pending', 'started', 'querying', 'queued', 'in_progress')")


def upgrade() -> None:
    """Bring the schema here."""
    with op.batch_alter_table("jobs") as table:
        table.add_column(
            sa.Column("recurring", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.create_table(
        "squared_syncs",
        *_key(),
        _id("workspace_id"),
        _id("source_id"),
        _id("destination_id"),
        _id("model_id"),
        sa.Column("configuration", sa.Text(), nullable=False),
        sa.Column("schedule_type", sa.String(length=20), nullable=False),
        sa.Column("sync_mode", sa.String(length=20), nullable=False),
        sa.Column("sync_interval", sa.BigInteger()),
        sa.Column("sync_interval_unit", sa.String(length=10)),
        sa.Column("cron_expression", sa.Text()),
        sa.Column("stream_name", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("cursor_field", sa.Text()),
        sa.Column("current_cursor_field", sa.Text()),
        sa.Column("next_run_at", sa.BigInteger()),
        _id("created_at"),
        _id("updated_at"),
        sa.PrimaryKeyConstraint("sandbox_id", "id", name=op.f("pk_squared_syncs")),
    )
    op.create_table(
        "squared_sync_runs",
        *_key(),
        _id("workspace_id"),
        _id("sync_id"),
        _id("source_id"),
        _id("destination_id"),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("sync_run_type", sa.String(length=10), nullable=False),
        sa.Column("started_at", sa.BigInteger()),
        sa.Column("finished_at", sa.BigInteger()),
        _id("total_query_rows"),
        _id("total_rows"),
        _id("skipped_rows"),
        _id("successful_rows"),
        _id("failed_rows"),
        sa.Column("error", sa.Text()),
        sa.Column("cursor", sa.Text()),
        _id("created_at"),
        _id("updated_at"),
        sa.PrimaryKeyConstraint("sandbox_id", "id", name=op.f("pk_squared_sync_runs")),
    )
    op.create_index("ix_squared_sync_runs_sync", "squared_sync_runs", ["sandbox_id", "sync_id"])
    op.create_index(
        "uq_squared_sync_runs_active",
        "squared_sync_runs",
        ["sandbox_id", "sync_id"],
        unique=True,
        sqlite_where=_ACTIVE,
        postgresql_where=_ACTIVE,
    )
    op.create_table(
        "squared_sync_records",
        *_key(),
        _id("workspace_id"),
        _id("sync_id"),
        _id("sync_run_id"),
        sa.Column("key_digest", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=40)),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("logs", sa.Text()),
        _id("created_at"),
        _id("updated_at"),
        sa.PrimaryKeyConstraint("sandbox_id", "id", name=op.f("pk_squared_sync_records")),
        sa.UniqueConstraint(
            "sandbox_id",
            "sync_id",
            "key_digest",
            name=op.f("uq_squared_sync_records_sandbox_id_sync_id_key_digest"),
        ),
    )
    op.create_index(
        "ix_squared_sync_records_run", "squared_sync_records", ["sandbox_id", "sync_run_id"]
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_table("squared_sync_records")
    op.drop_table("squared_sync_runs")
    op.drop_table("squared_syncs")
    with op.batch_alter_table("jobs") as table:
        table.drop_column("recurring")
