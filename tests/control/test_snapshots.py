"""Snapshots and resets: what comes back, what stays, and who is in the way."""

import asyncio
import json
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockalog.kernel.database import row_copies
from mockalog.kernel.database.interfaces import DatabaseUnavailableError
from mockalog.kernel.database.models import FILLING, PREPARED, SNAPSHOT, TEMPLATE, sandboxes
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.database.row_copies import START
from mockalog.kernel.jobs.queue import schedule
from mockalog.kernel.sandboxes import cleanup as sweeping
from mockalog.kernel.sandboxes import generations, prepared_copies
from mockalog.kernel.sandboxes.cleanup import delete_retired
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.state.resets import reset_all
from mockalog.kernel.state.transfer import State
from tests.emulation import HOST, Emulation, emulate
from tests.waiting import until_one_waits

SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}
SEED = {
    "mockalog": 1,
    "settings": {"braze.async_delay": 3},
    "braze": {
        "catalogs": [
            {
                "name": "seeded",
                "fields": [{"name": "id", "type": "string"}],
                "items": [{"id": f"i{n}"} for n in range(60)],
            }
        ]
    },
}


def names(client: httpx.Client) -> list[str]:
    """Return the names of the catalogs that a Braze client sees."""
    return [catalog["name"] for catalog in client.get("/catalogs").json()["catalogs"]]


def identities(emulation: Emulation) -> list[Any]:
    """Return the row of every identity that there is, live or not."""

    async def read() -> list[Any]:
        async with emulation.runtime.database.transaction() as connection:
            return list(await connection.all(sandboxes.select(), {}))

    found: list[Any] = emulation.run(read)
    return found


def row_of(emulation: Emulation, client: httpx.Client) -> Any:
    """Return the row behind a client's sandbox."""
    name = digest(client.headers["authorization"].removeprefix("Bearer "))
    [found] = [row for row in identities(emulation) if row.name == name]
    return found


def kept_shop(emulation: Emulation) -> tuple[httpx.Client, httpx.Client]:
    """Return a client with a catalog that the snapshot `s` holds, and its control plane's."""
    client = emulation.client("/braze")
    control = emulation.control(client)
    client.post("/catalogs", json=SHOP)
    control.put("/snapshots/s")
    return client, control


def test_a_snapshot_outlives_resets_and_is_listed(emulation: Emulation) -> None:
    """By name; saving again under one replaces it; each sandbox has its own."""
    client = emulation.client("/braze")
    control = emulation.control(client)
    client.post("/catalogs", json=SHOP)
    saved = control.put("/snapshots/b").json()
    control.put("/snapshots/a")
    client.delete("/catalogs/shop")
    control.put("/snapshots/a")

    control.post("/reset")
    listed = control.get("/snapshots").json()["snapshots"]

    assert [one["name"] for one in listed] == ["a", "b"]
    assert saved in listed
    assert emulation.control(emulation.client()).get("/snapshots").json() == {"snapshots": []}
    assert control.post("/snapshots/b/restore").json() == {"status": "restored", "name": "b"}
    assert names(client) == ["shop"]
    assert control.post("/reset", json={"to": "snapshot:a"}).status_code == 200
    assert names(client) == []


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/snapshots/none/restore"), ("DELETE", "/snapshots/none"), ("POST", "/reset")],
)
def test_a_snapshot_that_is_not_there_changes_nothing(
    emulation: Emulation, method: str, path: str
) -> None:
    """404, a problem document."""
    client = emulation.client("/braze")
    client.post("/catalogs", json=SHOP)
    body = {"to": "snapshot:none"} if path == "/reset" else None

    answer = emulation.control(client).request(method, path, json=body)

    assert answer.status_code == 404
    assert answer.json()["detail"] == "there is no snapshot 'none'"
    assert names(client) == ["shop"]


@pytest.mark.parametrize("name", ["%00", "%0A", "a" * 201])
def test_a_name_that_nothing_keeps_is_refused(emulation: Emulation, name: str) -> None:
    """Control characters and endless names."""
    control = emulation.control(emulation.client())

    assert control.put(f"/snapshots/{name}").status_code == 400


