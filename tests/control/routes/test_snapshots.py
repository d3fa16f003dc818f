"""Snapshots and resets: the state that returns, the state that stays, and concurrent calls."""

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
from mockalog.vendors import BY_NAME
from tests.emulation import HOST, Emulation, emulate
from tests.queries import query_of
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
    """Return the row of every identity, live or not."""

    async def read() -> list[Any]:
        async with emulation.runtime.database.transaction() as connection:
            return list(await connection.all(query_of(sandboxes.select()), {}))

    found: list[Any] = emulation.run(read)
    return found


def row_of(emulation: Emulation, client: httpx.Client) -> Any:
    """Return the row of a client's sandbox."""
    name = digest(client.headers["authorization"].removeprefix("Bearer "))
    [found] = [row for row in identities(emulation) if row.name == name]
    return found


def kept_shop(emulation: Emulation) -> tuple[httpx.Client, httpx.Client]:
    """Return a client with a catalog in the snapshot `s`, and its control plane."""
    client = emulation.client("/braze")
    control = emulation.control(client)
    client.post("/catalogs", json=SHOP)
    control.put("/snapshots/s")
    return client, control


def test_a_snapshot_outlives_resets_and_is_listed(emulation: Emulation) -> None:
    """By name; a second save replaces it; each sandbox has its own."""
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
def test_a_missing_snapshot_changes_nothing(emulation: Emulation, method: str, path: str) -> None:
    """The error is a 404."""
    client = emulation.client("/braze")
    client.post("/catalogs", json=SHOP)
    body = {"to": "snapshot:none"} if path == "/reset" else None

    answer = emulation.control(client).request(method, path, json=body)

    assert answer.status_code == 404
    assert answer.json()["detail"] == "snapshot 'none' does not exist"
    assert names(client) == ["shop"]


@pytest.mark.parametrize("name", ["%00", "%0A", "a" * 201])
def test_an_invalid_name_is_refused(emulation: Emulation, name: str) -> None:
    """Control characters and long names."""
    control = emulation.control(emulation.client())

    assert control.put(f"/snapshots/{name}").status_code == 400


def test_a_restore_restores_clock_settings_jobs_and_tokens(emulation: Emulation) -> None:
    """Later jobs, used limits and the journal are gone."""
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


def test_a_restore_revives_an_ended_token(emulation: Emulation) -> None:
    """The snapshot has the sandbox's credentials."""
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


def test_a_restore_keeps_a_credential_of_another_sandbox() -> None:
    """It takes nothing from other sandboxes."""
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


def test_a_snapshot_of_the_whole_server() -> None:
    """Later sandboxes are gone after the restore."""
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
    """The template of new sandboxes: `POST /_mockalog/seed` without a sandbox."""

    def test_new_sandboxes_and_resets_start_with_the_template(self) -> None:
        """Present sandboxes change only with a reset; `empty` is empty."""
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
    def test_a_prepared_copy_equals_a_direct_copy(
        self, monkeypatch: pytest.MonkeyPatch, size: int
    ) -> None:
        """In several slices too. A change of the template discards it."""
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

    def test_the_templates_own_jobs_discard_its_prepared_copies(self) -> None:
        """They change the template."""
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


