"""The statements for Citus, and the rule that makes them possible."""

import pytest
from sqlalchemy import Table, UniqueConstraint

from mockalog.kernel.database.citus import DISTRIBUTION_COLUMN, citus_statements
from mockalog.schema import metadata

SPREAD = [table for table in metadata.sorted_tables if DISTRIBUTION_COLUMN in table.c]


def keys(table: Table) -> list[list[str]]:
    """Return the columns of the primary key and of each unique constraint and index."""
    unique = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    indexes = [index for index in table.indexes if index.unique]
    return [[column.name for column in key.columns] for key in (table.primary_key, *unique)] + [
        [column.name for column in index.columns] for index in indexes
    ]


@pytest.mark.parametrize("table", SPREAD, ids=str)
def test_every_key_begins_with_the_sandbox(table: Table) -> None:
    """Citus needs the column in each; at its beginning it also serves every query of a sandbox."""
    assert keys(table)
    for columns in keys(table):
        assert columns[0] == DISTRIBUTION_COLUMN


def test_every_table_is_spread_or_copied_once() -> None:
    """The tables of all sandboxes are on the nodes of the first one."""
    statements = list(citus_statements(metadata))

    assert statements[0] == "CREATE EXTENSION IF NOT EXISTS citus;"
    assert len(statements) == 1 + len(metadata.tables)
    copied = {line.split("'")[1] for line in statements if "create_reference_table" in line}
    kernel = {"credentials", "sandbox_uses", "sandboxes", "servers", "snapshots"}
    assert copied == {*kernel, "attraqt_signing_keys"}
    spread = [line for line in statements if "create_distributed_table" in line]
    assert {line.split("'")[1] for line in spread} == {table.name for table in SPREAD}
    assert all(f"colocate_with => '{SPREAD[0].name}'" in line for line in spread[1:])