def test_a_restore_brings_clock_settings_jobs_and_tokens_back(emulation: Emulation) -> None:
    """And nothing else of the time since: no jobs, no used-up limits, no journal."""
    client = emulation.client("/braze")
    control = emulation.control(client)
    client.post("/catalogs", json=SHOP)
    control.put("/clock", json={"mode": "frozen", "now": "2024-01-01T00:00:00Z"})
    control.patch("/settings", json={"braze.async_delay": 60})
    client.post("/catalogs/shop/items", json={"items": [{"id": "then"}]})
    control.put("/snapshots/s")
    client.post("/catalogs/shop/items", json={"items": [{"id": "since"}]})
    control.patch("/settings", json={"braze.async_delay": 0})
    control.put("/clock", json={"mode": "real"})

    control.post("/snapshots/s/restore")

    assert control.get("/clock").json()["now"] == "2024-01-01T00:00:00Z"
    assert control.get("/settings").json()["braze.async_delay"] == 60
    assert [job["state"] for job in control.get("/jobs").json()["jobs"]] == ["pending"]
    assert control.get("/requests/count").json() == {"count": 0}
    assert client.get("/catalogs").headers["x-ratelimit-remaining"] == "49"
    control.post("/clock/advance", json={"seconds": 60})
    items = client.get("/catalogs/shop/items").json()["items"]
    assert [item["id"] for item in items] == ["then"]


def test_a_token_that_was_ended_since_is_live_again(emulation: Emulation) -> None:
    """A snapshot holds what was known of the sandbox's credentials."""
    email = f"{uuid.uuid4().hex}@x.io"
    squared = emulation.client("/squared")
    login = {"email": email, "password": "Abcdef1!"}
    person = {**login, "name": "Mia", "password_confirmation": "Abcdef1!", "company_name": "c"}
    assert squared.post("/api/v1/signup", json=person).status_code == 201
    token = squared.post("/api/v1/login", json=login).json()["data"]["attributes"]["token"]
    mine = emulation.client("/squared", token=token)
    control = emulation.control(mine)
    control.put("/snapshots/s")
    assert mine.delete("/api/v1/logout").status_code == 200
    assert mine.get("/api/v1/users/me").status_code == 401

    control.post("/snapshots/s/restore")

    assert mine.get("/api/v1/users/me").status_code == 200


def test_a_credential_that_opens_another_sandbox_by_now_still_does() -> None:
    """A restore takes nothing from others."""
    with emulate() as emulation:
        server = emulation.control()
        shared = {"vendor": "braze", "token": "shared"}
        server.post("/credentials", json={**shared, "sandbox": "mine"})
        mine = emulation.control(headers={"X-Mockalog-Sandbox": "mine"})
        mine.put("/snapshots/s")
        first = server.get("/credentials").json()["credentials"][0]["id"]
        server.delete(f"/credentials/{first}")
        server.post("/credentials", json={**shared, "sandbox": "yours"})

        mine.post("/snapshots/s/restore")

        assert [c["sandbox"] for c in server.get("/credentials").json()["credentials"]] == ["yours"]


def test_a_whole_server_is_kept_and_put_back() -> None:
    """Sandboxes that came since are gone."""
    with emulate() as emulation:
        one, other, server = (*map(emulation.client, ("/braze", "/braze")), emulation.control())
        one.post("/catalogs", json=SHOP)
        server.patch("/settings", json={"braze.async_delay": 5})
        server.put("/snapshots/all")
        other.post("/catalogs", json=SHOP)
        one.delete("/catalogs/shop")
        server.post("/reset", json={"to": "empty"})

        assert server.post("/snapshots/all/restore").status_code == 200

        assert (names(one), names(other)) == (["shop"], [])
        assert server.get("/settings").json()["braze.async_delay"] == 5
        assert [s["name"] for s in server.get("/snapshots").json()["snapshots"]] == ["all"]


