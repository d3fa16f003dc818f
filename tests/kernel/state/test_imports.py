"""Imports and exports of many rows: other calls run meanwhile, and an error changes nothing."""

import asyncio
import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest

from mockalog.control.routes import state as routes
from mockalog.kernel import turns
from mockalog.kernel.database import row_slices
from mockalog.kernel.database.interfaces import DatabaseUnavailableError
from mockalog.kernel.sandboxes import generations
from mockalog.kernel.sandboxes.hidden_generations import ReleasedError
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.state import contents, imports
from mockalog.kernel.state.exports import export
from mockalog.kernel.state.transfer import State
from mockalog.kernel.turns import ClientLeftError, Turns
from mockalog.vendors import BY_NAME
from tests.emulation import HOST, Emulation, emulate
from tests.kernel.documents.factories import SERIES, table
from tests.kernel.factories import CATALOG, SHOP, names
from tests.kernel.sandboxes.factories import SEED, identities

SERIES_ROWS: list[list[Any]] = [[f"s{n}", n] for n in range(20)]


@pytest.fixture
def _small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row is a slice, and each slice a turn."""
    monkeypatch.setattr(row_slices, "FIRST_SLICE", 1)
    monkeypatch.setattr(row_slices, "MAX_SLICE", 1)
    monkeypatch.setattr(turns, "TURN_SECONDS", 0)


@pytest.fixture(params=["sqlite://", "postgresql"])
def fresh(request: pytest.FixtureRequest) -> Iterator[Emulation]:
    """A server of its own."""
    url = request.param
    if url == "postgresql":
        url = request.getfixturevalue("new_postgres_url")()
    with emulate(database_url=url, migrate=True) as emulation:
        yield emulation


def calls_during(
    emulation: Emulation, request: httpx.Request, neighbour: httpx.Client
) -> tuple[httpx.Response, int]:
    """Send a request; return its response and the number of a neighbour's calls meanwhile."""
    token = {"Authorization": neighbour.headers["Authorization"]}

    async def scene() -> tuple[httpx.Response, int]:
        transport = httpx.ASGITransport(emulation._app)
        async with httpx.AsyncClient(transport=transport) as client:
            running = asyncio.create_task(client.send(request))
            count = 0
            while not running.done():
                answer = await client.get(f"{HOST}/braze/catalogs", headers=token)
                assert answer.status_code in (200, 429)
                count += 1
                await asyncio.sleep(0)  # a transport in process never suspends
            return await running, count

    found: tuple[httpx.Response, int] = emulation.run(scene)
    return found


def document(count: int) -> dict[str, Any]:
    """Return a state with so many sandboxes, each with some rows and a credential."""
    return {
        "mockalog": 1,
        "sandboxes": {
            f"sandbox-{n}": {
                "mockalog": 1,
                "tables": table("series", SERIES, *SERIES_ROWS),
                "credentials": [{"vendor": "braze", "token": f"token-{n}"}],
            }
            for n in range(count)
        },
    }


@pytest.mark.usefixtures("_small_slices")
@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/state"), ("GET", "/state"), ("PUT", "/snapshots/s"), ("POST", "/seed")],
)
def test_a_neighbour_is_served_meanwhile(fresh: Emulation, method: str, path: str) -> None:
    """Many times during one call."""
    owner = fresh.client("/braze")
    state = {"mockalog": 1, "tables": table("series", SERIES, *SERIES_ROWS)}
    fresh.control(owner).put("/state", json=state).raise_for_status()
    body = {"/state": state, "/seed": SEED}.get(path) if method != "GET" else None
    control = fresh.control(owner)
    request = control.build_request(method, path, json=body)

    answer, count = calls_during(fresh, request, fresh.client("/braze"))

    assert answer.status_code == 200, answer.text
    # A call to PostgreSQL takes as long as some slices.
    assert count >= (2 if path == "/seed" or fresh.runtime.database.shared else 10)


