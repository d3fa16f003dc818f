"""`python -m tests.fuzz.states`: imports of edited state documents, and calls on what they leave.

Each document is refused with 400, or accepted; then no call, job, export or import may give a 5xx
or a traceback in the log.
"""

import argparse
import json
import logging
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx

from tests.emulation import Emulation, emulate
from tests.fuzz.editor import Editor
from tests.vendors.braze.factories import make_catalog, make_item
from tests.vendors.world import MAPPING, READS, World

REFUSED = 400
SERVER_ERROR = 500

# Calls of a vendor: method, path and body.
Call = tuple[str, str, Any]

ATTRAQT_ITEM = {
    "id": "Z",
    "type": "product",
    "catalogVersion": 1,
    "attributes": {"title": "z"},
}
CONNECTOR = {
    "name": "another",
    "connector_type": "source",
    "connector_name": "Postgresql",
    "configuration": {"host": "db"},
}
SYNC = {
    "source_id": 4,
    "model_id": 1,
    "destination_id": 5,
    "schedule_type": "manual",
    "sync_mode": "incremental",
    "stream_name": "profile",
    "configuration": MAPPING,
}


class Finding(NamedTuple):
    """A failure: the seed and the edits of the document, and the call with its response or log."""

    seed: int
    edits: tuple[str, ...]
    problem: str

    def __str__(self) -> str:
        """Return it as lines of the report."""
        return f"seed {self.seed}: {'; '.join(self.edits)}\n  {self.problem}"


class Tracebacks(logging.Handler):
    """Collects the tracebacks of the log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record that has a traceback."""
        if record.exc_info and record.exc_info[0] is not None:
            self.found.append(self._text_of(record))

    def _text_of(self, record: logging.LogRecord) -> str:
        return f"{record.getMessage()}\n{logging.Formatter().formatException(record.exc_info)}"  # type: ignore[arg-type]


class Fuzzer:
    """Imports edited documents into sandboxes of one server."""

    def __init__(self, emulation: Emulation) -> None:
        self._emulation = emulation
        self._world = World(emulation, uuid.uuid4().hex)
        self._world.make()
        _fill(self._world)
        self._state: dict[str, Any] = self._world.control.get("/state").json()
        self._state["credentials"] = []
        self.accepted = 0

    def run(self, seed: int) -> Iterator[Finding]:
        """Import the document of a seed; yield what fails."""
        editor = Editor(seed)
        document = editor.edited(self._state)
        tracebacks = Tracebacks()
        logging.getLogger("mockalog").addHandler(tracebacks)
        try:
            problems = list(self._problems(document))
        except Exception as error:  # noqa: BLE001 - a client that gets no response is a finding
            problems = [repr(error)]
        finally:
            logging.getLogger("mockalog").removeHandler(tracebacks)
        for problem in (*problems, *tracebacks.found):
            yield Finding(seed, tuple(editor.edits), problem)

    def _problems(self, document: dict[str, Any]) -> Iterator[str]:
        world = World(self._emulation, uuid.uuid4().hex)
        world.names = self._world.names
        answer = _put(world.control, document)
        if answer.status_code == REFUSED:
            if answer.json()["detail"].count(":") == 0:
                yield f"the refusal has no place: {answer.text}"
            return
        if answer.status_code != httpx.codes.OK:
            yield f"PUT /state: {answer.status_code} {answer.text[:300]}"
            return
        self.accepted += 1
        for client, call in _calls(world):
            yield from _failed(client, call)
        yield from self._reimported(world)

    def _reimported(self, world: World) -> Iterator[str]:
        """Export the sandbox and import it into another one."""
        exported = world.control.get("/state")
        if exported.status_code != httpx.codes.OK:
            yield f"GET /state: {exported.status_code} {exported.text[:300]}"
            return
        other = World(self._emulation, uuid.uuid4().hex)
        state = {**exported.json(), "credentials": []}
        answer = _put(other.control, state)
        if answer.status_code != httpx.codes.OK:
            yield f"an export is refused: {answer.status_code} {answer.text[:300]}"