class TestBaseline:
    """What new sandboxes start with: `POST /_mockalog/seed` without a sandbox."""

    def test_new_sandboxes_and_resets_start_there_and_empty_is_empty(self) -> None:
        """Whoever was there before is not touched until reset."""
        with emulate() as emulation:
            old, server = emulation.client("/braze"), emulation.control()
            assert names(old) == []
            assert server.post("/seed", json=SEED).status_code == 200
            new = emulation.client("/braze")

            assert (names(old), names(new)) == ([], ["seeded"])
            emulation.control(old).post("/reset", json={"to": "baseline"})
            assert names(old) == ["seeded"]
            assert emulation.control(old).get("/settings").json()["braze.async_delay"] == 3
            emulation.control(old).post("/reset", json={"to": "empty"})
            assert names(old) == []
            assert emulation.control(old).get("/settings").json()["braze.async_delay"] == 3

    @pytest.mark.parametrize("size", [20, 500])
    def test_a_spare_copy_is_as_good_as_one_made_at_once(
        self, monkeypatch: pytest.MonkeyPatch, size: int
    ) -> None:
        """However many slices it takes; it is not used once the template has changed."""
        monkeypatch.setattr(row_copies, "SLICE", size)
        monkeypatch.setattr(row_copies, "_slices", cache(row_copies._slices.__wrapped__))
        with emulate() as emulation:
            server, client = emulation.control(), emulation.client("/braze")
            server.post("/seed", json=SEED)
            control = emulation.control(client)
            for _ in range(3):
                control.post("/reset")
                emulation.settle()
                assert names(client) == ["seeded"]
                client.delete("/catalogs/seeded")
            kept = [row.purpose for row in identities(emulation) if row.purpose]
            assert kept == [SNAPSHOT, PREPARED]  # the baseline, and the template's

            more = {**SEED, "braze": {"catalogs": [{**SHOP["catalogs"][0]}]}}
            server.post("/seed", json=more)
            control.post("/reset")

            assert names(client) == ["seeded", "shop"]
            assert client.get("/catalogs/seeded/items").headers["link"]
            emulation.settle()
            assert [row.purpose for row in identities(emulation) if row.purpose] == kept

    def test_the_templates_own_jobs_let_its_spare_copies_go(self) -> None:
        """They change what new sandboxes start with."""
        with emulate() as emulation:
            server = emulation.control()
            template = {"*": {"mockalog": 1}, "s": {"mockalog": 1}}
            here = emulation.control(headers={"X-Mockalog-Sandbox": "s"})
            client = emulation.client("/braze", headers={"X-Mockalog-Sandbox": "s"})
            client.post("/catalogs", json=SHOP)
            here.patch("/settings", json={"braze.async_delay": 60})
            client.post("/catalogs/shop/items", json={"items": [{"id": "late"}]})
            template["*"] = here.get("/state").json()
            server.put("/state", json={"mockalog": 1, "sandboxes": template})
            emulation.client("/braze").get("/catalogs")
            emulation.settle()

            server.post("/clock/advance", json={"seconds": 61})

            new = emulation.client("/braze")
            assert [i["id"] for i in new.get("/catalogs/shop/items").json()["items"]] == ["late"]


