"""The section `squared` of a seed file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mockalog.kernel.documents.errors import InvalidDocumentError, Path
from mockalog.kernel.documents.seeds import Caller, Section, Seed
from mockalog.kernel.journal.journal import CONTROL_PREFIX

# The workspace that every sandbox has.
FIRST = "default"


class Workspace(Section):
    """A further workspace of the sandbox's first user."""

    name: str
    description: str | None = None
    region: str | None = None


class InWorkspace(Section):
    """A record of a workspace, by default of the first one."""

    workspace: str = FIRST


class User(InWorkspace):
    """An account with a workspace of its own.

    `role`: the role in `workspace` too, as if an Admin had invited the user.
    """

    name: str
    email: str
    password: str
    company_name: str = "mockalog"
    role: str | None = None


class Connector(InWorkspace):
    """A connector with the JSON Schema of its catalog and with its source tables."""

    name: str
    connector_type: str
    connector_name: str
    description: str | None = None
    configuration: dict[str, Any]
    json_schema: dict[str, Any] | None = None
    tables: dict[str, Any] | None = None


class Model(InWorkspace):
    """A model; `connector`: the name of its source."""

    connector: str
    name: str
    description: str | None = None
    query: str | None = None
    query_type: str
    primary_key: str | None = None
    configuration: dict[str, Any] | None = None


class Sync(InWorkspace):
    """A sync; `model`, `destination`: their names. The other keys are the vendor's."""

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
    """Workspaces, their records, and users with workspaces of their own."""

    workspaces: Sequence[Workspace] = ()
    connectors: Sequence[Connector] = ()
    models: Sequence[Model] = ()
    syncs: Sequence[Sync] = ()
    users: Sequence[User] = ()

    async def apply(self, caller: Caller) -> None:
        """Create all records; the first call creates the first user."""
        seeding = _Seeding(caller)
        await seeding.create_workspaces(self.workspaces)
        for number, connector in enumerate(self.connectors):
            await seeding.create_connector(connector, ("connectors", number))
        for number, model in enumerate(self.models):
            await seeding.create_model(model, ("models", number))
        for number, sync in enumerate(self.syncs):
            await seeding.create_sync(sync, ("syncs", number))
        for number, user in enumerate(self.users):
            await seeding.create_user(user, ("users", number))


class _Seeding:
    """The application of one seed: it has the ids of created records by name."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._workspaces: dict[str, str] = {}
        # By kind and workspace.
        self._ids: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        # The source of a model.
        self._sources: dict[int, int] = {}

    async def create_workspaces(self, workspaces: Sequence[Workspace]) -> None:
        """Create workspaces and read the names of all."""
        at: Path = ("workspaces",)
        present = await self._list_workspaces(at)
        if workspaces and not present:
            raise InvalidDocumentError(
                "the sandbox has no workspace left: reset it, because a new one joins the "
                "organization of the first",
                at,
            )
        for number, workspace in enumerate(workspaces):
            organization = present[0]["attributes"]["organization_id"]
            body = {"workspace": {**workspace.model_dump(), "organization_id": organization}}
            await self._caller.call("POST", "/api/v1/workspaces", body, at=(*at, number))
        # Of several workspaces with one name, the oldest counts.
        present = await self._list_workspaces(at)
        self._workspaces = {one["attributes"]["name"]: one["id"] for one in present[::-1]}

    # Any: the values of a JSON response.
    async def _list_workspaces(self, at: Path) -> list[dict[str, Any]]:
        listed = await self._caller.call("GET", "/api/v1/workspaces", at=at)
        return list(listed["data"])

    async def create_user(self, user: User, at: Path) -> None:
        """Create an account and set its role, if the seed has one."""
        body = {
            **user.model_dump(exclude={"workspace", "role"}),
            "password_confirmation": user.password,
        }
        signed_up = await self._call(user, at, "POST", "/api/v1/signup", body)
        if user.role is not None:
            workspace_id, user_id = self._workspaces[user.workspace], signed_up["data"]["id"]
            path = f"{CONTROL_PREFIX}/squared/workspaces/{workspace_id}/members/{user_id}"
            await self._call(user, (*at, "role"), "PUT", path, {"role": user.role})

    async def create_connector(self, connector: Connector, at: Path) -> None:
        """Create a connector, with its catalog and its tables if the seed has them."""
        values = connector.model_dump(
            exclude={"workspace", "json_schema", "tables"}, exclude_none=True
        )
        id_ = await self._create(connector, at, "connector", values)
        self._ids[connector.connector_type, connector.workspace][connector.name] = id_
        if connector.json_schema is not None:
            catalog = {"connector_id": id_, "catalog": {"json_schema": connector.json_schema}}
            place = (*at, "json_schema")
            await self._call(connector, place, "POST", "/api/v1/catalogs", catalog)
        if connector.tables is not None:
            path = f"{CONTROL_PREFIX}/squared/connectors/{id_}/tables"
            await self._call(connector, (*at, "tables"), "PUT", path, connector.tables)

    async def create_model(self, model: Model, at: Path) -> None:
        """Create a model."""
        source = self._id_of("source", model, model.connector, (*at, "connector"))
        values = model.model_dump(exclude={"workspace", "connector"}, exclude_none=True)
        id_ = await self._create(model, at, "model", {**values, "connector_id": source})
        self._ids["model", model.workspace][model.name] = id_
        self._sources[id_] = source

    async def create_sync(self, sync: Sync, at: Path) -> None:
        """Create a sync; its destination is discovered first, because it needs a catalog."""
        model_id = self._id_of("model", sync, sync.model, (*at, "model"))
        place = (*at, "destination")
        destination = self._id_of("destination", sync, sync.destination, place)
        await self._call(sync, place, "GET", f"/api/v1/connectors/{destination}/discover")
        values = sync.model_dump(exclude={"workspace", "model", "destination"}, exclude_none=True)
        ids = {
            "model_id": model_id,
            "source_id": self._sources[model_id],
            "destination_id": destination,
        }
        await self._create(sync, at, "sync", {**values, **ids})

    async def _create(
        self, record: InWorkspace, at: Path, kind: str, values: Mapping[str, Any]
    ) -> int:
        """Create a record and return its id, in either dialect."""
        created = await self._call(record, at, "POST", f"/api/v1/{kind}s", {kind: values})
        return int(created.get("data", created)["id"])

    async def _call(
        self, record: InWorkspace, at: Path, method: str, path: str, body: Any = None
    ) -> Any:
        if record.workspace not in self._workspaces:
            raise _unknown("workspace", self._workspaces, (*at[:2], "workspace"))
        headers = {"workspace-id": self._workspaces[record.workspace]}
        return await self._caller.call(method, path, body, at=at, headers=headers)

    def _id_of(self, kind: str, record: InWorkspace, name: str, at: Path) -> int:
        """Return the id of a record of the workspace by its name; raises `InvalidDocumentError`."""
        ids = self._ids[kind, record.workspace]
        if name not in ids:
            raise _unknown(kind, ids, at)
        return ids[name]


def _unknown(kind: str, names: Iterable[str], at: Path) -> InvalidDocumentError:
    """Return the error of an unknown name, with the names that exist."""
    return InvalidDocumentError(
        f"{kind} does not exist; use one of: {', '.join(names) or 'none'}", at
    )
