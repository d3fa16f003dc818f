"""What a seed file may say under `squared`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockalog.kernel.documents.errors import InvalidDocumentError, Path
from mockalog.kernel.documents.seeds import Caller, Section, Seed
from mockalog.kernel.journal.journal import CONTROL_PREFIX

# What every sandbox has: the workspace that its own credential works in.
FIRST = "default"


class Workspace(Section):
    """One more workspace of the sandbox's first user."""

    name: str
    description: str | None = None
    region: str | None = None


class Placed(Section):
    """What stands in a workspace, by default in the first."""

    workspace: str = FIRST


class User(Placed):
    """An account as somebody signs up; it has a workspace of its own.

    With a `role` it has that in `workspace`, too, as if an Admin had invited it.
    """

    name: str
    email: str
    password: str
    company_name: str = "mockalog"
    role: str | None = None


class Connector(Placed):
    """A connector, with its catalog's JSON schema and the tables that it reads or writes."""

    name: str
    connector_type: str
    connector_name: str
    description: str | None = None
    configuration: dict[str, Any]
    json_schema: dict[str, Any] | None = None
    tables: dict[str, Any] | None = None


class Model(Placed):
    """A model of a source, which `connector` names."""

    connector: str
    name: str
    description: str | None = None
    query: str | None = None
    query_type: str
    primary_key: str | None = None
    configuration: dict[str, Any] | None = None


class Sync(Placed):
    """A sync of a model to a destination, which are named; all else is as the vendor has it."""

    model: str
    destination: str
    stream_name: str
    schedule_type: str = "manual"
    sync_mode: str = "incremental"
    sync_interval: int | None = None
    sync_interval_unit: str | None = None
    cron_expression: str | None = None
    cursor_field: str | None = None
    configuration: Any


class SquaredSeed(Seed):
    """Workspaces come first, then what is in them; users have their own."""

    workspaces: Sequence[Workspace] = ()
    connectors: Sequence[Connector] = ()
    models: Sequence[Model] = ()
    syncs: Sequence[Sync] = ()
    users: Sequence[User] = ()

    async def apply(self, caller: Caller) -> None:
        """Create everything; the first user comes with the first call."""
        sowing = Sowing(caller)
        await sowing.create_workspaces(self.workspaces)
        for number, connector in enumerate(self.connectors):
            await sowing.create_connector(connector, ("connectors", number))
        for number, model in enumerate(self.models):
            await sowing.create_model(model, ("models", number))
        for number, sync in enumerate(self.syncs):
            await sowing.create_sync(sync, ("syncs", number))
        for number, user in enumerate(self.users):
            await sowing.create_user(user, ("users", number))


class Sowing:
    """One seed on its way: it knows the ids of what is there by name."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._workspaces: dict[str, str] = {}
        # By kind and workspace.
        self._ids: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        # The source of a model.
        self._sources: dict[int, int] = {}

    async def create_workspaces(self, wanted: Sequence[Workspace]) -> None:
        """Create workspaces beside those that there are, and learn the names of all."""
        at: Path = ("workspaces",)
        listed = await self._caller.call("GET", "/api/v1/workspaces", at=at)
        organization = listed["data"][0]["attributes"]["organization_id"]
        for number, workspace in enumerate(wanted):
            body = {"workspace": {**workspace.model_dump(), "organization_id": organization}}
            await self._caller.call("POST", "/api/v1/workspaces", body, at=(*at, number))
        listed = await self._caller.call("GET", "/api/v1/workspaces", at=at)
        # Of one name the oldest.
        self._workspaces = {one["attributes"]["name"]: one["id"] for one in listed["data"][::-1]}

    async def create_user(self, wanted: User, at: Path) -> None:
        """Sign somebody up, and give them the role that is wished."""
        body = {
            **wanted.model_dump(exclude={"workspace", "role"}),
            "password_confirmation": wanted.password,
        }
        signed_up = await self._call(wanted, at, "POST", "/api/v1/signup", body)
        if wanted.role is not None:
            workspace, user = self._workspaces[wanted.workspace], signed_up["data"]["id"]
            path = f"{CONTROL_PREFIX}/squared/workspaces/{workspace}/members/{user}"
            await self._call(wanted, (*at, "role"), "PUT", path, {"role": wanted.role})

    async def create_connector(self, wanted: Connector, at: Path) -> None:
        """Create a connector, its catalog and its tables, as far as it says what is in them."""
        values = wanted.model_dump(
            exclude={"workspace", "json_schema", "tables"}, exclude_none=True
        )
        id_ = await self._create(wanted, at, "connector", values)
        self._ids[wanted.connector_type, wanted.workspace][wanted.name] = id_
        if wanted.json_schema is not None:
            catalog = {"connector_id": id_, "catalog": {"json_schema": wanted.json_schema}}
            place = (*at, "json_schema")
            await self._call(wanted, place, "POST", "/api/v1/catalogs", catalog)
        if wanted.tables is not None:
            path = f"{CONTROL_PREFIX}/squared/connectors/{id_}/tables"
            await self._call(wanted, (*at, "tables"), "PUT", path, wanted.tables)

    async def create_model(self, wanted: Model, at: Path) -> None:
        """Create a model."""
        source = self._known("source", wanted, wanted.connector, (*at, "connector"))
        values = wanted.model_dump(exclude={"workspace", "connector"}, exclude_none=True)
        id_ = await self._create(wanted, at, "model", {**values, "connector_id": source})
        self._ids["model", wanted.workspace][wanted.name] = id_
        self._sources[id_] = source

    async def create_sync(self, wanted: Sync, at: Path) -> None:
        """Create a sync; its destination is discovered before, as the vendor wants it."""
        model = self._known("model", wanted, wanted.model, (*at, "model"))
        place = (*at, "destination")
        destination = self._known("destination", wanted, wanted.destination, place)
        await self._call(wanted, place, "GET", f"/api/v1/connectors/{destination}/discover")
        values = wanted.model_dump(exclude={"workspace", "model", "destination"}, exclude_none=True)
        ids = {"model_id": model, "source_id": self._sources[model], "destination_id": destination}
        await self._create(wanted, at, "sync", {**values, **ids})

    async def _create(self, wanted: Placed, at: Path, kind: str, values: Mapping[str, Any]) -> int:
        """Create one and return its id; the two dialects wrap their answers differently."""
        made = await self._call(wanted, at, "POST", f"/api/v1/{kind}s", {kind: values})
        return int(made.get("data", made)["id"])

    async def _call(
        self, wanted: Placed, at: Path, method: str, path: str, body: Any = None
    ) -> Any:
        if wanted.workspace not in self._workspaces:
            raise _unknown("workspace", self._workspaces, (*at[:2], "workspace"))
        headers = {"workspace-id": self._workspaces[wanted.workspace]}
        return await self._caller.call(method, path, body, at=at, headers=headers)

    def _known(self, kind: str, wanted: Placed, name: str, at: Path) -> int:
        """Return the id of what a name means in the workspace; raises `InvalidDocumentError`."""
        known = self._ids[kind, wanted.workspace]
        if name not in known:
            raise _unknown(kind, known, at)
        return known[name]


def _unknown(kind: str, known: Iterable[str], at: Path) -> InvalidDocumentError:
    """Say which there are."""
    return InvalidDocumentError(f"no such {kind}; there are: {', '.join(known) or 'none'}", at)
