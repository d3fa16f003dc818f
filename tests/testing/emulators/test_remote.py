"""A remote emulator."""

import json

import httpx
import pytest

from mockalog.testing import (
    Mockalog,
    MockalogError,
    RefusedError,
    UnreachableError,
)
from mockalog.testing.controls.client import ControlClient


class TestRemote:
    """A remote emulator."""

    def test_a_remote_emulator_by_its_address(self, served: Mockalog) -> None:
        """The vendors' ports are found, and the server goes on after the stop."""
        with Mockalog(served.url) as mockalog:
            assert mockalog.urls == served.urls
            assert mockalog.braze.client.get("/catalogs").status_code == 200
        assert served.braze.client.get("/catalogs").status_code == 200

    def test_a_remote_emulator_by_the_environment(
        self, served: Mockalog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Vendors' addresses in variables win; with settings, a new emulator is started."""
        monkeypatch.setenv("MOCKALOG_URL", served.url)
        monkeypatch.setenv("MOCKALOG_BRAZE_URL", f"{served.url}/braze/")
        with Mockalog() as mockalog:
            assert mockalog.braze.url == f"{served.url}/braze"
            assert mockalog.attraqt.url == served.attraqt.url
            assert mockalog.braze.client.get("/catalogs").status_code == 200
        with Mockalog(auth="open") as other:
            assert other.url != served.url

    def test_mapped_ports_lead_to_path_prefixes(self, served: Mockalog) -> None:
        """The server does not know the mapped ports."""
        braze = Mockalog(f"{served.urls['braze']}/")
        with braze as mockalog:
            assert mockalog.urls["braze"] == f"{served.urls['braze']}/braze"

    def test_unreachable_vendor_ports_lead_to_path_prefixes(
        self, served: Mockalog, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As with a container that publishes one port."""
        info = served.control.call("GET", "/info")
        for vendor in info["vendors"]:
            vendor["url"] = "http://0.0.0.0:1"
        monkeypatch.setattr("mockalog.testing.emulators.remote.ControlClient.call", lambda *_: info)

        with Mockalog(served.url) as mockalog:
            assert mockalog.braze.url == f"{served.url}/braze"

    def test_credentials_are_registered_with_a_strict_server(self) -> None:
        """As with an own strict emulator."""
        with Mockalog(auth="strict") as strict, Mockalog(strict.url) as mockalog:
            assert mockalog.sandbox().braze.client.get("/catalogs").status_code == 200

    def test_credentials_are_removed_from_a_strict_server(self) -> None:
        """A server that has ended is no error."""
        with Mockalog(auth="strict") as strict:
            before = strict.credentials.list()
            with Mockalog(strict.url) as mockalog:
                mockalog.braze.client.get("/catalogs").raise_for_status()
            assert strict.credentials.list() == before
            left = Mockalog(strict.url).start()
        left.stop()

    def test_a_remote_emulator_has_its_own_settings(self, served: Mockalog) -> None:
        """Settings beside a URL are refused, and so are unknown settings."""
        with pytest.raises(MockalogError, match="has its own settings"):
            Mockalog(served.url, auth="strict")
        with pytest.raises(
            MockalogError, match=r"setting nope does not exist; use one of: .*database_url"
        ):
            Mockalog(nope=1)
        with pytest.raises(MockalogError, match="setting workers_folder does not exist"):
            Mockalog(workers_folder="/none")

    def test_no_server_at_the_address(self) -> None:
        """The error is one line."""
        with pytest.raises(UnreachableError, match=r"no mockalog answers at http://127.0.0.1:1: "):
            Mockalog("http://127.0.0.1:1").start()

    def test_a_server_that_stops_is_unreachable(self) -> None:
        """Its 503 becomes `UnreachableError`."""
        problem = {"type": "about:blank", "title": "Service Unavailable", "status": 503}
        answer = httpx.Response(
            503,
            content=json.dumps({**problem, "detail": "the server stops"}),
            headers={"Content-Type": "application/problem+json"},
        )
        control = ControlClient("http://gone.test", httpx.MockTransport(lambda _: answer), {})

        with pytest.raises(
            UnreachableError, match=r"answers at http://gone\.test: the server stops$"
        ):
            control.call("GET", "/requests/wait")

    def test_another_server_at_the_address(self, served: Mockalog) -> None:
        """The address is below a path of an emulator."""
        with pytest.raises(RefusedError, match="Address a vendor by its port"):
            Mockalog(f"{served.url}/elsewhere").start()
        with pytest.raises(RefusedError, match="404 Not Found: this server is not mockalog"):
            Mockalog(f"{served.braze.url}/catalogs").start()
