"""Exported and imported, a world answers every read with the same bytes."""

import uuid
from collections.abc import Iterator

import pytest

from mockalog.vendors import BY_NAME, VENDORS
from tests.emulation import Emulation, emulate
from tests.vendors.world import READS, World


@pytest.fixture
def world(emulation: Emulation) -> World:
    """A world with something of everything."""
    world = World(emulation, uuid.uuid4().hex)
    world.make()
    return world


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest) -> Iterator[Emulation]:
    """Another server, on each kind of database."""
    is_sqlite = request.param == "sqlite"
    url = "sqlite://" if is_sqlite else request.getfixturevalue("new_postgres_url")()
    with emulate(database_url=url, migrate=True) as emulation:
        yield emulation


# They read no rows of a sandbox, and the key of two servers differs (amendment attraqt A3).
OF_REALM = {"get_realm", "get_configuration", "get_keys", "get_userinfo"}


def test_every_operation_that_reads_is_asked() -> None:
    """A new GET cannot be forgotten."""
    for vendor in VENDORS:
        operations = [*vendor.api.router.operations, *vendor.api.control_routes.operations]
        reading = {operation.name for operation in operations if "GET" in operation.verbs}
        reading -= OF_REALM if vendor.name == "attraqt" else set()

        assert reading == set(READS[vendor.name]), vendor.name


def test_the_world_has_an_answer_for_everything(world: World) -> None:
    """Else two worlds could be alike in that they are empty."""
    for name, answers in world.reads().items():
        if name != "squared verify_user":
            assert answers[0][0] == 200, (name, answers[0])
            assert len(answers[0][1]) > 15, name


# What a 304 leaves out, and the headers that differ from call to call.
DROPPED = {"content-type", "content-length"}
FLEETING = {"x-request-id", "x-runtime", "x-ratelimit-remaining"}


@pytest.mark.parametrize("name", ["braze", "squared"])
@pytest.mark.parametrize("dialect", ["docs", "server"])
def test_a_known_etag_is_answered_without_a_body(world: World, name: str, dialect: str) -> None:
    """As Rack::ConditionalGet does (inferred): 304 with all headers but type and length."""
    world.sandbox.settings["squared.dialect"] = dialect
    client, api = getattr(world, name), BY_NAME[name].api
    for operation in {route.name for route in api.router.operations} & set(READS[name]):
        for path in READS[name][operation]:
            first = world.ask(client, path)
            etag = first.headers.get("etag", "")
            for method in ("GET", "HEAD"):
                second = world.ask(client, path, method, If_None_Match=etag or "none")

                if first.status_code != 200:
                    assert second.status_code == first.status_code
                    continue
                assert (second.status_code, second.content) == (304, b""), path
                assert second.headers["etag"] == etag
                assert first.headers.keys() - second.headers.keys() == DROPPED
                for header in second.headers.keys() - FLEETING:
                    assert second.headers[header] == first.headers[header], header


def test_export_reset_import_and_nothing_has_changed(world: World) -> None:
    """ETags, instants, ids, order, cursors and links."""
    before, state = world.reads(), world.control.get("/state").content
    world.control.post("/reset")
    assert world.reads() != before

    answer = world.control.put("/state", content=state)

    assert answer.status_code == 200, answer.text
    assert world.reads() == before
    assert world.control.get("/state").content == state


def test_a_snapshot_brings_everything_back(world: World) -> None:
    """Twice: as a spare copy, and before one is made."""
    before, state = world.reads(), world.control.get("/state").content
    world.control.put("/snapshots/full")

    for _ in range(3):
        world.control.post("/reset", json={"to": "empty"})
        assert world.control.post("/snapshots/full/restore").status_code == 200

        assert world.reads() == before
        assert world.control.get("/state").content == state


def test_a_world_goes_to_another_server(world: World, other: Emulation) -> None:
    """Between databases of either kind, both ways; what was to happen there still does."""
    state = world.control.get("/state").content
    there = World(other, world.token)
    there.names = world.names

    assert there.control.put("/state", content=state).status_code == 200

    assert there.reads() == world.reads()
    assert there.control.get("/state").content == state
    for one in (world, there):
        one.sandbox.clock.advance(3600)
    assert there.braze.get("/catalogs/restaurants/items/late").status_code == 200
    assert there.reads() == world.reads()


def test_numbers_go_on_as_they_would_have(world: World, other: Emulation) -> None:
    """An id that was deleted before does not come back after."""
    there = World(other, world.token)
    there.control.put("/state", content=world.control.get("/state").content)

    def go_on(one: World) -> tuple[str, list[int], list[int]]:
        body = {
            "name": "next",
            "connector_type": "source",
            "connector_name": "Snowflake",
            "configuration": {"host": "h"},
        }
        created = one.squared.post("/api/v1/connectors", json={"connector": body}).json()
        schema = {"name": "more", "attributes": [{"name": "title", "type": "TEXT"}]}
        one.attraqt.post("/item-schemas", json=schema)
        one.braze.post("/catalogs/empty/items", json={"items": [{"id": "a"}]})
        jobs = one.control.get("/jobs").json()["jobs"]
        listed = one.attraqt.get("/item-schemas").json()["itemSchemas"]
        return created["data"]["id"], [job["id"] for job in jobs], [s["version"] for s in listed]

    assert go_on(there) == go_on(world)


def test_a_whole_server_goes_too(world: World) -> None:
    """Every sandbox, with what new ones start with."""
    with emulate() as first, emulate() as second:
        mine, yours = World(first, "mine"), World(first, "yours")
        mine.make()
        yours.sandbox.settings["rate_limits"] = "tiny"
        first.server().settings["braze.async_delay"] = 7
        state = first.control().get("/state").content

        assert second.control().put("/state", content=state).status_code == 200

        assert second.control().get("/state").content == state
        there = World(second, "mine")
        there.names = mine.names
        assert there.reads() == mine.reads()
        assert second.server().settings["braze.async_delay"] == 7
        assert World(second, "yours").sandbox.settings["rate_limits"] == "tiny"
