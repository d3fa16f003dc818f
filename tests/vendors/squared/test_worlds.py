"""The data world: loading tables, seeing them, and what is there before anybody did."""

from typing import Any

import httpx
import pytest

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import loads
from mockalog.vendors.squared.errors import SourceFailed
from mockalog.vendors.squared.repository import connectors
from mockalog.vendors.squared.repository import worlds as stored
from mockalog.vendors.squared.service import worlds
from tests.emulation import Emulation
from tests.vendors.squared.sending import (
    CONNECTORS,
    OPENAI,
    POSTGRESQL,
    kind_b,
    make_connector,
    tables,
)

USERS = [{"id": 1, "email": "a@x.io", "age": None}, {"id": 2, "email": "ß@x.io", "age": 41}]
SHOWN = {
    "primary_key": None,
    "columns": {"id": "integer", "email": "string", "age": ["integer", "null"]},
    "rows": USERS,
}


def test_tables_are_loaded_and_shown(emulation: Emulation, squared: httpx.Client) -> None:
    """In place of all there was; what is shown can be loaded again."""
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


def test_what_columns_hold(emulation: Emulation, squared: httpx.Client) -> None:
    """It is inferred from the rows, or declared as a JSON Schema does."""
    make_connector(squared, **POSTGRESQL)
    row = {"a": 1, "b": 1.5, "c": True, "d": [1], "e": {"f": 1}, "g": None, "h": "x", "i": 1}
    loaded = tables(emulation, squared, {"t": [row, {"b": 2, "i": "y"}], "Ünï cödé": [{"列": 1}]})
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
    loaded = tables(emulation, squared, {"t": wanted, "empty": {"columns": {"a": "json"}}})
    one = emulation.control(squared).get("/squared/connectors/1/tables/empty").json()
    assert one == loaded["empty"]
    assert loaded["t"]["columns"] == {"n": ["number", null], "v": "vector"}
    assert loaded["empty"] == {"primary_key": None, "columns": {"a": "json"}, "rows": []}


def typed(type_: Any, *values: Any, primary_key: Any = None) -> dict[str, Any]:
    """Return tables of one column that is declared."""
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
        ({"SQLite_x": [{"a": 1}]}, {"SQLite_x": ["must not begin with sqlite_"]}),
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
        (typed("text"), {"t": {"columns": {"a": [KINDS]}}}),
        (typed(["integer", "string"]), {"t": {"columns": {"a": [KINDS]}}}),
        (typed(["integer", "float"]), {"t": {"columns": {"a": [KINDS]}}}),
        (typed({}), {"t": {"columns": {"a": [KINDS]}}}),
        (typed("integer", primary_key="b"), {"t": {"primary_key": ["must be a column"]}}),
        (typed("integer", primary_key=["a"]), {"t": {"primary_key": ["must be a column"]}}),
        (typed("integer", 1, 1, primary_key="a"), {"t": {"1": {"a": ["has already been taken"]}}}),
        (typed("integer", None), {"t": {"0": {"a": ["must be filled"]}}}),
        (typed("integer", "1"), {"t": {"0": {"a": ["must be of type integer"]}}}),
        (typed("number", True), {"t": {"0": {"a": ["must be of type number"]}}}),
        (typed("vector", "x"), {"t": {"0": {"a": ["must be of type vector"]}}}),
        (typed("boolean", 1), {"t": {"0": {"a": ["must be of type boolean"]}}}),
        (typed("integer", 2**63), {"t": {"0": {"a": ["must be within 64 bits"]}}}),
        ({"t": {"columns": {"a": "json"}, "rows": [{"b": 1}]}}, None),
        ({"t": [{"a": "x" * 100_000}]}, {"t": {"0": ["must not have more than 100000 bytes"]}}),
        ({"t": [{"a": 1}] * 20_001}, {"tables": ["must not have more than 20000 rows in all"]}),
    ],
)
def test_tables_that_are_refused(
    emulation: Emulation, squared: httpx.Client, body: Any, errors: Any
) -> None:
    """A problem document says what is wrong and where; nothing changes."""
    make_connector(squared, **POSTGRESQL)
    before = tables(emulation, squared, {"kept": [{"a": 1}]})
    response = emulation.control(squared).put("/squared/connectors/1/tables", json=body)
    assert response.status_code == 400
    detail = loads(response.json()["detail"])["errors"]
    assert detail == (errors or {"t": {"0": {"b": ["is not among the columns"]}}})
    assert tables(emulation, squared) == before


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_tables_need_their_connector(
    emulation: Emulation, squared: httpx.Client, method: str
) -> None:
    """404 without one; an id is an integer; bad JSON and too much of it are refused."""
    control = emulation.control(squared)
    for id_, status in (("9", 404), (str(2**70), 404), ("x", 400)):
        path = f"/squared/connectors/{id_}/tables"
        assert control.request(method, path, json={}).status_code == status
    assert control.put("/squared/connectors/1/tables", content="{").status_code == 400
    huge = b" " * (16 * 1024 * 1024 + 1)
    assert control.put("/squared/connectors/1/tables", content=huge).status_code == 413


