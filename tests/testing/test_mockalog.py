"""`Mockalog`: an emulator from Python, in process, behind sockets, or somebody else's."""

import asyncio
import json
import subprocess
import sys
import time
import unittest
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import httpx
import pytest
import requests
from anyio.from_thread import start_blocking_portal

from mockalog.testing import (
    Mockalog,
    MockalogError,
    Refused,
    Sandbox,
    UnmatchedRequests,
    Unreachable,
)
from mockalog.testing.control import Control
from mockalog.testing.errors import WrongValue
from mockalog.testing.requests import Exchange
from mockalog.testing.settings import parse_lines
from mockalog.testing.transport import AppTransport

SHOP: dict[str, Any] = {
    "catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]
}
VENDORS = ("braze", "squared", "attraqt")


def shops(client: httpx.Client) -> int:
    """Return how many Braze catalogs there are."""
    return len(client.get("/catalogs").json()["catalogs"])


def leave(sandbox: Sandbox, error: Exception | None = None) -> None:
    """Use a sandbox for a block that ends well, or with an error."""
    with sandbox:
        if error is not None:
            raise error


@pytest.fixture(scope="module")
def in_process() -> Iterator[Mockalog]:
    """An emulator without a socket."""
    with Mockalog(in_process=True) as mockalog:
        yield mockalog


@pytest.fixture(scope="module")
def served() -> Iterator[Mockalog]:
    """An emulator behind sockets."""
    with Mockalog() as mockalog:
        yield mockalog


@pytest.fixture
def attached(served: Mockalog) -> Iterator[Mockalog]:
    """Somebody else's emulator."""
    with Mockalog(served.url) as mockalog:
        yield mockalog


class TestLife:
    """Starting and stopping."""

    def test_two_in_one_process_do_not_meet(self, in_process: Mockalog) -> None:
        """Not even under one token."""
        token = in_process.braze.token
        in_process.braze.client.post("/catalogs", json=SHOP)

        with Mockalog(in_process=True) as other:
            assert shops(other.sandbox(token).braze.client) == 0
        assert shops(in_process.sandbox(token).braze.client) == 1

    def test_one_can_be_started_again(self) -> None:
        """It is empty then: what was in memory is gone."""
        mockalog = Mockalog(in_process=True)
        for _ in range(2):
            mockalog.start()
            assert mockalog.braze.client.post("/catalogs", json=SHOP).status_code == 201
            mockalog.stop()

    @pytest.mark.parametrize("kind", ["file", "postgresql"])
    def test_a_database_outlives_it(
        self, kind: str, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        """Settings are those of `mockalog serve`."""
        url = f"sqlite:///{tmp_path}/a.db"
        if kind == "postgresql":
            url = request.getfixturevalue("new_postgres_url")()
        for expected in (0, 1):
            with Mockalog(database_url=url, migrate=True) as mockalog:
                sandbox = mockalog.sandbox("token")
                assert shops(sandbox.braze.client) == expected
                sandbox.braze.client.post("/catalogs", json=SHOP)

    @pytest.mark.parametrize(
        ("settings", "text"),
        [
            ({"database_url": "sqlite:////none/none.db"}, "unable to open database file"),
            ({"database_url": "mysql://"}, "must begin with sqlite"),
            ({"host": "no.such.host.invalid"}, "cannot listen on no.such.host.invalid"),
        ],
    )
    def test_a_start_that_cannot_be_is_one_clear_line(
        self, settings: dict[str, Any], text: str
    ) -> None:
        """Whatever the reason, one error of ours."""
        with pytest.raises(MockalogError, match=text):
            Mockalog(**settings).start()

    def test_before_the_start_nothing_is_there(self) -> None:
        """And the error says why; after the end neither."""
        mockalog = Mockalog(in_process=True)
        with pytest.raises(MockalogError, match="not started"):
            _ = mockalog.braze
        with pytest.raises(MockalogError, match="not started"):
            _ = mockalog.url
        for call in (
            mockalog.requests.count,
            mockalog.requests.clear,
            mockalog.check_unmatched,
            mockalog.reset,
            mockalog.snapshot,
        ):
            with pytest.raises(MockalogError, match="not started"):
                call()
        mockalog.check_unfired()
        mockalog.stop()
        with mockalog:
            assert mockalog.braze.token
        with pytest.raises(MockalogError, match="not started"):
            _ = mockalog.braze

    def test_a_fork_of_its_process_ends_without_it(self) -> None:
        """The fork has none of the threads that would have to be ended; the parent goes on."""
        script = """
import os, sys
from mockalog.testing import Mockalog

with Mockalog() as mockalog:
    child = os.fork()
    if child == 0:
        sys.exit(5)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(code, mockalog.braze.client.get("/catalogs").status_code)
"""
        command = [sys.executable, "-W", "ignore", "-c", script]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)

        assert ended.stdout == "5 200\n"


