"""The condition of every query of one tenancy."""

from sqlalchemy import ColumnElement, Table, bindparam


def of_tenancy(table: Table) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a row belongs to the bound sandbox and tenancy."""
    return (
        table.c.sandbox_id == bindparam("sandbox_id"),
        table.c.tenant == bindparam("tenant"),
        table.c.environment == bindparam("environment"),
    )
