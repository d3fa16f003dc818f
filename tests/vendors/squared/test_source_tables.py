"""Tests of source tables: loading, reading, and the tables of a new connector."""

from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter, ValidationError

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import loads
from mockalog.vendors.squared.errors import SourceError
from mockalog.vendors.squared.json_columns import StoredTable
from mockalog.vendors.squared.repository.connectors import connectors
from mockalog.vendors.squared.repository.connectors import source_tables as stored
from mockalog.vendors.squared.service.connectors import source_tables
from tests.emulation import Emulation
from tests.vendors.squared.factories import OPENAI, POSTGRESQL, make_connector
from tests.vendors.squared.requests import CONNECTORS, kind_b
from tests.vendors.squared.steering import get_tables, load_tables

USERS = [{"id": 1, "email": "a@x.io", "age": None}, {"id": 2, "email": "ß@x.io", "age": 41}]
SHOWN = {
    "primary_key": None,
    "columns": {"id": "integer", "email": "string", "age": ["integer", "null"]},
    "rows": USERS,
}


def test_tables_are_loaded_and_shown(emulation: Emulation, squared: httpx.Client) -> None:
    """A load replaces all tables. An answer can be loaded again."""
    make_connector(squared, **POSTGRESQL)
    control = emulation.control(squared)
    path = "/squared/connectors/1/tables"
    for body in ({"users": USERS}, {"users": {"rows": USERS}}, {"users": SHOWN}):
        response = control.put(path, json=body)
        assert (response.status_code, response.json()) == (200, {"users": SHOWN})
        assert control.get(path).json() == {"users": SHOWN}
        assert control.get(f"{path}/users").json() == SHOWN
    assert control.put(path, json={}).json() == control.get(path).json() == {}
    missing = control.get(f"{path}/users")
    assert (missing.status_code, missing.headers["content-type"]) == (
        404,
        "application/problem+json",
    )
    assert "Table not found" in missing.json()["detail"]


def test_the_types_of_columns(emulation: Emulation, squared: httpx.Client) -> None:
    """A type is inferred from the rows, or declared as in JSON Schema."""
    make_connector(squared, **POSTGRESQL)
    row = {"a": 1, "b": 1.5, "c": True, "d": [1], "e": {"f": 1}, "g": None, "h": "x", "i": 1}
    loaded = load_tables(
        emulation, squared, {"t": [row, {"b": 2, "i": "y"}], "Ünï cödé": [{"列": 1}]}
    )
    null = "null"
    assert loaded["t"]["columns"] == {
        "a": ["integer", null],
        "b": "number",
        "c": ["boolean", null],
        "d": ["json", null],
        "e": ["json", null],
        "g": ["string", null],
        "h": ["string", null],
        "i": "string",
    }
    declared = {"n": ["null", "number"], "v": "vector"}
    wanted = {"columns": declared, "primary_key": "n", "rows": [{"n": 1, "v": [0.5]}]}
    loaded = load_tables(emulation, squared, {"t": wanted, "empty": {"columns": {"a": "json"}}})
    one = emulation.control(squared).get("/squared/connectors/1/tables/empty").json()
    assert one == loaded["empty"]
    assert loaded["t"]["columns"] == {"n": ["number", null], "v": "vector"}
    assert loaded["empty"] == {"primary_key": None, "columns": {"a": "json"}, "rows": []}


def typed_table(type_: Any, *values: Any, primary_key: Any = None) -> dict[str, Any]:
    """Return tables of one column with a declared type."""
    rows = [{"a": value} for value in values]
    return {"t": {"columns": {"a": type_}, "rows": rows, "primary_key": primary_key}}