class TestClients:
    """Whoever speaks HTTP gets there."""

    @pytest.mark.parametrize("kind", ["in_process", "served", "attached"])
    def test_an_asynchronous_client(self, kind: str, request: pytest.FixtureRequest) -> None:
        """In whatever event loop it lives."""
        mockalog: Mockalog = request.getfixturevalue(kind)
        braze = mockalog.sandbox().braze

        async def ask() -> int:
            transport = mockalog.async_transport
            async with httpx.AsyncClient(transport=transport, headers=braze.headers) as client:
                return (await client.get(f"{braze.url}/catalogs")).status_code

        assert asyncio.run(ask()) == 200

    def test_an_answer_is_read_as_one_from_the_network(
        self, in_process: Mockalog, served: Mockalog
    ) -> None:
        """Whole or in parts; how long it took is known."""
        for mockalog in (in_process, served):
            client = mockalog.braze.client
            assert client.get("/catalogs").elapsed > timedelta(0)
            with client.stream("GET", "/catalogs") as answer:
                assert b"".join(answer.iter_raw()).startswith(b'{"catalogs":')

    def test_a_client_of_another_library(self, served: Mockalog) -> None:
        """It needs the socket."""
        braze = served.sandbox().braze

        answer = requests.get(f"{braze.url}/catalogs", headers=braze.headers, timeout=5)

        assert answer.json() == {"catalogs": [], "message": "success"}

    @pytest.mark.parametrize("kind", ["in_process", "served"])
    @pytest.mark.parametrize(
        ("vendor", "path"),
        [("braze", "/catalogs"), ("squared", "/api/v1/workspaces"), ("attraqt", "/catalogs")],
    )
    def test_the_handles_client_is_ready(
        self, kind: str, vendor: str, path: str, request: pytest.FixtureRequest
    ) -> None:
        """Address, credential and what else the vendor wants are in it."""
        handle = getattr(request.getfixturevalue(kind).sandbox(), vendor)

        assert handle.client.get(path).status_code == 200
        assert handle.requests.count() == 1

    def test_squareds_server_dialect_finds_its_workspace(self, in_process: Mockalog) -> None:
        """It insists on a header that the docs do not know."""
        squared = in_process.sandbox().squared
        squared.settings["squared.dialect"] = "server"

        assert squared.client.get("/api/v1/connectors").status_code == 200

    @pytest.mark.parametrize("auth", ["open", "strict"])
    @pytest.mark.parametrize("dialect", ["docs", "server"])
    def test_squareds_users_have_clients_of_their_own(self, auth: str, dialect: str) -> None:
        """Each with a role in the one workspace; the handle's client is the first user's."""
        with Mockalog(in_process=True, auth=auth) as mockalog:
            squared = mockalog.squared
            squared.settings["squared.dialect"] = dialect
            viewer = squared.user("v@x.io", role="Viewer")
            member = squared.user("m@x.io", name="Mia", password="Abcdef1!")
            again = squared.login("v@x.io")
            assert again.headers["workspace-id"] == "1"

            def role(client: httpx.Client) -> Any:
                answer = client.get("/api/v1/users/me")
                me = answer.json().get("data", {}).get("attributes", {})
                return me.get("role", answer.status_code)

            roles = [role(client) for client in (squared.client, member, again)]
            assert roles == ["Admin", "Member", "Viewer"]
            assert role(viewer) == 401  # the newer login ended it
            assert again.delete("/api/v1/workspaces/1").status_code == 403
            assert squared.requests.count(operation="login") == 3
            assert squared.requests.count(operation="signup") == 0
            with pytest.raises(
                Refused, match=r"login of v@x\.io is answered with 401: "
            ) as refused:
                squared.login("v@x.io", "wrong")
            assert refused.value.status == 401
            with pytest.raises(Refused, match=r"^squared\.users\[0\]\.role: .*must be one of"):
                squared.user("w@x.io", role="Owner")

    def test_a_setting_needs_a_sign(self) -> None:
        """Or it would be taken for a setting's name."""
        with pytest.raises(WrongValue, match="name = value, not 'rate_limits off'"):
            parse_lines(["a = 1", "rate_limits off"])

    def test_who_signed_up_is_in_a_workspace_of_their_own(self) -> None:
        """Theirs is the one that their client names."""
        with Mockalog(in_process=True) as mockalog:
            squared = mockalog.squared
            assert squared.client.get("/api/v1/users/me").status_code == 200
            person = {"name": "Bo", "email": "bo@x.io", "company_name": "Co"}
            passwords = dict.fromkeys(("password", "password_confirmation"), "Abcdef1!")
            signup = {**person, **passwords}
            assert squared.client.post("/api/v1/signup", json=signup).is_success

            bo = squared.login("bo@x.io", "Abcdef1!")

            assert bo.headers["workspace-id"] == "2"
            assert bo.get("/api/v1/connectors").status_code == 200

    def test_a_program_logs_in_as_a_user_of_the_tests(self) -> None:
        """With email and password alone."""
        with Mockalog(in_process=True) as mockalog:
            squared = mockalog.sandbox().squared
            squared.user("app@x.io", password="Abcdef1!")
            with httpx.Client(transport=mockalog.transport, base_url=squared.url) as program:
                login = {"email": "app@x.io", "password": "Abcdef1!"}

                answer = program.post("/api/v1/login", json=login)

            assert answer.status_code == 200
            assert squared.requests.count(operation="login") == 2

    @pytest.mark.parametrize("auth", ["open", "strict"])
    def test_attraqts_client_fetches_its_token_itself(self, auth: str) -> None:
        """And is in the same sandbox then; strict servers are told all credentials before."""
        with Mockalog(in_process=True, auth=auth) as mockalog:
            attraqt = mockalog.attraqt
            with httpx.Client(transport=mockalog.transport) as client:
                form = {"grant_type": "client_credentials"}
                basic = (attraqt.client_id, attraqt.client_secret)
                issued = client.post(attraqt.token_url, data=form, auth=basic).json()
                bearer = {"Authorization": f"Bearer {issued['access_token']}"}
                scope = {"tenant": attraqt.tenant, "environment": attraqt.environment}
                found = client.get(f"{attraqt.url}/catalogs", headers=bearer, params=scope)

            assert found.status_code == 200
            assert attraqt.requests.count(operation="list_catalogs") == 1
            assert mockalog.braze.client.get("/catalogs").status_code == 200

    def test_closing_a_handles_client_closes_nobody_elses(self, served: Mockalog) -> None:
        """All of them share their connections."""
        with served.sandbox().braze.client as client:
            assert client.get("/catalogs").status_code == 200

        assert served.sandbox().braze.client.get("/catalogs").status_code == 200


