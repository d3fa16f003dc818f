"""attraqt items, batches and feedback."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = (
    "attraqt_ledgers",
    "attraqt_activations",
    "attraqt_updates",
    "attraqt_items",
    "attraqt_batches",
    "attraqt_batch_items",
    "attraqt_ingestions",
    "attraqt_locales",
)

_LEDGER = """
    INSERT INTO attraqt_ledgers (sandbox_id, tenant, environment, version, receipt_id, created_at,
                                 is_open, num_items, last_item, last_update)
    VALUES (:sandbox_id, :tenant, :environment, :version, :receipt_id, :created_at,
            :is_open, 0, 0, 0)
"""


def upgrade() -> None:
    """Bring the schema here."""
    _create_ledgers()
    _create_feedback()
    _create_items()
    _create_batches()
    op.create_table(
        "attraqt_locales",
        sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant", sa.String(length=100), nullable=False),
        sa.Column("environment", sa.String(length=100), nullable=False),
        sa.Column("locale", sa.String(length=5), nullable=False),
        sa.PrimaryKeyConstraint(
            "sandbox_id", "tenant", "environment", name=op.f("pk_attraqt_locales")
        ),
    )
    _open_ledgers()


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_attraqt_updates_period", table_name="attraqt_updates")
    for name in reversed(TABLES):
        op.drop_table(name)


def _tenancy() -> tuple[sa.Column[int], sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("sandbox_id", sa.Integer(), nullable=False),
        sa.Column("tenant", sa.String(length=100), nullable=False),
        sa.Column("environment", sa.String(length=100), nullable=False),
    )


def _create_ledgers() -> None:
    op.create_table(
        "attraqt_ledgers",
        sa.Column("id", sa.Integer(), nullable=False),
        *_tenancy(),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("receipt_id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("num_items", sa.BigInteger(), nullable=False),
        sa.Column("last_item", sa.BigInteger(), nullable=False),
        sa.Column("last_update", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attraqt_ledgers")),
        sa.UniqueConstraint(
            "sandbox_id",
            "tenant",
            "environment",
            "version",
            name=op.f("uq_attraqt_ledgers_sandbox_id_tenant_environment_version"),
        ),
        sqlite_autoincrement=True,
    )


def _create_feedback() -> None:
    op.create_table(
        "attraqt_activations",
        sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ledger_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        *_record(),
        sa.PrimaryKeyConstraint(
            "sandbox_id", "ledger_id", "number", name=op.f("pk_attraqt_activations")
        ),
    )
    op.create_table(
        "attraqt_updates",
        sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ledger_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(length=250), nullable=False),
        *_record(),
        sa.PrimaryKeyConstraint(
            "sandbox_id", "ledger_id", "position", name=op.f("pk_attraqt_updates")
        ),
    )
    op.create_index(
        "ix_attraqt_updates_period",
        "attraqt_updates",
        ["sandbox_id", "ledger_id", "state", "started_at", "position"],
    )


def _record() -> list[sa.Column[Any]]:
    return [
        sa.Column("receipt_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
    ]


def _create_items() -> None:
    op.create_table(
        "attraqt_items",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("sandbox_id", sa.Integer(), nullable=False),
        sa.Column("ledger_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=250), nullable=False),
        sa.Column("type", sa.String(length=250), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ingestion_id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attraqt_items")),
        sa.UniqueConstraint(
            "sandbox_id",
            "ledger_id",
            "item_id",
            "type",
            name=op.f("uq_attraqt_items_sandbox_id_ledger_id_item_id_type"),
        ),
    )


def _create_batches() -> None:
    op.create_table(
        "attraqt_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        *_tenancy(),
        sa.Column("name", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_item", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attraqt_batches")),
        _unique_name("attraqt_batches"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "attraqt_batch_items",
        sa.Column("sandbox_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("batch_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "sandbox_id", "batch_id", "position", name=op.f("pk_attraqt_batch_items")
        ),
    )
    op.create_table(
        "attraqt_ingestions",
        sa.Column("id", sa.Integer(), nullable=False),
        *_tenancy(),
        sa.Column("name", sa.String(length=36), nullable=False),
        sa.Column("status", sa.String(length=9), nullable=False),
        sa.Column("configuration", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attraqt_ingestions")),
        _unique_name("attraqt_ingestions"),
        sqlite_autoincrement=True,
    )


def _unique_name(table: str) -> sa.UniqueConstraint:
    columns = ("sandbox_id", "tenant", "environment", "name")
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _open_ledgers() -> None:
    """Give every catalog that there is its ledger; when it was made stands in its document."""
    connection = op.get_bind()
    catalogs = connection.execute(sa.text("SELECT * FROM attraqt_catalogs ORDER BY id")).all()
    rows = [
        {
            "sandbox_id": catalog.sandbox_id,
            "tenant": catalog.tenant,
            "environment": catalog.environment,
            "version": catalog.version,
            "receipt_id": str(uuid4()),
            "created_at": _instant(json.loads(catalog.document)["createdAt"]),
            "is_open": True,
        }
        for catalog in catalogs
    ]
    if rows:
        connection.execute(sa.text(_LEDGER), rows)


def _instant(text: str) -> int:
    moment = datetime.fromisoformat(text)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