@pytest.mark.usefixtures("_small_slices")
def test_many_sandboxes_are_imported_and_exported(
    fresh: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In parts; sandboxes that the document does not name are gone."""
    for module in (imports, contents):
        monkeypatch.setattr(module, "PART", 1)
    monkeypatch.setattr("mockalog.kernel.sandboxes.handovers.PART", 2)
    gone = fresh.client("/braze")
    gone.post("/catalogs", json=SHOP)
    server = fresh.control()
    wanted = document(5)
    wanted["sandboxes"]["sandbox-0"]["credentials"] *= 3

    assert server.put("/state", json=wanted).status_code == 200

    assert names(gone) == []
    found = server.get("/state").json()["sandboxes"]
    assert {f"sandbox-{n}" for n in range(5)} <= set(found)
    assert found["sandbox-3"]["tables"]["series"]["rows"] == sorted(SERIES_ROWS)
    assert {c["sandbox"] for c in server.get("/credentials").json()["credentials"]} == {
        f"sandbox-{n}" for n in range(5)
    }


def test_two_sandboxes_cannot_share_a_credential(emulation: Emulation) -> None:
    """Nothing is imported."""
    wanted = document(2)
    for one in wanted["sandboxes"].values():
        one["credentials"] = [{"vendor": "braze", "token": "shared"}]

    answer = emulation.control().put("/state", json=wanted)

    assert "sandboxes.sandbox-1.credentials[0]: it opens another" in answer.json()["detail"]


Act = Callable[[State, Sandbox, Any, Turns], Any]


@pytest.mark.usefixtures("_small_slices")
@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize(
    ("wanted", "act"),
    [
        (document(3), lambda state, _, found, left: state.replace(None, found, left)),
        (SEED, lambda state, _, found, left: state.add(None, found, left, rebases=True)),
        (
            SEED,
            lambda state, own, found, left: state.add(own, found, left, is_large=True),
        ),
    ],
    ids=["replace", "seed the template", "seed a sandbox"],
)
def test_a_client_that_leaves_an_import_changes_nothing(wanted: Any, act: Act, after: int) -> None:
    """What it has collected so far is released."""
    with emulate() as emulation:
        client = emulation.client("/braze", headers={"X-Mockalog-Sandbox": "mine"})
        client.post("/catalogs", json=SHOP)
        emulation.control().get("/jobs")  # opens the template
        before = emulation.control().get("/state").json()
        asked = iter(range(10_000))
        leaving = Turns(lambda: next(asked) >= after)
        state = State(emulation.runtime, BY_NAME)
        sandbox = emulation.run(lambda: emulation.runtime.sandboxes.open("mine"))

        with pytest.raises(ClientLeftError):
            emulation.run(lambda: act(state, sandbox, state.check(wanted), leaving))

        assert emulation.control().get("/state").json() == before
        assert [row for row in identities(emulation) if row.purpose] == []


def test_an_export_ends_when_its_client_has_left(emulation: Emulation) -> None:
    """Of the whole server, between two sandboxes."""
    emulation.control(emulation.client()).get("/settings")
    leaving = Turns(lambda: True)

    with pytest.raises(ClientLeftError):
        emulation.run(lambda: export(emulation.runtime, None, leaving))


class TestLargeSeeds:
    """A large seed of a sandbox is rehearsed, and then added in many transactions."""

    @pytest.fixture(autouse=True)
    def _every_seed_is_large(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(routes, "MAX_AT_ONCE", 0)

    def test_it_is_added(self, fresh: Emulation) -> None:
        """With its settings; the sandbox's journal stays."""
        client = fresh.client("/braze")
        client.post("/catalogs", json=SHOP)
        control = fresh.control(client)

        assert control.post("/seed", json=SEED).status_code == 200

        assert control.get("/requests/count").json() == {"count": 1}
        assert names(client) == ["shop", "seeded"]
        assert len(client.get("/catalogs/seeded/items").json()["items"]) == 50
        assert control.get("/settings").json()["braze.async_delay"] == 3

    def test_an_error_changes_nothing(self, fresh: Emulation) -> None:
        """Also one at the end."""
        client = fresh.client("/braze")
        wrong = {"mockalog": 1, "braze": {"catalogs": [CATALOG, CATALOG]}}

        answer = fresh.control(client).post("/seed", json=wrong)

        assert "braze.catalogs[1]" in answer.json()["detail"]
        assert names(client) == []
        fresh.settle()
        assert [row for row in identities(fresh) if row.purpose] == []

    def test_a_call_of_the_sandbox_waits_for_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """It sees the state before or after the seed, never a part."""
        monkeypatch.setattr(turns, "TURN_SECONDS", 0)
        with emulate() as emulation:
            client = emulation.client("/braze")
            client.get("/catalogs")
            token = {"Authorization": client.headers["Authorization"]}

            async def scene() -> set[int]:
                transport = httpx.ASGITransport(emulation._app)
                async with httpx.AsyncClient(transport=transport, headers=token) as own:
                    seed = own.post(f"{HOST}/_mockalog/seed", json=SEED)
                    running, seen = asyncio.create_task(seed), set()
                    while not running.done():
                        answer = await own.get(f"{HOST}/braze/catalogs")
                        seen |= {one["num_items"] for one in answer.json().get("catalogs", ())}
                        await asyncio.sleep(0)
                    return seen

            assert emulation.run(scene) <= {60}

    def test_it_goes_to_the_new_state_after_a_reset(self, emulation: Emulation) -> None:
        """It finds its sandbox replaced."""
        if emulation.runtime.database.shared:
            return
        runtime = emulation.runtime

        async def scene() -> tuple[bool, bool]:
            sandbox = await runtime.sandboxes.open("replaced")
            await runtime.sandboxes.open("*")
            async with runtime.database.transaction() as connection:
                template = await generations.lock_template(connection)
                await generations.retire(connection, "replaced")
                await generations.begin(connection, "replaced", template)
            assert runtime.sandboxes._sandboxes["replaced"] == sandbox
            importer = State(runtime, BY_NAME)._importer(None)
            found = State(runtime, BY_NAME).check(SEED)[""]
            first = await importer._add_large("replaced", found)
            runtime.sandboxes.forget()
            return first, await importer._add_large("replaced", found)

        assert emulation.run(scene) == (False, True)


def test_a_seed_of_the_template_keeps_faults_and_their_counts(arm: Any, fresh: Emulation) -> None:
    """Calls of other sandboxes count meanwhile."""
    server = fresh.control()
    fault = {"vendor": "braze", "operation": "list_catalogs", "status": 503, "times": 3}
    server.post("/faults", json=fault)
    client = fresh.client("/braze")
    assert client.get("/catalogs").status_code == 503

    server.post("/seed", json=SEED).raise_for_status()

    assert client.get("/catalogs").status_code == 503
    [kept] = server.get("/faults").json()["faults"]
    assert (kept["fired"], kept["remaining"]) == (2, 1)
    assert server.post("/faults", json=fault).json()["id"] == kept["id"] + 1


def test_an_import_fails_if_a_starting_server_releases_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The caller may import again; nothing has changed."""
    with emulate() as emulation:

        async def released(*_: Any) -> None:
            raise ReleasedError

        monkeypatch.setattr(imports, "take_over", released)
        state = State(emulation.runtime, BY_NAME)
        found = state.check(document(1))

        with pytest.raises(DatabaseUnavailableError, match="import again"):
            emulation.run(partial(state.replace, None, found))

        assert [row for row in identities(emulation) if row.name not in (None, "*")] == []


def test_a_document_of_bytes_that_are_no_text_is_refused(emulation: Emulation) -> None:
    """As a text of JSON is."""
    answer = emulation.control(emulation.client()).put(
        "/state", content=b'{"mockalog": 1, "x": "\xff"}'
    )

    assert "not JSON" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"tables": {"series": {"columns": SERIES, "rows": {}}}}, "Input should be a valid list"),
        ({"tables": {"series": {"columns": SERIES, "rows": [1]}}}, "rows[0]"),
        ({"braze": {"catalogs": [{**CATALOG, "items": {}}]}}, "Input should be a valid list"),
        ({"braze": {"catalogs": [{**CATALOG, "items": [{}, 1]}]}}, "items[1]"),
    ],
)
def test_long_lists_are_checked(emulation: Emulation, document: Any, problem: str) -> None:
    """They are not copied, but each element has its type."""
    answer = emulation.control(emulation.client()).put(
        "/state", content=json.dumps({"mockalog": 1, **document})
    )

    assert answer.status_code == 400
    assert problem in answer.json()["detail"]
