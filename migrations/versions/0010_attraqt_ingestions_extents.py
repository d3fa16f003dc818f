"""attraqt ingestions' extents: what waits in a batch is seen, and can be called off.

Configurations and operations that were lists of values become objects.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from mockalog.kernel.formats.json import dumps, loads_stored

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLE = "attraqt_ingestions"

_KEY = ("sandbox_id", "id")
_CONFIGURATION = (
    "batch",
    "version",
    "min_items",
    "min_success_percent",
    "source",
    "delete_missing",
    "promote",
)
_ENTRY = ("sandbox_id", "batch_id", "position")
_OPERATION = ("kind", "id", "type", "context", "parent_id", "at", "attributes", "fhr")


def upgrade() -> None:
    """Bring the schema here. An ingestion that waits takes in what its batch holds by now."""
    _rewrite(_TABLE, _KEY, "configuration", _CONFIGURATION)
    _rewrite("attraqt_batch_items", _ENTRY, "operation", _OPERATION)
    with op.batch_alter_table(_TABLE) as table:
        table.add_column(sa.Column("batch_id", sa.Integer()))
        table.add_column(sa.Column("size", sa.BigInteger()))
    op.execute(f"UPDATE {_TABLE} SET batch_id = 0, size = 0")  # noqa: S608 - all of it is ours
    _find_batches()
    with op.batch_alter_table(_TABLE) as table:
        table.alter_column("batch_id", existing_type=sa.Integer(), nullable=False)
        table.alter_column("size", existing_type=sa.BigInteger(), nullable=False)


def downgrade() -> None:
    """Take it back."""
    _rewrite("attraqt_batch_items", _ENTRY, "operation", None)
    _rewrite(_TABLE, _KEY, "configuration", None)
    with op.batch_alter_table(_TABLE) as table:
        table.drop_column("size")
        table.drop_column("batch_id")


def _find_batches() -> None:
    """Give each ingestion that waits the batch that its configuration names."""
    connection = op.get_bind()
    waiting = sa.text(f"SELECT * FROM {_TABLE} WHERE status = 'pending'")  # noqa: S608 - ours
    batch = sa.text(
        "SELECT id, last_item FROM attraqt_batches WHERE sandbox_id = :sandbox"
        " AND tenant = :tenant AND environment = :environment AND name = :name"
    )
    change = sa.text(
        f"UPDATE {_TABLE} SET batch_id = :batch, size = :size"  # noqa: S608 - all of it is ours
        " WHERE sandbox_id = :sandbox AND id = :id"
    )
    for row in connection.execute(waiting).all():
        this = {"sandbox": row.sandbox_id, "id": row.id}
        tenancy = {"tenant": row.tenant, "environment": row.environment}
        name = loads_stored(row.configuration)["batch"]
        found = connection.execute(batch, {**this, **tenancy, "name": name}).one()
        connection.execute(change, {**this, "batch": found.id, "size": found.last_item})


def _rewrite(name: str, key: Sequence[str], column: str, names: Sequence[str] | None) -> None:
    """Turn the JSON lists of a column into objects with these names, or back without any."""
    table = sa.table(name, *(sa.column(one) for one in (*key, column)))
    connection = op.get_bind()
    this = [table.c[one] == sa.bindparam(f"old_{one}") for one in key]
    change = sa.update(table).where(*this).values({column: sa.bindparam("new")})
    for row in connection.execute(sa.select(table)).mappings().all():
        value = loads_stored(row[column])
        value = list(value.values()) if names is None else dict(zip(names, value, strict=True))
        which = {f"old_{one}": row[one] for one in key}
        connection.execute(change, {"new": dumps(value).decode(), **which})
