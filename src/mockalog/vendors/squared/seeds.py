"""What a seed file may say under `squared`."""

from collections.abc import Sequence
from typing import Any

from mockalog.kernel.documents import InvalidDocument, Path
from mockalog.kernel.seeds import Caller, Section, Seed

# What every sandbox has: the workspace that its own credential works in.
FIRST = "default"


class User(Section):
    """An account as somebody signs up; it has a workspace of its own."""

    name: str
    email: str
    password: str
    company_name: str = "mockalog"


class Workspace(Section):
    """One more workspace of the sandbox's first user."""

    name: str
    description: str | None = None
    region: str | None = None


class Connector(Section):
    """A connector, by default in the first workspace, with the JSON schema of its catalog."""

    workspace: str = FIRST
    name: str
    connector_type: str
    connector_name: str
    description: str | None = None
    configuration: dict[str, Any]
    json_schema: dict[str, Any] | None = None

    async def apply(self, caller: Caller, workspace: str, at: Path) -> None:
        """Create the connector, and its catalog if it says what is in it."""
        headers = {"workspace-id": workspace}
        values = self.model_dump(exclude={"workspace", "json_schema"}, exclude_none=True)
        body = {"connector": values}
        created = await caller.call("POST", "/api/v1/connectors", body, at=at, headers=headers)
        if self.json_schema is not None:
            catalog = {
                "connector_id": int(created["data"]["id"]),
                "catalog": {"json_schema": self.json_schema},
            }
            place = (*at, "json_schema")
            await caller.call("POST", "/api/v1/catalogs", catalog, at=place, headers=headers)


class SquaredSeed(Seed):
    """Workspaces come first, then what is in them; users have their own."""

    workspaces: Sequence[Workspace] = ()
    connectors: Sequence[Connector] = ()
    users: Sequence[User] = ()

    async def apply(self, caller: Caller) -> None:
        """Create everything; the first user comes with the first call."""
        await self._create_workspaces(caller)
        known = await self._workspaces(caller)
        for number, connector in enumerate(self.connectors):
            at: Path = ("connectors", number)
            if connector.workspace not in known:
                names = ", ".join(known)
                raise InvalidDocument(f"no such workspace; there are: {names}", (*at, "workspace"))
            await connector.apply(caller, known[connector.workspace], at)
        for number, user in enumerate(self.users):
            body = {**user.model_dump(), "password_confirmation": user.password}
            await caller.call("POST", "/api/v1/signup", body, at=("users", number))

    async def _create_workspaces(self, caller: Caller) -> None:
        if not self.workspaces:
            return
        listed = await caller.call("GET", "/api/v1/workspaces", at=("workspaces",))
        organization = listed["data"][0]["attributes"]["organization_id"]
        for number, workspace in enumerate(self.workspaces):
            body = {"workspace": {**workspace.model_dump(), "organization_id": organization}}
            at = ("workspaces", number)
            await caller.call("POST", "/api/v1/workspaces", body, at=at)

    async def _workspaces(self, caller: Caller) -> dict[str, str]:
        """Return the id of each workspace by its name; the oldest of a name."""
        listed = await caller.call("GET", "/api/v1/workspaces", at=("workspaces",))
        return {one["attributes"]["name"]: one["id"] for one in reversed(listed["data"])}