NAME = "must be a name of 1 to 100 characters"
KINDS = "must be one of string, integer, number, boolean, json, vector"


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ([], {"tables": ["must be a hash"]}),
        (None, {"tables": ["must be a hash"]}),
        ({str(n): [] for n in range(101)}, {"tables": ["must not be more than 100"]}),
        ({"": [{"a": 1}]}, {"": [NAME]}),
        ({"x" * 101: [{"a": 1}]}, {"x" * 101: [NAME]}),
        ({"a\0": [{"a": 1}]}, {"a\0": [NAME]}),
        ({"a": [{"a": 1}], "A": []}, {"A": ["differs from another name in case only"]}),
        ({"t": 5}, {"t": {"rows": ["must be an array"]}}),
        ({"t": [5]}, {"t": {"0": ["must be a hash"]}}),
        ({"t": [{}]}, {"t": {"columns": ["must be filled"]}}),
        ({"t": {"row": []}}, {"t": {"row": ["is unknown"]}}),
        ({"t": {"columns": []}}, {"t": {"columns": ["must be a hash"]}}),
        ({"t": [{"\0": 1}]}, {"t": {"\0": [NAME]}}),
        ({"t": [{"a": 1, "A": 2}]}, {"t": {"A": ["differs from another name in case only"]}}),
        (
            {"t": [{str(n): 1 for n in range(201)}]},
            {"t": {"columns": ["must not be more than 200"]}},
        ),
        (typed_table("text"), {"t": {"columns": {"a": [KINDS]}}}),
        (typed_table(["integer", "string"]), {"t": {"columns": {"a": [KINDS]}}}),
        (typed_table(["integer", "float"]), {"t": {"columns": {"a": [KINDS]}}}),
        (typed_table({}), {"t": {"columns": {"a": [KINDS]}}}),
        (typed_table("integer", primary_key="b"), {"t": {"primary_key": ["must be a column"]}}),
        (typed_table("integer", primary_key=["a"]), {"t": {"primary_key": ["must be a column"]}}),
        (
            typed_table("integer", 1, 1, primary_key="a"),
            {"t": {"1": {"a": ["has already been taken"]}}},
        ),
        (typed_table("integer", None), {"t": {"0": {"a": ["must be filled"]}}}),
        (typed_table("integer", "1"), {"t": {"0": {"a": ["must be of type integer"]}}}),
        (typed_table("number", True), {"t": {"0": {"a": ["must be of type number"]}}}),
        (typed_table("vector", "x"), {"t": {"0": {"a": ["must be of type vector"]}}}),
        (typed_table("boolean", 1), {"t": {"0": {"a": ["must be of type boolean"]}}}),
        (typed_table("integer", 2**63), {"t": {"0": {"a": ["must be within 64 bits"]}}}),
        ({"t": {"columns": {"a": "json"}, "rows": [{"b": 1}]}}, None),
        ({"t": [{"a": "x" * 100_000}]}, {"t": {"0": ["must not have more than 100000 bytes"]}}),
        ({"t": [{"a": 1}] * 20_001}, {"tables": ["must not have more than 20000 rows in all"]}),
    ],
)
def test_refused_tables(
    emulation: Emulation, squared: httpx.Client, body: Any, errors: Any
) -> None:
    """A problem document says what is wrong and where. No table changes."""
    make_connector(squared, **POSTGRESQL)
    before = load_tables(emulation, squared, {"kept": [{"a": 1}]})
    response = emulation.control(squared).put("/squared/connectors/1/tables", json=body)
    assert response.status_code == 400
    detail = loads(response.json()["detail"])["errors"]
    assert detail == (errors or {"t": {"0": {"b": ["is not among the columns"]}}})
    assert get_tables(emulation, squared) == before


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_tables_need_their_connector(
    emulation: Emulation, squared: httpx.Client, method: str
) -> None:
    """A missing connector gets 404. Ids, bad JSON and large bodies are checked."""
    control = emulation.control(squared)
    for id_, status in (("9", 404), (str(2**70), 404), ("x", 400)):
        path = f"/squared/connectors/{id_}/tables"
        assert control.request(method, path, json={}).status_code == status
    assert control.put("/squared/connectors/1/tables", content="{").status_code == 400
    huge = b" " * (16 * 1024 * 1024 + 1)
    assert control.put("/squared/connectors/1/tables", content=huge).status_code == 413


