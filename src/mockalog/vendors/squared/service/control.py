"""Operations of the control plane: outbox, roles of members, source tables."""

from collections.abc import Sequence
from typing import NamedTuple

from mockalog.kernel.database.interfaces import Values
from mockalog.kernel.formats.json import dumps
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import not_found
from mockalog.vendors.squared.repository.accounts import accounts, mails, workspaces
from mockalog.vendors.squared.repository.connectors import connectors
from mockalog.vendors.squared.repository.connectors import source_tables as stored_tables
from mockalog.vendors.squared.repository.connectors.source_tables import NewRow
from mockalog.vendors.squared.rules.connectors import source_tables as rules
from mockalog.vendors.squared.rules.connectors.rows import ConnectorRow
from mockalog.vendors.squared.schemas.control import Mail, Member, TableJson, mail_of, table_of
from mockalog.vendors.squared.service.access import provision
from mockalog.vendors.squared.service.connectors import source_tables
from mockalog.vendors.squared.service.lookups import database_id, require_row


async def list_mails(call: Call) -> list[Mail]:
    """Return all mails of the sandbox, oldest first."""
    return [mail_of(row) for row in await mails.list_mails(call.repository)]


async def keep_role(call: Call, workspace_id: int, user_id: int, role: str) -> Member:
    """Set the role of a user in a workspace, as an Admin does in the vendor's web UI."""
    await provision(call)
    if not await workspaces.workspace_exists(call.repository, database_id(workspace_id)):
        raise not_found("Workspace")
    user = await accounts.get_user(call.repository, database_id(user_id))
    require_row(user, not_found("User"))
    await workspaces.set_role(call.repository, user_id, workspace_id, role)
    return {"user_id": user_id, "workspace_id": workspace_id, "role": role}


class PreparedTables(NamedTuple):
    """Tables that are ready to be stored: their rows, their description and the response."""

    rows: Sequence[Values]
    packed: str
    response: bytes


def prepare_tables(connector_id: int, body: object) -> PreparedTables:
    """Check and prepare the tables of a request; a thread does it for 20,000 rows.

    Raises `ContractError`.
    """
    tables = rules.parse_tables(body)
    rows = [
        NewRow(table.name, number, rules.row_key(table, row), dumps(row).decode())
        for table, rows in tables
        for number, row in enumerate(rows, 1)
    ]
    packed = rules.pack_tables(table for table, _ in tables)
    shown = {table.name: table_of(table, rows) for table, rows in tables}
    return PreparedTables(stored_tables.values_of(connector_id, rows), packed, dumps(shown))


async def load_tables(call: Call, connector_id: int, tables: PreparedTables) -> bytes:
    """Replace all tables of a connector and return the new ones by name, as JSON."""
    connector = await _find_connector(call, connector_id)
    await source_tables.lock_tables(call.repository, connector)
    await stored_tables.delete_rows(call.repository, connector_id)
    await stored_tables.upsert_rows(call.repository, tables.rows)
    await stored_tables.update_tables(call.repository, connector_id, tables.packed, rules.MAX_ROWS)
    return tables.response


async def show_tables(call: Call, connector_id: int) -> dict[str, TableJson]:
    """Return the tables of a connector by name, as `load_tables` does."""
    connector = await _find_connector(call, connector_id)
    tables = await source_tables.tables_with_rows(call.repository, connector)
    return {table.name: table_of(table, rows) for table, rows in tables}


async def show_table(call: Call, connector_id: int, stream: str) -> TableJson:
    """Return one table of a connector; raises 404 if it does not exist."""
    tables = await show_tables(call, connector_id)
    return require_row(tables.get(stream), not_found("Table"))


async def _find_connector(call: Call, connector_id: int) -> ConnectorRow:
    """Return a connector of any workspace, locked until the commit; raises 404."""
    row = await connectors.lock_connector_by_id(call.repository, database_id(connector_id))
    return require_row(row, not_found("Connector"))
