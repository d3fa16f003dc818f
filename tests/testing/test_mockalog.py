"""`Mockalog`: its life, and the clients of its sandboxes."""

import asyncio
import subprocess
import sys
import unittest
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pytest
import requests

from mockalog.testing import (
    Mockalog,
    MockalogError,
    RefusedError,
)
from mockalog.testing.controls.errors import InvalidValueError
from mockalog.testing.controls.settings import parse_lines
from tests.testing.factories import SHOP, shops


@pytest.fixture
def attached(served: Mockalog) -> Iterator[Mockalog]:
    """A remote emulator."""
    with Mockalog(served.url) as mockalog:
        yield mockalog


class TestLife:
    """Start and stop."""

    def test_two_emulators_share_no_state(self, in_process: Mockalog) -> None:
        """Not even with one token."""
        token = in_process.braze.token
        in_process.braze.client.post("/catalogs", json=SHOP)

        with Mockalog(in_process=True) as other:
            assert shops(other.sandbox(token).braze.client) == 0
        assert shops(in_process.sandbox(token).braze.client) == 1

    def test_an_emulator_can_be_started_again(self) -> None:
        """A database in memory is empty then."""
        mockalog = Mockalog(in_process=True)
        for _ in range(2):
            mockalog.start()
            assert mockalog.braze.client.post("/catalogs", json=SHOP).status_code == 201
            mockalog.stop()

    @pytest.mark.parametrize("kind", ["file", "postgresql"])
    def test_a_database_outlives_the_emulator(
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
    def test_a_failed_start_is_one_line(self, settings: dict[str, Any], text: str) -> None:
        """Every reason becomes a `MockalogError`."""
        with pytest.raises(MockalogError, match=text):
            Mockalog(**settings).start()

    def test_a_use_before_the_start_is_an_error(self) -> None:
        """A use after the stop too."""
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

    def test_a_fork_does_not_stop_the_emulator(self) -> None:
        """The fork has none of its threads, and the parent goes on."""
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
    """Clients of the emulator."""

    @pytest.mark.parametrize("kind", ["in_process", "served", "attached"])
    def test_an_asynchronous_client(self, kind: str, request: pytest.FixtureRequest) -> None:
        """In any event loop."""
        mockalog: Mockalog = request.getfixturevalue(kind)
        braze = mockalog.sandbox().braze

        async def ask() -> int:
            transport = mockalog.async_transport
            async with httpx.AsyncClient(transport=transport, headers=braze.headers) as client:
                return (await client.get(f"{braze.url}/catalogs")).status_code

        assert asyncio.run(ask()) == 200

    def test_answers_in_process_are_read_as_from_the_network(
        self, in_process: Mockalog, served: Mockalog
    ) -> None:
        """Whole or as a stream; `elapsed` is set."""
        for mockalog in (in_process, served):
            client = mockalog.braze.client
            assert client.get("/catalogs").elapsed > timedelta(0)
            with client.stream("GET", "/catalogs") as answer:
                assert b"".join(answer.iter_raw()).startswith(b'{"catalogs":')

    def test_a_client_of_another_library(self, served: Mockalog) -> None:
        """It needs sockets."""
        braze = served.sandbox().braze

        answer = requests.get(f"{braze.url}/catalogs", headers=braze.headers, timeout=5)

        assert answer.json() == {"catalogs": [], "message": "success"}

    @pytest.mark.parametrize("kind", ["in_process", "served"])
    @pytest.mark.parametrize(
        ("vendor", "path"),
        [("braze", "/catalogs"), ("squared", "/api/v1/workspaces"), ("attraqt", "/catalogs")],
    )
    def test_the_handles_client_works(
        self, kind: str, vendor: str, path: str, request: pytest.FixtureRequest
    ) -> None:
        """It has the address, the credential and the vendor's other headers and parameters."""
        handle = getattr(request.getfixturevalue(kind).sandbox(), vendor)

        assert handle.client.get(path).status_code == 200
        assert handle.requests.count() == 1

    def test_the_handle_sends_squareds_workspace(self, in_process: Mockalog) -> None:
        """The `server` dialect needs the header."""
        squared = in_process.sandbox().squared
        squared.settings["squared.dialect"] = "server"

        assert squared.client.get("/api/v1/connectors").status_code == 200

    @pytest.mark.parametrize("auth", ["open", "strict"])
    @pytest.mark.parametrize("dialect", ["docs", "server"])
    def test_squareds_users_have_their_own_clients(self, auth: str, dialect: str) -> None:
        """Each has a role in the workspace; the handle's client is the first user's."""
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
                RefusedError, match=r"login of v@x\.io is answered with 401: "
            ) as refused:
                squared.login("v@x.io", "wrong")
            assert refused.value.status == 401
            with pytest.raises(RefusedError, match=r"^squared\.users\[0\]\.role: .*must be one of"):
                squared.user("w@x.io", role="Owner")

    def test_a_setting_needs_an_equals_sign(self) -> None:
        """Otherwise the line would be a name without a value."""
        with pytest.raises(InvalidValueError, match="name = value, not 'rate_limits off'"):
            parse_lines(["a = 1", "rate_limits off"])

    def test_login_uses_the_users_own_workspace(self) -> None:
        """A signed-up user has one."""
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

    def test_a_program_logs_in_as_a_tests_user(self) -> None:
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
    def test_attraqts_client_fetches_its_own_token(self, auth: str) -> None:
        """The token opens the same sandbox; strict servers know the client's credentials."""
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

    def test_closing_a_handles_client_closes_no_other(self, served: Mockalog) -> None:
        """All clients share their connections."""
        with served.sandbox().braze.client as client:
            assert client.get("/catalogs").status_code == 200

        assert served.sandbox().braze.client.get("/catalogs").status_code == 200


class Syncing(unittest.TestCase):
    """`unittest` uses the two context managers."""

    mockalog: ClassVar[Mockalog]

    @classmethod
    def setUpClass(cls) -> None:
        """Start an emulator for the class."""
        cls.mockalog = cls.enterClassContext(Mockalog(in_process=True))

    def setUp(self) -> None:
        """Open a sandbox for the test."""
        self.sandbox = self.enterContext(self.mockalog.sandbox())

    def test_one(self) -> None:
        """Each test starts with an empty sandbox."""
        self._push()

    def test_two(self) -> None:
        """Each test starts with an empty sandbox."""
        self._push()

    def _push(self) -> None:
        assert shops(self.sandbox.braze.client) == 0
        self.sandbox.braze.client.post("/catalogs", json=SHOP)


def test_public_names_are_imported_on_first_use() -> None:
    """Former names of the errors still work."""
    import mockalog.testing

    for name in mockalog.testing.__all__:
        assert getattr(mockalog.testing, name).__name__ == name
        if name.endswith("Error") and name != "MockalogError":
            former = getattr(mockalog.testing, name.removesuffix("Error"))
            assert former.__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'Nope'"):
        _ = mockalog.testing.Nope