class TestPreparedCopies:
    """Copies that are prepared for new sandboxes and restores."""

    def test_a_deleted_snapshot_discards_its_prepared_copy(self) -> None:
        """Also during its filling; the sweep deletes all rows."""
        with emulate() as emulation:
            _, control = kept_shop(emulation)
            control.post("/snapshots/s/restore")
            emulation.settle()
            assert len(identities(emulation)) == 4  # template, sandbox, snapshot, spare copy

            control.delete("/snapshots/s")
            emulation.settle()

            assert [row.name is not None for row in identities(emulation)] == [True, True]

    def test_a_discarded_copy_is_not_filled_further(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The next slice finds it discarded."""
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
                    return list(await connection.all(query_of(sandboxes.select()), {}))

            assert emulation.run(fill_and_let_go) == FILLING

    def test_an_error_during_preparation_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        """The next restore copies directly."""
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

    def test_a_saved_snapshot_has_a_prepared_copy(self) -> None:
        """The first restore uses it."""
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
    def test_a_changed_template_has_a_prepared_copy(
        self, change: Callable[[httpx.Client], Any]
    ) -> None:
        """After every kind of change."""
        with emulate() as emulation:
            server = emulation.control()
            server.post("/seed", json=SEED)
            assert change(server).status_code == 200
            emulation.settle()
            spares = [row.id for row in identities(emulation) if row.purpose == PREPARED]
            client = emulation.client("/braze")

            assert names(client) == ["seeded"]

            assert row_of(emulation, client).id in spares

    def test_a_seeded_server_starts_with_a_prepared_copy(self, tmp_path: Path) -> None:
        """Before it is ready."""
        file = tmp_path / "seed.json"
        file.write_text(json.dumps(SEED))
        with emulate(seed=[str(file)]) as emulation:
            purposes = [row.purpose for row in identities(emulation) if row.purpose]

            assert sorted(purposes) == [SNAPSHOT, PREPARED]

    def test_a_start_replaces_unfinished_copies(self, tmp_path: Path) -> None:
        """It also sweeps the rows that a killed process left."""
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

    def test_a_changed_source_restarts_the_preparation(self) -> None:
        """The second of two seeds discards the copy of the first."""
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

    def test_preparation_waits_for_the_database(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The log has one line."""
        go_on, outages = (
            prepared_copies._copy_some,
            [DatabaseUnavailableError("away"), DatabaseUnavailableError("still away")],
        )

        async def go_on_later(*given: Any) -> Any:
            if outages:
                raise outages.pop()
            return await go_on(*given)

        caplog.set_level("INFO")
        monkeypatch.setattr(prepared_copies, "_copy_some", go_on_later)
        monkeypatch.setattr(sweeping, "BACKOFF_SECONDS", 0)
        with emulate() as emulation:
            emulation.control().post("/seed", json=SEED)
            emulation.settle()

            assert [row.purpose for row in identities(emulation)].count(PREPARED) == 1
        assert caplog.text.count("a prepared copy has to wait: ") == 2
        assert "Traceback" not in caplog.text

    def test_a_failed_begin_is_tried_again_later(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        """The call that caused it succeeds."""

        async def away(*_: Any) -> Any:
            raise DatabaseUnavailableError("away")

        caplog.set_level("INFO")
        with emulate() as emulation:
            with monkeypatch.context() as patch:
                patch.setattr(prepared_copies, "_source_without_copy", away)
                assert emulation.control().post("/seed", json=SEED).status_code == 200
                emulation.settle()
            assert "a prepared copy could not be created yet: away" in caplog.text

            assert names(emulation.client("/braze")) == ["seeded"]

            emulation.settle()
            assert [row.purpose for row in identities(emulation)].count(PREPARED) == 1

    def test_a_start_with_nothing_to_clean_writes_nothing(self, tmp_path: Path) -> None:
        """Another process may hold the database's lock."""
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

    def test_the_stop_does_not_wait_for_a_copy(self) -> None:
        """The unfinished copy is swept."""
        with emulate() as emulation:
            emulation.control().post("/seed", json=SEED)
            emulation.client("/braze").get("/catalogs")


TARGETS = ["/reset", "/snapshots/s/restore"]


@pytest.mark.parametrize("target", TARGETS)
def test_concurrent_writers_and_resets_leave_a_whole_state(
    emulation: Emulation, target: str
) -> None:
    """No call gets a 500, and no effect of the old state reaches the new one."""
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
    """The reset came during the request."""
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


def test_a_wait_for_a_replaced_template_gets_the_new_one(new_postgres_url: Any) -> None:
    """The lock is on the name, not on the row."""
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


def test_a_seed_during_a_reset_goes_to_the_new_state(new_postgres_url: Any) -> None:
    """It finds its sandbox replaced after the wait."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:
        runtime = emulation.runtime

        async def act() -> str:
            sandbox, state = await runtime.sandboxes.open("s"), State(runtime, BY_NAME)
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


def test_a_server_reset_during_a_seed_uses_its_baseline(
    new_postgres_url: Any,
) -> None:
    """The second waits, and then reads the baseline."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:
        runtime = emulation.runtime

        async def act() -> dict[str, Any]:
            state = State(runtime, BY_NAME)
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


def test_concurrent_saves_and_restores_all_succeed(new_postgres_url: Any) -> None:
    """Each finds a whole snapshot."""
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


def test_concurrent_resets_leave_one_identity(new_postgres_url: Any) -> None:
    """Through two processes on one database."""
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