class TestSpares:
    """Copies that are made ready, and let go."""

    def test_a_snapshot_that_goes_takes_its_spare_copy_along(self) -> None:
        """Also one that is being filled; the sweep leaves nothing."""
        with emulate() as emulation:
            _, control = kept_shop(emulation)
            control.post("/snapshots/s/restore")
            emulation.settle()
            assert len(identities(emulation)) == 4  # template, sandbox, snapshot, prepared copy

            control.delete("/snapshots/s")
            emulation.settle()

            assert [row.name is not None for row in identities(emulation)] == [True, True]

    def test_who_is_let_go_while_it_is_filled_stays_unfinished(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The next slice finds that nobody wants it."""
        with emulate() as emulation:
            monkeypatch.setattr(emulation.runtime.sandboxes.prepared_copies, "prepare", id)
            kept_shop(emulation)

            async def fill_and_let_go() -> str:
                runtime = emulation.runtime
                [kept] = [row for row in await rows() if row.purpose]
                filling = await runtime.sandboxes.prepared_copies._begin(kept.id)
                assert filling is not None
                assert (
                    await runtime.sandboxes.prepared_copies._begin(kept.id) is None
                )  # there is one
                assert await runtime.sandboxes.prepared_copies._begin(10_000) is None  # of nothing
                [begun] = [row for row in await rows() if row.id == filling.target]
                async with runtime.database.transaction() as connection:
                    await generations.release_prepared_copies(connection, kept.id)
                async with runtime.database.transaction() as connection:
                    assert await prepared_copies._copy_some(connection, filling, START) is None
                await delete_retired(runtime.database)
                assert not [row for row in await rows() if row.id == filling.target]
                return str(begun.purpose)

            async def rows() -> list[Any]:
                async with emulation.runtime.database.transaction() as connection:
                    return list(await connection.all(sandboxes.select(), {}))

            assert emulation.run(fill_and_let_go) == FILLING

    def test_what_goes_wrong_with_one_is_logged_and_harms_nobody(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The next restore copies at once."""
        with emulate() as emulation:
            client, control = kept_shop(emulation)

            async def fail() -> None:
                prepared = emulation.runtime.sandboxes.prepared_copies
                prepared.prepare(object())  # type: ignore[arg-type]
                await prepared.settle()

            emulation.run(fail)
            assert "a prepared copy could not be created" in caplog.text
            control.post("/snapshots/s/restore")

            assert names(client) == ["shop"]

    def test_the_first_restore_of_a_snapshot_finds_one(self) -> None:
        """It is made when the snapshot is."""
        with emulate() as emulation:
            client, control = kept_shop(emulation)
            emulation.settle()
            mine = row_of(emulation, client)
            [kept] = [row for row in identities(emulation) if row.source_id]

            control.post("/snapshots/s/restore")

            assert row_of(emulation, client).id == kept.id != mine.id
            assert names(client) == ["shop"]

    @pytest.mark.parametrize(
        "change",
        [
            lambda server: server.get("/health"),
            lambda server: server.put("/state", json={"mockalog": 1, "sandboxes": {"*": SEED}}),
            lambda server: server.put("/snapshots/all") and server.post("/snapshots/all/restore"),
            lambda server: server.post("/reset"),
        ],
        ids=["seed", "state", "restore", "reset"],
    )
    def test_the_next_new_sandbox_finds_one(self, change: Callable[[httpx.Client], Any]) -> None:
        """Whatever changed what it starts with."""
        with emulate() as emulation:
            server = emulation.control()
            server.post("/seed", json=SEED)
            assert change(server).status_code == 200
            emulation.settle()
            spares = [row.id for row in identities(emulation) if row.purpose == PREPARED]
            client = emulation.client("/braze")

            assert names(client) == ["seeded"]

            assert row_of(emulation, client).id in spares

    def test_the_first_sandbox_of_a_seeded_server_finds_one(self, tmp_path: Path) -> None:
        """It is there before the server is ready."""
        file = tmp_path / "seed.json"
        file.write_text(json.dumps(SEED))
        with emulate(seed=[str(file)]) as emulation:
            purposes = [row.purpose for row in identities(emulation) if row.purpose]

            assert sorted(purposes) == [SNAPSHOT, PREPARED]

    def test_what_a_killed_process_left_half_made_is_made_anew(self, tmp_path: Path) -> None:
        """By the next start, which also sweeps what was left to sweep."""
        url = f"sqlite:///{tmp_path}/kept.db"
        with emulate(database_url=url, migrate=True) as emulation:
            emulation.control().post("/seed", json=SEED)
            emulation.settle()
            left = {row.id for row in identities(emulation) if row.purpose == PREPARED}
            half = sandboxes.update().where(sandboxes.c.purpose == PREPARED).values(purpose=FILLING)

            async def leave() -> None:
                async with emulation.runtime.database.transaction() as connection:
                    assert await connection.run(half, {}) == len(left) == 1

            emulation.run(leave)

        with emulate(database_url=url) as emulation:
            emulation.settle()
            found = {row.id: row.purpose for row in identities(emulation)}

        assert not left & found.keys()
        assert sorted(filter(None, found.values())) == [SNAPSHOT, PREPARED]

    def test_one_whose_source_changes_meanwhile_is_begun_again(self) -> None:
        """Of two seeds in a row the second lets go what the first began."""
        with emulate() as emulation:
            server = emulation.control()
            server.post("/seed", json=SEED)
            emulation.run(partial(asyncio.sleep, 2 * prepared_copies.START_DELAY_SECONDS))
            more = {**SEED, "braze": {"catalogs": [{**SHOP["catalogs"][0]}]}}

            server.post("/seed", json=more)
            emulation.settle()

            purposes = [row.purpose for row in identities(emulation) if row.purpose]
            assert sorted(purposes) == [SNAPSHOT, PREPARED]
            assert names(emulation.client("/braze")) == ["seeded", "shop"]

    def test_an_outage_is_waited_for(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """In the midst of one; it is told in a line."""
        go_on, outages = (
            prepared_copies._copy_some,
            [DatabaseUnavailableError("away"), DatabaseUnavailableError("still away")],
        )

        async def go_on_later(*given: Any) -> Any:
            if outages:
                raise outages.pop()
            return await go_on(*given)

        caplog.set_level("INFO")
        monkeypatch.setattr(prepared_copies, "_go_on", go_on_later)
        monkeypatch.setattr(sweeping, "REST_SECONDS", 0)
        with emulate() as emulation:
            emulation.control().post("/seed", json=SEED)
            emulation.settle()

            assert [row.purpose for row in identities(emulation)].count(PREPARED) == 1
        assert caplog.text.count("a prepared copy has to wait: ") == 2
        assert "Traceback" not in caplog.text

    def test_one_that_cannot_be_begun_waits_for_the_next_occasion(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The call that asked for it does not notice."""

        async def away(*_: Any) -> Any:
            raise DatabaseUnavailableError("away")

        caplog.set_level("INFO")
        with emulate() as emulation:
            with monkeypatch.context() as patch:
                patch.setattr(prepared_copies, "_wanting", away)
                assert emulation.control().post("/seed", json=SEED).status_code == 200
                emulation.settle()
            assert "a prepared copy could not be created yet: away" in caplog.text

            assert names(emulation.client("/braze")) == ["seeded"]

            emulation.settle()
            assert [row.purpose for row in identities(emulation)].count(PREPARED) == 1

    def test_a_start_writes_nothing_where_nothing_was_left(self, tmp_path: Path) -> None:
        """Somebody else may have the database for himself right now."""
        file = tmp_path / "kept.db"
        with emulate(database_url=f"sqlite:///{file}", migrate=True) as emulation:
            emulation.control().post("/seed", json=SEED)
            emulation.settle()

        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with emulate(database_url=f"sqlite:///{file}", migrate=False) as emulation:
                assert emulation.control().get("/ready").status_code == 200
                other.execute("ROLLBACK")

                assert names(emulation.client("/braze")) == ["seeded"]

    def test_the_end_does_not_wait_for_one(self) -> None:
        """What is half filled is not whole, and swept."""
        with emulate() as emulation:
            emulation.control().post("/seed", json=SEED)
            emulation.client("/braze").get("/catalogs")


TARGETS = ["/reset", "/snapshots/s/restore"]


@pytest.mark.parametrize("target", TARGETS)
def test_fifty_writers_and_resets_at_once_leave_one_whole_state(
    emulation: Emulation, target: str
) -> None:
    """Nobody gets a 500, and no effect of the old state runs into the new one."""
    client = emulation.client("/braze")
    control = emulation.control(client)
    control.patch("/settings", json={"rate_limits": "off"})
    client.post("/catalogs", json=SHOP)
    control.put("/snapshots/s")
    token = {"Authorization": client.headers["authorization"]}

    def write(number: int) -> httpx.Request:
        url = f"{HOST}/braze/catalogs/shop/items"
        return httpx.Request("POST", url, json={"items": [{"id": f"i{number}"}]}, headers=token)

    resets = [httpx.Request("POST", f"{HOST}/_mockalog{target}", headers=token)] * 5
    requests = [*map(write, range(25)), *resets, *map(write, range(25, 45))]
    answers = emulation.at_once(client, requests)

    assert {answer.status_code for answer in answers} <= {200, 202, 404, 429}
    assert {answers[n].status_code for n in range(25, 30)} == {200}
    control.post(target)
    emulation.settle()
    assert names(client) == ([] if target == "/reset" else ["shop"])
    if target != "/reset":
        assert client.get("/catalogs/shop/items").json()["items"] == []
    assert control.get("/jobs").json() == {"jobs": []}


def test_a_job_of_a_reset_sandbox_is_not_stored(emulation: Emulation) -> None:
    """A request that is under way when its sandbox goes has nobody to act for."""
    name = uuid.uuid4().hex

    async def act() -> int:
        runtime = emulation.runtime
        sandbox = await runtime.sandboxes.open(name)
        async with runtime.database.transaction() as connection:
            await connection.run(sandboxes.delete().where(sandboxes.c.id == sandbox.id), {})
        async with runtime.database.transaction() as connection:
            repository = Repository(connection, sandbox.id)
            await schedule(repository, "braze.create_items", {}, now=0, due_at=0)
        runtime.sandboxes.forget()
        return len(await runtime.jobs.all(sandbox.id))

    assert emulation.run(act) == 0


def test_who_waits_for_a_template_that_goes_gets_the_next(new_postgres_url: Any) -> None:
    """The lock is of the name, not of the row that had it."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:
        database = emulation.runtime.database

        async def lock() -> int:
            async with database.transaction() as connection:
                row: Any = await generations.lock(connection, TEMPLATE)
                return int(row.id)

        async def act() -> tuple[int | None, int]:
            await emulation.runtime.sandboxes.open(TEMPLATE)
            async with database.transaction() as connection:
                await generations.retire(connection, TEMPLATE)
                begun = await generations.begin(connection, TEMPLATE)
                second = asyncio.create_task(lock())
                await until_one_waits(database)
            return begun, await second

        begun, locked = emulation.run(act)

    assert locked == begun


def test_a_seed_that_meets_a_reset_goes_to_what_comes_after(new_postgres_url: Any) -> None:
    """Whoever seeds opened the sandbox before, and finds it gone when it is his turn."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:
        runtime = emulation.runtime

        async def act() -> str:
            sandbox, state = await runtime.sandboxes.open("s"), State(runtime)
            found = state.check({"mockalog": 1, "settings": {"rate_limits": "off"}})
            async with runtime.database.transaction() as connection:
                await generations.retire(connection, "s")
                seeding = asyncio.create_task(state.add(sandbox, found))
                await until_one_waits(runtime.database)
            await seeding
            async with runtime.database.transaction() as connection:
                row: Any = await generations.find(connection, "s")
            return str(row.settings)

        assert "off" in emulation.run(act)


def test_a_reset_of_the_whole_server_that_meets_a_seed_knows_its_baseline(
    new_postgres_url: Any,
) -> None:
    """Whoever comes second waits, and looks then."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:
        runtime = emulation.runtime

        async def act() -> dict[str, Any]:
            state = State(runtime)
            seed = state.check({"mockalog": 1, "settings": {"rate_limits": "off"}})
            await state.add(None, seed, rebases=True)
            async with runtime.database.transaction() as connection:
                template: Any = await generations.lock(connection, TEMPLATE)
                await runtime.snapshots.rebase(connection, template.id)
                resetting = asyncio.create_task(reset_all(runtime))
                await until_one_waits(runtime.database)
            await resetting
            return dict((await runtime.sandboxes.open("new")).settings)

        assert emulation.run(act) == {"rate_limits": "off"}


def test_saves_and_restores_of_one_name_at_once_all_succeed(new_postgres_url: Any) -> None:
    """One finds what the other has exchanged, or what was there before."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:
        snapshots = emulation.runtime.snapshots

        async def act() -> int:
            sandbox = await emulation.runtime.sandboxes.open("s")
            await snapshots.save(sandbox, "x")
            saves = [snapshots.save(sandbox, "x") for _ in range(8)]
            restores = [snapshots.restore(sandbox, "x") for _ in range(8)]
            await asyncio.gather(*saves, *restores)
            return len(await snapshots.all(sandbox))

        assert emulation.run(act) == 1


def test_many_resets_of_one_sandbox_at_once_leave_one(new_postgres_url: Any) -> None:
    """Two processes, one database: each waits for the one before."""
    url = new_postgres_url()
    with emulate(database_url=url, migrate=True) as one, emulate(database_url=url) as other:
        clients = [emulation.client("/braze", token="t") for emulation in (one, other)]
        clients[0].post("/catalogs", json=SHOP)
        one.control(clients[0]).put("/snapshots/s")

        async def restore(emulation: Emulation) -> None:
            sandbox = next(s for s in await emulation.runtime.sandboxes.all() if len(s.name) == 64)
            restoring = (emulation.runtime.snapshots.restore(sandbox, "s") for _ in range(5))
            await asyncio.gather(*restoring)

        for emulation in (one, other):
            emulation.run(partial(restore, emulation))

        assert names(clients[0]) == names(clients[1]) == ["shop"]
        assert len([row for row in identities(one) if row.name not in (None, "*")]) == 1