class TestSteering:
    """What is under `/_mockalog`, by topic."""

    def test_the_clock(self, in_process: Mockalog) -> None:
        """Frozen, moved, running from an instant, running."""
        clock = in_process.sandbox().braze.clock
        noon = datetime(2025, 3, 1, 12, tzinfo=UTC)

        assert clock.freeze("2025-03-01T12:00:00") == noon
        assert clock.advance(60) == 0
        clock.advance(timedelta(minutes=1))
        assert clock.now() == noon + timedelta(minutes=2)
        assert clock.settle() == 0
        assert clock.set(noon) <= clock.now()
        assert clock.show()["mode"] == "real"
        assert abs(clock.run() - datetime.now(UTC)) < timedelta(minutes=1)
        assert clock.freeze() == clock.now()
        assert clock.freeze(date(2025, 3, 1)) == datetime(2025, 3, 1, tzinfo=UTC)

    def test_dates_and_times_are_sent_as_the_wire_has_them(self, in_process: Mockalog) -> None:
        """As `yaml.safe_load` makes them: an instant, a day, a while."""
        braze = in_process.sandbox().braze
        noon = datetime(2025, 3, 1, 12, tzinfo=UTC)
        fields = [{"name": "id", "type": "string"}, {"name": "made", "type": "time"}]
        shop = {"name": "shop", "fields": fields, "items": [{"id": "a", "made": date(2025, 1, 2)}]}
        clock = {"mode": "frozen", "now": noon.replace(tzinfo=None)}
        braze.seed({"mockalog": 1, "clock": clock, "braze": MappingProxyType({"catalogs": [shop]})})

        assert braze.clock.now() == noon
        [item] = braze.client.get("/catalogs/shop/items/a").json()["items"]
        assert item["made"] == "2025-01-02T00:00:00.000Z"
        assert braze.fail_next(delay=timedelta(milliseconds=1500))["delay"] == 1.5
        assert braze.requests.count(since=date(2025, 1, 2)) == 1

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ({1, 2}, "braze.catalogs[1].name: it cannot be sent as JSON: {1, 2}"),
            (float("nan"), "braze.catalogs[1].name: it cannot be sent as JSON: nan"),
            ("a\ud800", "braze.catalogs[1].name: it cannot be sent as JSON: 'a\\ud800'"),
            ({(1, 2): 3}, "braze.catalogs[1].name: a key is no text: {(1, 2): 3}"),
        ],
    )
    def test_what_cannot_be_sent_is_named(
        self, in_process: Mockalog, value: Any, text: str
    ) -> None:
        """Before anybody is asked, by its place."""
        catalogs = ({"name": "shop"}, {"name": value})

        with pytest.raises(WrongValue) as wrong:
            in_process.sandbox().seed({"mockalog": 1, "braze": {"catalogs": catalogs}})

        assert str(wrong.value) == text

    def test_what_is_too_deep_to_be_sent_is_a_wrong_value_too(self, in_process: Mockalog) -> None:
        """Such as a list that holds itself."""
        endless: list[Any] = []
        endless.append(endless)

        with pytest.raises(WrongValue, match="cannot be sent"):
            in_process.sandbox().seed({"mockalog": 1, "braze": endless})
        with pytest.raises(WrongValue, match=r"^a key is no text: \{.*\(1, 2\): 3\}"):
            in_process.sandbox().seed({(1, 2): 3})  # type: ignore[dict-item]
        with pytest.raises(WrongValue, match="a seed is a file or a dictionary, not 5"):
            in_process.sandbox().seed(5)  # type: ignore[arg-type]
        with pytest.raises(WrongValue, match="5 is no instant"):
            in_process.sandbox().clock.freeze(5)  # type: ignore[arg-type]

    def test_the_settings_are_a_mapping(self, in_process: Mockalog) -> None:
        """Changed one by one or several at once; of one sandbox."""
        settings = in_process.sandbox().braze.settings
        settings["rate_limits"] = "off"
        settings.update({"braze.async_delay": 5}, rate_limits="tiny")

        assert settings["braze.async_delay"] == 5
        assert dict(settings)["rate_limits"] == settings.get("rate_limits") == "tiny"
        assert len(settings) == len(list(settings))
        assert in_process.settings["rate_limits"] == "vendor"
        with pytest.raises(Refused, match="nope") as refused:
            settings["nope"] = 1
        assert (refused.value.status, refused.value.problem["title"]) == (400, "Bad Request")
        with pytest.raises(KeyError, match=r"no setting 'nope'; there is: .*rate_limits"):
            settings["nope"]
        assert settings.get("nope") is None

    def test_the_journal(self, in_process: Mockalog) -> None:
        """Of the handle's vendor, of the sandbox, of the whole server."""
        sandbox = in_process.sandbox()
        sandbox.attraqt.client.get("/catalogs")
        since = datetime.now(UTC)
        sandbox.braze.client.post("/catalogs", json=SHOP)

        [created] = sandbox.braze.requests.list()

        assert isinstance(created, Exchange)
        assert (created.vendor, created.operation) == ("braze", "create_catalog")
        assert (created.method, created.path, created.status) == ("POST", "/catalogs", 201)
        assert (created.json, created.response_json["message"]) == (SHOP, "success")
        assert sandbox.requests.count() == 2
        assert sandbox.requests.count(since=since, method=None) == 1
        assert in_process.requests.count(operation="create_catalog") >= 1
        assert sandbox.requests.clear() == 2
        assert sandbox.requests.list() == []

    def test_a_snapshot_brings_the_state_back(self, in_process: Mockalog) -> None:
        """At the end of a block, or whenever it is asked to; also by a reset."""
        sandbox = in_process.sandbox()
        with sandbox.snapshot("before") as kept:
            sandbox.braze.client.post("/catalogs", json=SHOP)
            assert shops(sandbox.braze.client) == 1
        assert shops(sandbox.braze.client) == 0
        sandbox.braze.client.post("/catalogs", json=SHOP)

        sandbox.reset("snapshot:before")

        assert shops(sandbox.braze.client) == 0
        assert [one["name"] for one in sandbox.snapshots.list()] == [kept.name]
        kept.delete()
        with pytest.raises(Refused):
            kept.restore()

    @pytest.mark.parametrize("name", ["a/b", "a/restore", "é ?#%2F", "a..", "/x/"])
    def test_a_snapshots_name_may_be_odd(self, in_process: Mockalog, name: str) -> None:
        """It is one name, whatever stands in it."""
        sandbox = in_process.sandbox()
        sandbox.snapshot(name).restore()

        assert [kept["name"] for kept in sandbox.snapshots.list()] == [name]
        sandbox.snapshots[name].delete()
        assert sandbox.snapshots.list() == []

    @pytest.mark.parametrize("name", ["", "..", "a\nb", "\ud800"])
    def test_a_snapshots_name_is_printable(self, in_process: Mockalog, name: str) -> None:
        """What no path can hold is refused in words."""
        with pytest.raises(MockalogError, match="a snapshot's name"):
            in_process.sandbox().snapshot(name)

    def test_a_seed_is_a_document_or_a_file(self, in_process: Mockalog, tmp_path: Path) -> None:
        """Of one sandbox; the server's own seed is what new ones start with."""
        document = {"mockalog": 1, "braze": SHOP}
        sandbox = in_process.sandbox()
        sandbox.seed({"braze": SHOP})  # the version goes without saying
        assert shops(sandbox.braze.client) == 1
        for refuse, empty in ((sandbox.import_state, {}), (sandbox.seed, {"mockalog": 2})):
            with pytest.raises(Refused, match=r"^mockalog: expected the version"):
                refuse(empty)
        items = [{"id": "1"}, {"id": "a b"}]
        wrong = {"mockalog": 1, "braze": {"catalogs": [{**SHOP["catalogs"][0], "items": items}]}}
        for refuse in (sandbox.import_state, in_process.sandbox().braze.seed):
            with pytest.raises(Refused, match=r"^braze\.catalogs\[0\]\.items\[1\]: Braze"):
                refuse(wrong)
        state = sandbox.export_state()
        sandbox.reset("empty")
        sandbox.import_state(state)
        assert shops(sandbox.braze.client) == 1

        seed = tmp_path / "seed.yaml"
        seed.write_text("mockalog: 1\nbraze:\n  catalogs:\n    - {name: shop, fields: []}\n")
        with pytest.raises(Refused, match=r"seed\.yaml, line \d+: braze\.catalogs"):
            sandbox.braze.seed(seed)
        seed.write_text(str(document).replace("'", '"'))
        with Mockalog(in_process=True, seed=seed) as seeded:
            assert shops(seeded.sandbox().braze.client) == 1

    def test_waiting_for_requests(self, in_process: Mockalog) -> None:
        """Until there are enough, or the time is over."""
        braze = in_process.sandbox().braze
        braze.client.get("/catalogs")

        [seen] = braze.requests.wait(operation="list_catalogs")

        assert seen.status == 200
        with pytest.raises(TimeoutError, match="1 of 2 requests came"):
            braze.requests.wait(count=2, timeout=0.01)
        with pytest.raises(Refused):
            braze.requests.wait(nonsense=1)

    @pytest.mark.parametrize("ago", [timedelta(0), timedelta(days=2)])
    def test_what_went_astray_since_then(self, in_process: Mockalog, ago: timedelta) -> None:
        """Also before a reset; of one vendor's handle that vendor's."""
        sandbox = in_process.sandbox()
        began = datetime.now(UTC).replace(tzinfo=None)
        sandbox.braze.client.get("/catalogues")
        sandbox.braze.reset()

        with pytest.raises(UnmatchedRequests, match="1 request fits"):
            sandbox.check_unmatched(began - ago)
        sandbox.check_unmatched(began + timedelta(days=1))
        sandbox.squared.check_unmatched()
        sandbox.requests.clear()
        sandbox.check_unmatched()

    def test_what_went_astray_is_told_at_the_end_of_the_block(self, in_process: Mockalog) -> None:
        """With the reason and what came nearest, ten at most; not if it failed for a reason."""
        strayed = in_process.sandbox()
        for _ in range(11):
            strayed.braze.client.get("/catalogues")

        with pytest.raises(UnmatchedRequests, match="GET /catalogues was answered") as told:
            leave(strayed)

        assert "near: list_catalogs, GET /catalogs" in str(told.value)
        assert "and 1 more" in str(told.value)
        with pytest.raises(ZeroDivisionError):
            leave(strayed, ZeroDivisionError())

    def test_reset(self, in_process: Mockalog) -> None:
        """The sandbox starts over."""
        sandbox = in_process.sandbox()
        sandbox.braze.client.post("/catalogs", json=SHOP)

        sandbox.reset("empty")

        assert shops(sandbox.braze.client) == 0

    def test_credentials(self) -> None:
        """Registered with permissions, listed, forgotten."""
        with Mockalog(in_process=True, auth="strict") as mockalog:
            known = len(mockalog.credentials.list())
            added = mockalog.credentials.add("braze", "mine", permissions=["catalogs.get"])
            headers = {"Authorization": "Bearer mine"}
            with httpx.Client(transport=mockalog.transport, headers=headers) as client:
                statuses = [
                    client.get(f"{mockalog.braze.url}/catalogs").status_code,
                    client.post(f"{mockalog.braze.url}/catalogs", json=SHOP).status_code,
                ]
                mockalog.credentials.remove(added["id"])
                statuses.append(client.get(f"{mockalog.braze.url}/catalogs").status_code)

            assert statuses == [200, 403, 401]
            assert len(mockalog.credentials.list()) == known

    def test_an_admin_token_is_sent_along(self) -> None:
        """The server is told it and the handles know it."""
        with Mockalog(in_process=True, admin_token="s3cret") as mockalog:
            assert mockalog.braze.clock.advance(1) == 0
            with httpx.Client(transport=mockalog.transport) as client:
                assert client.get(f"{mockalog.url}/_mockalog/info").status_code == 401