def test_a_source_has_a_shop_before_anybody_loads(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """The same rows every time, each order of a customer and of a product that there is."""
    make_connector(squared, **POSTGRESQL)
    make_connector(squared, **{**POSTGRESQL, "name": "again"})
    shop = tables(emulation, squared)
    assert shop == tables(emulation, squared, id_=2)
    assert list(shop) == ["customers", "orders", "products"]
    assert all(24 <= len(table["rows"]) <= 48 for table in shop.values())
    ids = {name: {row["id"] for row in table["rows"]} for name, table in shop.items()}
    for order in shop["orders"]["rows"]:
        assert order["customer_id"] in ids["customers"]
        assert order["product_id"] in ids["products"]
    assert shop["customers"]["columns"]["phone"] == ["string", "null"]
    assert "José" in shop["customers"]["rows"][1]["name"]


def test_what_other_connectors_have(emulation: Emulation, squared: httpx.Client) -> None:
    """A remote destination: empty tables; a fixed catalog: its streams; a model: nothing."""
    make_connector(squared, **{**POSTGRESQL, "connector_type": "destination"})
    make_connector(squared)
    make_connector(squared, **OPENAI)
    remote = tables(emulation, squared)
    assert {name: table["rows"] for name, table in remote.items()} == {
        "customers": [],
        "orders": [],
        "products": [],
    }
    assert tables(emulation, squared, id_=2)["profile"]["rows"] == []
    assert tables(emulation, squared, id_=3) == {}


async def connector_of(rows: Repository, id_: int = 1) -> Any:
    """Return a connector's row."""
    return await connectors.get_connector(rows, 1, id_)


def within(emulation: Emulation, client: httpx.Client, work: Any) -> Any:
    """Do something with the repository of a client's sandbox, as a job would."""
    token = client.headers["Authorization"].removeprefix("Bearer ")

    async def run() -> Any:
        runtime = emulation.runtime
        principal = await runtime.authenticator.authenticate("squared", token, None)
        async with runtime.database.transaction() as connection:
            return await work(Repository(connection, principal.sandbox.id))

    return emulation.run(run)


def test_records_arrive_at_a_destination(emulation: Emulation, squared: httpx.Client) -> None:
    """Each in place of the one of its key; a table that is not there is made of the first."""
    make_connector(squared)
    long = "k" * 5000

    async def write(rows: Repository) -> None:
        destination = await connector_of(rows)
        await worlds.write(rows, destination, "profile", [("1", {"a": 1}), ("2", {"a": 2})])
        await worlds.write(rows, destination, "profile", [("2", {"a": 3}), (long, {"a": 4})])
        await worlds.write(rows, destination, "profile", [(long, {"a": 5}), ("\0", {"b": "\0"})])
        await worlds.write(rows, destination, long, [("1", {"x": "y"})])
        assert list(await worlds.tables_of(rows, destination)) == ["profile", long]

    within(emulation, squared, write)
    shown = tables(emulation, squared)
    assert shown["profile"]["rows"] == [{"a": 1}, {"a": 3}, {"a": 5}, {"b": "\0"}]
    assert shown[long] == {"primary_key": None, "columns": {"x": "string"}, "rows": [{"x": "y"}]}


def test_records_meet_loaded_rows(emulation: Emulation, squared: httpx.Client) -> None:
    """A table with a primary key goes by it; a full refresh may empty the table first."""
    make_connector(squared, **{**POSTGRESQL, "connector_type": "destination"})
    rows = [{"id": 1, "a": "x"}, {"id": 2, "a": "y"}]
    tables(emulation, squared, {"t": {"rows": rows, "primary_key": "id"}})

    async def write(rows: Repository) -> None:
        destination = await connector_of(rows)
        changes: list[tuple[str, dict[str, Any]]]
        changes = [("17", {"id": 2, "a": "new"}), ("18", {"id": 3, "a": "z"}), ("19", {"a": "w"})]
        await worlds.write(rows, destination, "t", changes)

    within(emulation, squared, write)
    assert [row["a"] for row in tables(emulation, squared)["t"]["rows"]] == ["x", "new", "z", "w"]

    async def empty(rows: Repository) -> None:
        await worlds.empty(rows, await connector_of(rows), "t")

    within(emulation, squared, empty)
    assert tables(emulation, squared)["t"]["rows"] == []


def test_a_destination_that_is_not_there(emulation: Emulation, squared: httpx.Client) -> None:
    """Writing fails in the words of a connection that fails."""
    spec = {**POSTGRESQL["configuration"], "host": "db.invalid"}
    make_connector(squared, **{**POSTGRESQL, "configuration": spec})

    async def write(rows: Repository) -> None:
        with pytest.raises(SourceFailed) as failed:
            await worlds.write(rows, await connector_of(rows), "t", [("1", {"a": 1})])
        assert failed.value.detail.startswith('could not translate host name "db.invalid"')

    within(emulation, squared, write)


def test_tables_go_with_their_connector_or_workspace(
    emulation: Emulation, squared: httpx.Client
) -> None:
    """Nothing of them is left."""
    for number in (1, 2):
        make_connector(squared, **{**POSTGRESQL, "name": str(number)})
        tables(emulation, squared, {"t": [{"a": 1}]}, id_=number)
    squared.delete(f"{CONNECTORS}/1")

    async def left(rows: Repository) -> list[Any]:
        return [await stored.contents(rows, id_) for id_ in (1, 2)]

    gone, kept = within(emulation, squared, left)
    assert (gone, kept.rows("t")) == (None, '[{"a":1}]')
    assert squared.delete("/api/v1/workspaces/1").status_code == 204
    assert within(emulation, squared, left) == [None, None]


def test_loads_at_once(emulation: Emulation, squared: httpx.Client) -> None:
    """The last one counts whole, and readers see one or the other."""
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
    rows = tables(emulation, squared)["t"]["rows"]
    assert rows == [{"a": rows[0]["a"]}] * (rows[0]["a"] + 1)


def test_of_other_sandboxes(emulation: Emulation, squared: httpx.Client) -> None:
    """Each has its own."""
    make_connector(squared, **POSTGRESQL)
    tables(emulation, squared, {"t": [{"a": 1}]})
    other = emulation.client("/squared")
    response = emulation.control(other).get("/squared/connectors/1/tables")
    assert (response.status_code, loads(response.json()["detail"])) == (
        404,
        kind_b(404, "Connector not found"),
    )
