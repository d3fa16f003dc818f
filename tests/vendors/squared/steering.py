"""Steering of the server in tests: clock, settings, jobs, roles, mails and tables."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.testing import Sandbox
from tests.emulation import Emulation

NOON = "2026-03-02T12:00:00Z"


def sandbox_of(emulation: Emulation, email: str) -> Sandbox:
    """Return the sandbox that an email opens."""
    return emulation.sandbox(emulation.client(token=email))


def use_server_dialect(emulation: Emulation, client: httpx.Client) -> None:
    """Choose the server dialect for the client's sandbox, and workspace 1 for its calls."""
    emulation.sandbox(client).settings["squared.dialect"] = "server"
    client.headers["Workspace-Id"] = "1"
    client.get("/api/v1/workspaces").raise_for_status()


def freeze(emulation: Emulation, client: httpx.Client, delay: float = 0) -> Sandbox:
    """Freeze the clock at noon and set the delay of each step of a run; return the sandbox."""
    sandbox = emulation.sandbox(client)
    sandbox.settings["squared.sync_delay"] = delay
    sandbox.clock.freeze(NOON)
    return sandbox


def list_jobs(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Return the jobs of a sandbox."""
    return sandbox.control.list("/jobs", "jobs")


def register_credential(emulation: Emulation, token: str, **options: Any) -> None:
    """Register a credential of Squared."""
    emulation.server().credentials.add("squared", token, **options)


def send_role(
    control: httpx.Client, role: Any, *, user_id: Any = 1, workspace_id: Any = 1
) -> httpx.Response:
    """Send the call that gives a user a role in a workspace."""
    path = f"/squared/workspaces/{workspace_id}/members/{user_id}"
    return control.put(path, json={"role": role})


def set_role(emulation: Emulation, client: httpx.Client, role: str, *, user_id: int = 1) -> None:
    """Give a user a role in workspace 1."""
    emulation.sandbox(client).squared.give_role(user_id, role)


def list_mails(emulation: Emulation, email: str) -> list[dict[str, Any]]:
    """Return the outbox of the sandbox that an email opens."""
    return sandbox_of(emulation, email).squared.mails()


def load_tables(
    emulation: Emulation, client: httpx.Client, tables: Mapping[str, Any], id_: int = 1
) -> dict[str, Any]:
    """Replace the tables of a connector and return the new ones."""
    emulation.sandbox(client).squared.load(id_, tables)
    return get_tables(emulation, client, id_)


def get_tables(emulation: Emulation, client: httpx.Client, id_: int = 1) -> dict[str, Any]:
    """Return the tables of a connector."""
    return emulation.sandbox(client).squared.tables(id_)


def load_users(emulation: Emulation, client: httpx.Client, rows: list[dict[str, Any]]) -> None:
    """Replace the tables of the source by one of users."""
    columns = {"id": "integer", "email": "string"}
    load_tables(
        emulation, client, {"users": {"primary_key": "id", "columns": columns, "rows": rows}}
    )


def written_rows(emulation: Emulation, client: httpx.Client, stream: str = "profile") -> list[Any]:
    """Return the rows in a table of the destination."""
    rows: list[Any] = get_tables(emulation, client, 2)[stream]["rows"]
    return rows


def run_with_repository(
    emulation: Emulation, client: httpx.Client, action: Callable[[Repository], Awaitable[Any]]
) -> None:
    """Run an action on the rows of the client's sandbox, as another process would."""

    async def run() -> None:
        token = client.headers["Authorization"].removeprefix("Bearer ")
        sandbox = await emulation.runtime.sandboxes.open(digest(token))
        async with emulation.runtime.database.transaction() as connection:
            await action(Repository(connection, sandbox.id))

    emulation.run(run)