class TestAttaching:
    """Somebody else's emulator."""

    def test_by_its_address(self, served: Mockalog) -> None:
        """The vendors' ports are found, and it goes on afterwards."""
        with Mockalog(served.url) as mockalog:
            assert mockalog.urls == served.urls
            assert mockalog.braze.client.get("/catalogs").status_code == 200
        assert served.braze.client.get("/catalogs").status_code == 200

    def test_by_the_environment(self, served: Mockalog, monkeypatch: pytest.MonkeyPatch) -> None:
        """`MOCKALOG_URL`, and the vendors' own where they are named; settings start another one."""
        monkeypatch.setenv("MOCKALOG_URL", served.url)
        monkeypatch.setenv("MOCKALOG_BRAZE_URL", f"{served.url}/braze/")
        with Mockalog() as mockalog:
            assert mockalog.braze.url == f"{served.url}/braze"
            assert mockalog.attraqt.url == served.attraqt.url
            assert mockalog.braze.client.get("/catalogs").status_code == 200
        with Mockalog(auth="open") as other:
            assert other.url != served.url

    def test_where_ports_are_mapped_the_path_prefix_is_used(self, served: Mockalog) -> None:
        """The server does not know the port that it was called at."""
        braze = Mockalog(f"{served.urls['braze']}/")
        with braze as mockalog:
            assert mockalog.urls["braze"] == f"{served.urls['braze']}/braze"

    def test_where_only_the_main_port_is_reached_the_path_prefix_is_used(
        self, served: Mockalog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As with a container that publishes one port."""
        info = served.control.call("GET", "/info")
        for vendor in info["vendors"]:
            vendor["url"] = "http://0.0.0.0:1"
        monkeypatch.setattr("mockalog.testing.attached.Control.call", lambda *_: info)

        with Mockalog(served.url) as mockalog:
            assert mockalog.braze.url == f"{served.url}/braze"

    def test_a_strict_one_is_told_the_credentials(self) -> None:
        """As one of our own is."""
        with Mockalog(auth="strict") as strict, Mockalog(strict.url) as mockalog:
            assert mockalog.sandbox().braze.client.get("/catalogs").status_code == 200

    def test_a_strict_one_forgets_them_at_the_end(self) -> None:
        """If it is still there."""
        with Mockalog(auth="strict") as strict:
            before = strict.credentials.list()
            with Mockalog(strict.url) as mockalog:
                mockalog.braze.client.get("/catalogs").raise_for_status()
            assert strict.credentials.list() == before
            left = Mockalog(strict.url).start()
        left.stop()

    def test_it_has_its_own_settings(self, served: Mockalog) -> None:
        """None can be given to it, and an unknown one to nobody."""
        with pytest.raises(MockalogError, match="has its own settings"):
            Mockalog(served.url, auth="strict")
        with pytest.raises(MockalogError, match=r"no setting nope; there is: .*database_url"):
            Mockalog(nope=1)
        with pytest.raises(MockalogError, match="no setting workers_folder"):
            Mockalog(workers_folder="/none")

    def test_nobody_there(self) -> None:
        """One clear line."""
        with pytest.raises(Unreachable, match=r"no mockalog answers at http://127.0.0.1:1: "):
            Mockalog("http://127.0.0.1:1").start()

    def test_somebody_who_goes(self) -> None:
        """A server that stops while it is asked is as good as gone."""
        problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503}
        answer = httpx.Response(
            503,
            content=json.dumps({**problem, "detail": "the server stops"}),
            headers={"Content-Type": "application/problem+json"},
        )
        control = Control("http://gone.test", httpx.MockTransport(lambda _: answer), {})

        with pytest.raises(Unreachable, match=r"answers at http://gone\.test: the server stops$"):
            control.call("GET", "/requests/wait")

    def test_somebody_else_there(self, served: Mockalog) -> None:
        """An address below a path that leads nowhere."""
        with pytest.raises(Refused, match="Address a vendor by its port"):
            Mockalog(f"{served.url}/elsewhere").start()
        with pytest.raises(Refused, match="404 Not Found; that is no mockalog"):
            Mockalog(f"{served.braze.url}/catalogs").start()


class TestTimeouts:
    """A client that waits too long."""

    def test_in_process_it_gives_up_as_over_the_network(self, in_process: Mockalog) -> None:
        """With httpx's own error."""
        braze = in_process.sandbox().braze
        braze.fail_next("list_catalogs", delay=30)
        started = time.monotonic()

        with pytest.raises(httpx.ReadTimeout):
            braze.client.get("/catalogs", timeout=0.05)

        assert time.monotonic() - started < 10


class Syncing(unittest.TestCase):
    """What `unittest` needs is what is there: two context managers."""

    mockalog: ClassVar[Mockalog]

    @classmethod
    def setUpClass(cls) -> None:
        """Start an emulator for the class."""
        cls.mockalog = cls.enterClassContext(Mockalog(in_process=True))

    def setUp(self) -> None:
        """Open a sandbox for the test."""
        self.sandbox = self.enterContext(self.mockalog.sandbox())

    def test_one(self) -> None:
        """Whichever comes first, the other sees nothing of it."""
        self._push()

    def test_two(self) -> None:
        """The same."""
        self._push()

    def _push(self) -> None:
        assert shops(self.sandbox.braze.client) == 0
        self.sandbox.braze.client.post("/catalogs", json=SHOP)


def test_names_are_found_where_they_are_and_no_others() -> None:
    """The package imports nothing before."""
    import mockalog.testing

    for name in mockalog.testing.__all__:
        assert getattr(mockalog.testing, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'Nope'"):
        _ = mockalog.testing.Nope


def test_an_answer_in_parts_is_put_together() -> None:
    """Whatever the app does after it."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert (await receive())["body"] == b"?"
        assert (await receive())["type"] == "http.disconnect"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a", "more_body": True})
        await send({"type": "http.response.body", "body": b"b"})
        raise ZeroDivisionError

    with start_blocking_portal() as portal, httpx.Client(transport=AppTransport(portal, app)) as c:
        assert c.post("https://mock.test", content=b"?").text == "ab"
