"""Sandboxes and credentials: which credential opens which sandbox."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from mockalog.kernel.clock import LATEST, SECOND, Clock, machine_now
from mockalog.kernel.sandboxes.authentication import Principal
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.sandboxes.sandboxes import MAX_CACHED, Sandboxes
from tests.emulation import Emulation, emulate

SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}


def names(client: httpx.Client, **headers: str) -> list[str]:
    """Return the names of the catalogs that a Braze client sees."""
    answer = client.get("/catalogs", headers=headers)
    return [catalog["name"] for catalog in answer.json()["catalogs"]]


def test_two_tokens_never_see_each_others_data(emulation: Emulation) -> None:
    """Each opens a sandbox of its own."""
    one, other = emulation.client("/braze"), emulation.client("/braze")

    assert one.post("/catalogs", json=SHOP).status_code == 201
    assert other.post("/catalogs", json=SHOP).status_code == 201
    assert other.delete("/catalogs/shop").status_code == 200
    assert (names(one), names(other)) == (["shop"], [])


def test_a_header_names_a_sandbox_directly(emulation: Emulation) -> None:
    """For clients that cannot vary their credential."""
    name, client = uuid.uuid4().hex, emulation.client("/braze")

    client.post("/catalogs", json=SHOP, headers={"X-Mockalog-Sandbox": name})

    assert names(client) == []
    assert names(emulation.client("/braze"), **{"X-Mockalog-Sandbox": name}) == ["shop"]


def test_the_servers_template_is_nobodys_sandbox(emulation: Emulation) -> None:
    """`*` in the header is no name."""
    client = emulation.client("/braze")

    client.post("/catalogs", json=SHOP, headers={"X-Mockalog-Sandbox": "*"})

    assert names(client) == ["shop"]


@pytest.mark.parametrize("text", ["undefined", "null", "None", "NaN", "[object Object]", ""])
def test_the_text_of_an_unset_variable_opens_no_sandbox(emulation: Emulation, text: str) -> None:
    """Neither a refused call nor a path or an address that does not exist."""
    client = emulation.client(token=text)
    answers = [client.get(path) for path in ("/braze/catalogs", "/braze/nope", "/nowhere")]

    assert [answer.status_code for answer in answers] == [401, 404, 404]
    assert emulation.run(lambda: emulation.runtime.sandboxes.find(digest(text))) is None


def test_fifty_first_calls_at_once_open_one_sandbox(emulation: Emulation) -> None:
    """Whoever comes second gets the one that won."""
    name = uuid.uuid4().hex

    async def open_at_once() -> set[int]:
        opened = [emulation.runtime.sandboxes.open(name) for _ in range(50)]
        return {sandbox.id for sandbox in await asyncio.gather(*opened)}

    assert len(emulation.run(open_at_once)) == 1


def test_a_credential_can_share_another_sandbox() -> None:
    """Registered with a sandbox's name it opens that one."""
    with emulate() as emulation:
        for token in ("one", "two"):
            emulation.control().post(
                "/credentials", json={"vendor": "braze", "token": token, "sandbox": "ours"}
            )
        emulation.client("/braze", token="one").post("/catalogs", json=SHOP)

        assert names(emulation.client("/braze", token="two")) == ["shop"]


def test_an_issued_token_expires_on_the_sandboxs_clock() -> None:
    """At its instant, not before."""
    with emulate(auth="strict") as emulation:
        runtime = emulation.runtime

        async def issue() -> None:
            sandbox = await runtime.sandboxes.open("s")
            expires_at = sandbox.clock.now() + 300_000_000
            async with runtime.database.transaction() as connection:
                await runtime.sandboxes.register(
                    connection,
                    "braze",
                    "issued",
                    sandbox="s",
                    permissions=frozenset({"*"}),
                    subject={},
                    issued=True,
                    expires_at=expires_at,
                )

        emulation.run(issue)
        client = emulation.client("/braze", token="issued")
        assert client.get("/catalogs").status_code == 200

        emulation.control(client).post("/clock/advance", json={"seconds": 301})

        assert client.get("/catalogs").status_code == 401
        assert emulation.control().get("/credentials").json() == {"credentials": []}


def test_a_revoked_token_opens_nothing_new_in_open_mode_either() -> None:
    """It stays known as revoked."""
    with emulate() as emulation:
        runtime = emulation.runtime

        async def issue_and_revoke() -> None:
            async with runtime.database.transaction() as connection:
                await runtime.sandboxes.register(
                    connection,
                    "braze",
                    "old",
                    sandbox="s",
                    permissions=frozenset({"*"}),
                    subject={},
                    issued=True,
                )
                await runtime.sandboxes.revoke(connection, digest("old"))

        emulation.run(issue_and_revoke)

        assert emulation.client("/braze", token="old").get("/catalogs").status_code == 401