def test_a_new_source_has_the_demo_shop(emulation: Emulation, squared: httpx.Client) -> None:
    """The rows are always the same. Each order refers to a customer and a product."""
    make_connector(squared, **POSTGRESQL)
    make_connector(squared, **{**POSTGRESQL, "name": "again"})
    shop = get_tables(emulation, squared)
    assert shop == get_tables(emulation, squared, id_=2)
    assert list(shop) == ["customers", "orders", "products"]
    assert all(24 <= len(table["rows"]) <= 48 for table in shop.values())
    ids = {name: {row["id"] for row in table["rows"]} for name, table in shop.items()}
    for order in shop["orders"]["rows"]:
        assert order["customer_id"] in ids["customers"]
        assert order["product_id"] in ids["products"]
    assert shop["customers"]["columns"]["phone"] == ["string", "null"]
    assert "José" in shop["customers"]["rows"][1]["name"]


def test_the_tables_of_other_new_connectors(emulation: Emulation, squared: httpx.Client) -> None:
    """A remote destination has empty tables, a fixed catalog its streams, a model none."""
    make_connector(squared, **{**POSTGRESQL, "connector_type": "destination"})
    make_connector(squared)
    make_connector(squared, **OPENAI)
    remote = get_tables(emulation, squared)
    assert {name: table["rows"] for name, table in remote.items()} == {
        "customers": [],
        "orders": [],
        "products": [],
    }
    assert get_tables(emulation, squared, id_=2)["profile"]["rows"] == []
    assert get_tables(emulation, squared, id_=3) == {}


async def get_connector(repository: Repository, id_: int = 1) -> Any:
    """Return a connector's row."""
    return await connectors.get_connector(repository, 1, id_)


def run_in_transaction(emulation: Emulation, client: httpx.Client, work: Any) -> Any:
    """Run an action on the repository of a client's sandbox, as a job does."""
    token = client.headers["Authorization"].removeprefix("Bearer ")

    async def run() -> Any:
        runtime = emulation.runtime
        principal = await runtime.authenticator.authenticate("squared", token, None)
        async with runtime.database.transaction() as connection:
            return await work(Repository(connection, principal.sandbox.id))

    return emulation.run(run)


def test_writing_records(emulation: Emulation, squared: httpx.Client) -> None:
    """A record replaces the row of its key. The first record defines a missing table."""
    make_connector(squared)
    long = "k" * 5000

    async def write(repository: Repository) -> None:
        destination = await get_connector(repository)
        await source_tables.write(
            repository, destination, "profile", [("1", {"a": 1}), ("2", {"a": 2})]
        )
        await source_tables.write(
            repository, destination, "profile", [("2", {"a": 3}), (long, {"a": 4})]
        )
        await source_tables.write(
            repository, destination, "profile", [(long, {"a": 5}), ("\0", {"b": "\0"})]
        )
        await source_tables.write(repository, destination, long, [("1", {"x": "y"})])
        assert list(await source_tables.tables_of(repository, destination)) == ["profile", long]

    run_in_transaction(emulation, squared, write)
    shown = get_tables(emulation, squared)
    assert shown["profile"]["rows"] == [{"a": 1}, {"a": 3}, {"a": 5}, {"b": "\0"}]
    assert shown[long] == {"primary_key": None, "columns": {"x": "string"}, "rows": [{"x": "y"}]}


