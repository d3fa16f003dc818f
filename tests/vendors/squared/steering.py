"""Calls of the control plane: settings, clock, jobs, faults, roles, mails and tables."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.sandboxes.credentials import digest
from tests.emulation import Emulation

NOON = "2026-03-02T12:00:00Z"


def control_of(emulation: Emulation, email: str) -> httpx.Client:
    """Return a control client of the sandbox that an email opens."""
    return emulation.control(headers={"Authorization": f"Bearer {email}"})


def set_settings(control: httpx.Client, settings: Mapping[str, Any]) -> None:
    """Change settings of a sandbox by their dotted names."""
    control.patch("/settings", json=settings).raise_for_status()


def use_server_dialect(emulation: Emulation, client: httpx.Client) -> None:
    """Choose the server dialect for the client's sandbox, and workspace 1 for its calls."""
    set_settings(emulation.control(client), {"squared.dialect": "server"})
    client.headers["Workspace-Id"] = "1"
    client.get("/api/v1/workspaces").raise_for_status()


def freeze(emulation: Emulation, client: httpx.Client, delay: float = 0) -> httpx.Client:
    """Freeze the clock at noon and set the delay of each step of a run; return the control."""
    control = emulation.control(client)
    set_settings(control, {"squared.sync_delay": delay})
    freeze_at(control, NOON)
    return control


def freeze_at(control: httpx.Client, now: str) -> None:
    """Freeze the sandbox's clock at an instant."""
    control.put("/clock", json={"mode": "frozen", "now": now}).raise_for_status()


def advance(control: httpx.Client, seconds: float) -> int:
    """Advance the clock and return the number of jobs that ran."""
    response = control.post("/clock/advance", json={"seconds": seconds})
    response.raise_for_status()
    return int(response.json()["jobs_run"])


def settle(control: httpx.Client) -> str:
    """Run all jobs that do not recur, and return the time of the clock."""
    response = control.post("/clock/settle")
    response.raise_for_status()
    return str(response.json()["now"])


def list_jobs(control: httpx.Client) -> list[dict[str, Any]]:
    """Return the jobs of a sandbox."""
    jobs: list[dict[str, Any]] = control.get("/jobs").json()["jobs"]
    return jobs


def arm_fault(control: httpx.Client, **fault: Any) -> None:
    """Arm a fault of Squared."""
    control.post("/faults", json={"vendor": "squared", **fault}).raise_for_status()


def reset_sandbox(control: httpx.Client) -> None:
    """Reset the sandbox."""
    control.post("/reset").raise_for_status()


def register_credential(control: httpx.Client, **credential: Any) -> None:
    """Register a credential of Squared."""
    control.post("/credentials", json={"vendor": "squared", **credential}).raise_for_status()


def send_role(
    control: httpx.Client, role: Any, *, user_id: Any = 1, workspace_id: Any = 1
) -> httpx.Response:
    """Send the call that gives a user a role in a workspace."""
    path = f"/squared/workspaces/{workspace_id}/members/{user_id}"
    return control.put(path, json={"role": role})


def set_role(control: httpx.Client, role: str, *, user_id: int = 1, workspace_id: int = 1) -> None:
    """Give a user a role in a workspace."""
    send_role(control, role, user_id=user_id, workspace_id=workspace_id).raise_for_status()


def list_mails(emulation: Emulation, email: str) -> list[dict[str, Any]]:
    """Return the outbox of the sandbox that an email opens."""
    response = control_of(emulation, email).get("/squared/outbox")
    response.raise_for_status()
    mails: list[dict[str, Any]] = response.json()["mails"]
    return mails


def load_tables(
    emulation: Emulation, client: httpx.Client, body: Any, id_: int = 1
) -> dict[str, Any]:
    """Replace the tables of a connector and return the new ones."""
    path = f"/squared/connectors/{id_}/tables"
    emulation.control(client).put(path, json=body).raise_for_status()
    return get_tables(emulation, client, id_)


def get_tables(emulation: Emulation, client: httpx.Client, id_: int = 1) -> dict[str, Any]:
    """Return the tables of a connector."""
    response = emulation.control(client).get(f"/squared/connectors/{id_}/tables")
    response.raise_for_status()
    tables: dict[str, Any] = response.json()
    return tables


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
