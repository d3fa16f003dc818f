"""What every query of one tenancy says."""

from sqlalchemy import ColumnElement, Table, bindparam


def of_tenancy(table: Table) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a row is of the sandbox and the tenancy that are bound."""
    return (
        table.c.sandbox_id == bindparam("sandbox_id"),
        table.c.tenant == bindparam("tenant"),
        table.c.environment == bindparam("environment"),
    )
