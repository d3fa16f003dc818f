"""Statements that spread the tables over the nodes of Citus, an extension of PostgreSQL.

Source: https://docs.citusdata.com/en/stable/develop/api_udf.html
"""

from collections.abc import Iterator

from sqlalchemy import MetaData

# Every row of a sandbox is on one node, because each table is spread by this column.
DISTRIBUTION_COLUMN = "sandbox_id"


def citus_statements(metadata: MetaData) -> Iterator[str]:
    """Yield the statements for an empty, migrated database.

    A table without the column is copied to every node: such tables are small, and each call reads
    them.
    """
    yield "CREATE EXTENSION IF NOT EXISTS citus;"
    tables = [table for table in metadata.sorted_tables if DISTRIBUTION_COLUMN in table.c]
    for table in metadata.sorted_tables:
        if table not in tables:
            yield f"SELECT create_reference_table('{table.name}');"
    first, *others = tables
    yield f"SELECT create_distributed_table('{first.name}', '{DISTRIBUTION_COLUMN}');"
    for table in others:
        yield (
            f"SELECT create_distributed_table('{table.name}', '{DISTRIBUTION_COLUMN}', "
            f"colocate_with => '{first.name}');"
        )