def _fill(world: World) -> None:
    """Add rows that the world has none of: each field type, and a pending job of each kind."""
    settings = world.sandbox.settings
    settings["braze.async_delay"] = 0
    make_catalog(world.braze, "every")
    values = {"string": "s", "number": 1, "boolean": True, "time": "2024-01-01T00:00:00Z"}
    values |= {"object": {"a": 1}, "array": ["x"], "geo": [1.5, 2.5]}
    make_item(world.braze, "every", "i1", **values)
    at = "/catalogs/every"
    conditions = [
        {"field": "array", "operator": "includes value", "value": "x"},
        {"field": "time", "operator": "after", "value": "2020-01-01T00:00:00Z"},
    ]
    chosen = {"name": "chosen", "filters": conditions}
    world.braze.post(f"{at}/selections", json={"selection": chosen}).raise_for_status()
    settings["braze.async_delay"] = 60
    edit = {"items": [{"id": "i1", "array": {"$add": ["y"]}}]}
    field = {"fields": [{"name": "late", "type": "number"}]}
    for method, path, body in (
        ("PATCH", f"{at}/items", edit),
        ("PUT", f"{at}/items", {"items": [{"id": "i2", "number": 5}]}),
        ("DELETE", f"{at}/items", {"items": [{"id": "i1"}]}),
        ("POST", f"{at}/fields", field),
        ("DELETE", f"{at}/fields/boolean", None),
        ("POST", f"{at}/selections", {"selection": {**chosen, "name": "later"}}),
        ("DELETE", f"{at}/selections/chosen", None),
    ):
        world.braze.request(method, path, json=body).raise_for_status()
    settings["attraqt.activation_delay"] = 60
    world.attraqt.post("/catalogs/activate/2").raise_for_status()
    world.attraqt.post("/items", json=[ATTRAQT_ITEM]).raise_for_status()
    settings["squared.sync_delay"] = 60
    by_cron = {**SYNC, "schedule_type": "cron_expression", "cron_expression": "*/5 * * * *"}
    world.squared.post("/api/v1/syncs", json={"sync": by_cron}).raise_for_status()
    run = {"schedule_sync": {"sync_id": 1}}
    world.squared.post("/api/v1/schedule_syncs", json=run).raise_for_status()
    fault = {"vendor": "braze", "operation": "*", "status": 429, "after": 1000}
    world.control.post("/faults", json=fault).raise_for_status()


def _put(control: httpx.Client, document: object) -> httpx.Response:
    """Import a document; JSON that Python writes has surrogates as escapes."""
    body = json.dumps(document).encode()
    return control.put("/state", content=body, headers={"content-type": "application/json"})


def _failed(client: httpx.Client, call: Call) -> Iterator[str]:
    method, path, body = call
    bare, _, query = path.partition("?")
    params = dict(pair.split("=", 1) for pair in query.split("&")) if query else {}
    try:
        answer = client.request(method, bare, params=params, json=body)
    except httpx.ReadTimeout:
        # A schedule may run for centuries until a job is due: 20,000 runs for each call.
        if path != "/clock/settle":
            yield f"{method} {client.base_url}{path}: no response in time"
        return
    if answer.status_code >= SERVER_ERROR:
        yield f"{method} {client.base_url}{path}: {answer.status_code} {answer.text[:300]}"


def _calls(world: World) -> Iterator[tuple[httpx.Client, Call]]:
    """Yield reads, writes, jobs, and the same again."""
    world.control.patch("/settings", json={"rate_limits": "off"})
    yield from _reads(world)
    for call in _braze_writes(world.braze):
        yield world.braze, call
    for call in _attraqt_writes(world.attraqt):
        yield world.attraqt, call
    for call in SQUARED_WRITES:
        yield world.squared, call
    yield world.control, ("POST", "/clock/advance", {"seconds": 700})
    yield world.control, ("GET", "/jobs", None)
    yield world.control, ("POST", "/clock/settle", None)
    yield from _reads(world)
    for call in SQUARED_ENDS:
        yield world.squared, call


def _reads(world: World) -> Iterator[tuple[httpx.Client, Call]]:
    clients: Mapping[str, httpx.Client] = {
        "braze": world.braze,
        "attraqt": world.attraqt,
        "squared": world.squared,
    }
    for vendor, operations in READS.items():
        for operation, paths in operations.items():
            client = world._client(clients[vendor], vendor, operation)
            for path in paths:
                for name, value in world.names.items():
                    path = path.replace(f"{{{name}}}", value)
                yield client, ("GET", path, None)


def _braze_writes(client: httpx.Client) -> Iterator[Call]:
    listed = client.get("/catalogs")
    names = [one.get("name") for one in listed.json().get("catalogs", [])]
    for name in names[:3]:
        if not isinstance(name, str) or not name:
            continue
        at = f"/catalogs/{quote(name, safe='')}"
        yield "GET", f"{at}/items", None
        yield "POST", f"{at}/items/new1", {"items": [{"Rating": 1}]}
        yield "PATCH", f"{at}/items/r7", {"items": [{"Rating": 2}]}
        yield "PUT", f"{at}/items/r9", {"items": [{"Rating": 3, "City": "é"}]}
        yield "DELETE", f"{at}/items/r4", None
        yield "POST", f"{at}/items", {"items": [{"id": "b1", "Rating": 1}]}
        yield "PATCH", f"{at}/items", {"items": [{"id": "r8", "Rating": 1}]}
        yield "POST", f"{at}/fields", {"fields": [{"name": "Extra", "type": "string"}]}
        yield "DELETE", f"{at}/fields/City", None
        more = [{"field": "Rating", "operator": "less than", "value": 5}]
        yield "POST", f"{at}/selections", {"selection": {"name": "more", "filters": more}}
        yield "DELETE", f"{at}/selections/good", None
        yield "GET", f"{at}/items", None
    fields = [{"name": "id", "type": "string"}]
    yield "POST", "/catalogs", {"catalogs": [{"name": "another", "fields": fields}]}
    yield "DELETE", "/catalogs/empty", None


