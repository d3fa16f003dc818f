"""Snapshots: the restored state, the kept state, and concurrent calls."""

import asyncio
import uuid
from functools import partial
from typing import Any

from mockalog.kernel.sandboxes.handovers import PART
from tests.emulation import Emulation, emulate
from tests.kernel.factories import SHOP, names
from tests.kernel.sandboxes.factories import identities


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


def test_a_snapshot_of_many_sandboxes_replaces_one_of_many() -> None:
    """Both in parts; the last one may find more to delete."""
    with emulate() as emulation:
        control = emulation.control()
        for _ in range(PART + 1):
            emulation.client("/braze").get("/catalogs")
        for _ in range(2):
            assert control.put("/snapshots/many").status_code == 200
        control.post("/reset", json={"to": "empty"})
        assert control.put("/snapshots/many").status_code == 200

        control.post("/reset", json={"to": "snapshot:many"})

        state = control.get("/state").json()
    assert [*state["sandboxes"]] == ["*"]