def test_what_is_remembered_is_bounded() -> None:
    """A test run of a million tokens does not fill the memory."""
    with emulate() as emulation:
        sandboxes: Sandboxes = emulation.runtime.sandboxes

        async def ask() -> None:
            await sandboxes.credential("braze", "first")
            for number in range(MAX_CACHED + 2):
                sandboxes._credentials[("braze", str(number))] = None
            await sandboxes.credential("braze", "one more")

        emulation.run(ask)

        assert len(sandboxes._credentials) == 1


def test_what_is_derived_lasts_until_something_is_forgotten() -> None:
    """Nothing that was worked out from a state that has gone since is kept."""
    with emulate() as emulation:
        sandboxes: Sandboxes = emulation.runtime.sandboxes
        sandboxes.recall("key")  # begins to watch the database
        generation = sandboxes.generation

        sandboxes.remember("key", "derived", generation)
        assert sandboxes.recall("key") == "derived"
        sandboxes.forget()
        assert sandboxes.recall("key") is None
        sandboxes.remember("key", "too late", generation)
        assert sandboxes.recall("key") is None


class LetterAuthenticator:
    """A custom authenticator: every token that begins alike opens the same sandbox."""

    def __init__(self, sandboxes: Sandboxes) -> None:
        self._sandboxes = sandboxes

    async def authenticate(self, vendor: str, token: str, sandbox: str | None) -> Principal:
        """Open the sandbox named after the token's first letter."""
        return Principal(await self._sandboxes.open(token[0]))


def test_a_setting_names_another_authenticator() -> None:
    """`module:attribute`, called with the app's sandboxes."""
    custom = f"{__name__}:LetterAuthenticator"
    with emulate(authenticator=custom) as emulation:
        emulation.client("/braze", token="abc").post("/catalogs", json=SHOP)

        assert names(emulation.client("/braze", token="axyz")) == ["shop"]
        assert names(emulation.client("/braze", token="bcd")) == []


@pytest.mark.parametrize("kind", ["file", "postgresql"])
def test_a_second_process_sees_what_the_first_changed(
    kind: str, tmp_path: Any, request: pytest.FixtureRequest
) -> None:
    """What one app remembers does not go stale when another writes the same database."""
    url = (
        f"sqlite:///{tmp_path}/shared.db"
        if kind == "file"
        else request.getfixturevalue("new_postgres_url")()
    )
    with emulate(database_url=url, migrate=True) as one, emulate(database_url=url) as other:
        here, there = one.client("/braze", token="t"), other.client("/braze", token="t")
        assert names(here) == names(there) == []
        here.post("/catalogs", json=SHOP)
        assert names(there) == ["shop"]

        other.control(there).post("/reset")
        assert (names(here), names(there)) == ([], [])

        frozen = {"mode": "frozen", "now": "2024-10-14T10:28:01Z"}
        one.control(here).put("/clock", json=frozen)
        there.post("/catalogs", json=SHOP)
        catalog = there.get("/catalogs").json()["catalogs"][0]
        assert catalog["updated_at"] == "2024-10-14T10:28:01.000+00:00"


def test_a_clock_that_is_frozen_loses_no_advance(emulation: Emulation) -> None:
    """Not even one that came since the sandbox was looked at."""
    runtime = emulation.runtime

    async def freeze_late() -> Clock:
        seen = await runtime.sandboxes.open("frozen-late")
        async with runtime.database.transaction() as connection:
            await runtime.sandboxes.advance(connection, seen, 3600 * SECOND)
            await runtime.sandboxes.freeze(connection, seen)
            await runtime.sandboxes.freeze(connection, seen)
        return (await runtime.sandboxes.open("frozen-late")).clock

    before = machine_now()
    clock: Clock = emulation.run(freeze_late)

    assert clock.mode == "frozen"
    assert before <= clock.value - 3600 * SECOND <= machine_now()


def test_a_clock_is_frozen_on_the_calendar(emulation: Emulation) -> None:
    """One that ran over its end stands at the last second."""
    runtime = emulation.runtime

    async def freeze_too_late() -> Clock:
        sandbox = await runtime.sandboxes.open("frozen-too-late")
        async with runtime.database.transaction() as connection:
            await runtime.sandboxes.set_clock(connection, sandbox, Clock("real", LATEST))
            await runtime.sandboxes.freeze(connection, sandbox)
        return (await runtime.sandboxes.open("frozen-too-late")).clock

    assert emulation.run(freeze_too_late) == Clock("frozen", LATEST)