def _attraqt_writes(client: httpx.Client) -> Iterator[Call]:
    yield "POST", "/items", [ATTRAQT_ITEM]
    yield "PATCH", "/items", [{**ATTRAQT_ITEM, "id": "A1"}]
    yield "DELETE", "/items", [{"id": "A2", "type": "product", "catalogVersion": 1}]
    yield "POST", "/item-schemas", {"name": "other", "attributes": []}
    yield (
        "PUT",
        "/item-schemas/product",
        {
            "name": "product",
            "attributes": [{"name": "title", "type": "TEXT"}],
        },
    )
    yield (
        "POST",
        "/category-trees",
        {
            "name": "other",
            "localizedNames": [{"name": "Shop", "locale": "en_GB"}],
        },
    )
    batch = client.post("/batch-imports")
    if batch.is_success:
        at = f"/batch-imports/items?batch_id={batch.json()['id']}"
        yield "POST", at, [{"id": "N", "type": "product", "attributes": {"title": "n"}}]
        ingested = {"catalogVersion": 1, "batchImportId": batch.json()["id"]}
        yield "POST", "/batch-imports/ingestions", ingested
    yield "POST", "/catalogs/activate/2", None
    yield "PUT", "/locale", {"locale": "de_DE"}
    yield "DELETE", "/catalogs/2", None
    yield "POST", "/catalogs", {"catalogItemSchemas": [{"name": "product", "version": 1}]}


SQUARED_WRITES: tuple[Call, ...] = (
    ("POST", "/api/v1/connectors", {"connector": CONNECTOR}),
    ("PUT", "/api/v1/connectors/1", {"connector": {"name": "renamed again"}}),
    ("POST", "/api/v1/connectors/4/query_source", {"query": "SELECT * FROM users"}),
    (
        "POST",
        "/api/v1/models",
        {
            "model": {
                "connector_id": 4,
                "name": "more",
                "query": "SELECT * FROM users",
                "query_type": "raw_sql",
                "primary_key": "id",
            }
        },
    ),
    ("PUT", "/api/v1/models/1", {"model": {"name": "renamed"}}),
    ("POST", "/api/v1/syncs", {"sync": SYNC}),
    ("PUT", "/api/v1/syncs/1", {"sync": {"sync_mode": "full_refresh"}}),
    ("PATCH", "/enterprise/api/v1/syncs/1/enable", {"enable": True}),
    ("POST", "/api/v1/schedule_syncs", {"schedule_sync": {"sync_id": 1}}),
    ("POST", "/enterprise/api/v1/syncs/1/test", None),
    ("POST", "/api/v1/login", {"email": "mia@x.io", "password": "Abcdef1!"}),
    (
        "POST",
        "/api/v1/workspaces",
        {"workspace": {"name": "third", "organization_id": 1}},
    ),
)

SQUARED_ENDS: tuple[Call, ...] = (
    ("DELETE", "/api/v1/schedule_syncs/1", None),
    ("DELETE", "/api/v1/syncs/2", None),
    ("DELETE", "/api/v1/models/1", None),
    ("DELETE", "/api/v1/connectors/4", None),
    ("DELETE", "/api/v1/workspaces/2", None),
)


def main() -> None:
    """Fuzz; exit with 1 if a document breaks something."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.states", description=__doc__)
    parser.add_argument("--documents", type=int, default=2000, help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the first document (%(default)s)")
    parser.add_argument("--database-url", default="sqlite://", help="(%(default)s)")
    wanted = parser.parse_args()
    logging.getLogger("mockalog").propagate = False
    began, count = time.monotonic(), 0
    with emulate(database_url=wanted.database_url, migrate=True) as emulation:
        fuzzer = Fuzzer(emulation)
        for seed in range(wanted.seed, wanted.seed + wanted.documents):
            for finding in fuzzer.run(seed):
                print(finding, flush=True)
                count += 1
    seconds = time.monotonic() - began
    print(
        f"{wanted.documents} documents, {fuzzer.accepted} accepted, {count} findings, "
        f"{seconds:.0f} s"
    )
    sys.exit(count > 0)


if __name__ == "__main__":
    main()