def test_writing_records_to_loaded_tables(emulation: Emulation, squared: httpx.Client) -> None:
    """The table's primary key counts. A full refresh may empty the table first."""
    make_connector(squared, **{**POSTGRESQL, "connector_type": "destination"})
    rows = [{"id": 1, "a": "x"}, {"id": 2, "a": "y"}]
    load_tables(emulation, squared, {"t": {"rows": rows, "primary_key": "id"}})

    async def write(repository: Repository) -> None:
        destination = await get_connector(repository)
        changes: list[tuple[str, dict[str, Any]]]
        changes = [("17", {"id": 2, "a": "new"}), ("18", {"id": 3, "a": "z"}), ("19", {"a": "w"})]
        await source_tables.write(repository, destination, "t", changes)

    run_in_transaction(emulation, squared, write)
    assert [row["a"] for row in get_tables(emulation, squared)["t"]["rows"]] == [
        "x",
        "new",
        "z",
        "w",
    ]

    async def empty(repository: Repository) -> None:
        await source_tables.empty(repository, await get_connector(repository), "t")

    run_in_transaction(emulation, squared, empty)
    assert get_tables(emulation, squared)["t"]["rows"] == []


def test_writing_to_an_unreachable_destination(emulation: Emulation, squared: httpx.Client) -> None:
    """The write fails with the connection's error."""
    spec = {**POSTGRESQL["configuration"], "host": "db.invalid"}
    make_connector(squared, **{**POSTGRESQL, "configuration": spec})

    async def write(repository: Repository) -> None:
        with pytest.raises(SourceError) as failed:
            await source_tables.write(
                repository, await get_connector(repository), "t", [("1", {"a": 1})]
            )
        assert failed.value.detail.startswith('could not translate host name "db.invalid"')

    run_in_transaction(emulation, squared, write)


def test_a_deletion_includes_the_tables(emulation: Emulation, squared: httpx.Client) -> None:
    """No row is left."""
    for number in (1, 2):
        make_connector(squared, **{**POSTGRESQL, "name": str(number)})
        load_tables(emulation, squared, {"t": [{"a": 1}]}, id_=number)
    squared.delete(f"{CONNECTORS}/1")

    async def count_left(repository: Repository) -> list[Any]:
        return [await stored.get_tables_with_rows(repository, id_) for id_ in (1, 2)]

    gone, kept = run_in_transaction(emulation, squared, count_left)
    assert (gone, kept.rows("t")) == (None, '[{"a":1}]')
    assert squared.delete("/api/v1/workspaces/1").status_code == 204
    assert run_in_transaction(emulation, squared, count_left) == [None, None]


def test_simultaneous_loads(emulation: Emulation, squared: httpx.Client) -> None:
    """The last load counts, and a reader sees one load or the other."""
    make_connector(squared, **POSTGRESQL)
    control = emulation.control(squared)
    requests = [
        control.build_request(
            "PUT", "/squared/connectors/1/tables", json={"t": [{"a": n}] * (n + 1)}
        )
        for n in range(10)
    ]
    answers = emulation.at_once(control, requests)
    assert {answer.status_code for answer in answers} == {200}
    rows = get_tables(emulation, squared)["t"]["rows"]
    assert rows == [{"a": rows[0]["a"]}] * (rows[0]["a"] + 1)


def test_tables_of_other_sandboxes(emulation: Emulation, squared: httpx.Client) -> None:
    """Each sandbox has its own tables."""
    make_connector(squared, **POSTGRESQL)
    load_tables(emulation, squared, {"t": [{"a": 1}]})
    other = emulation.client("/squared")
    response = emulation.control(other).get("/squared/connectors/1/tables")
    assert (response.status_code, loads(response.json()["detail"])) == (
        404,
        kind_b(404, "Connector not found"),
    )


@pytest.mark.parametrize("wanted", ["text", ["integer", "number"], ["null"], [], 1, None])
def test_a_stored_column_has_one_known_type(wanted: object) -> None:
    """It may be nullable beside it."""
    adapter = TypeAdapter(StoredTable)

    with pytest.raises(ValidationError, match="must be one of string"):
        adapter.validate_python({"columns": {"id": wanted}, "primary_key": None})
