"""Tests that steer the emulator beside tools that replace HTTP clients, files and clocks."""

from importlib import import_module

import pytest

from mockalog.testing import Mockalog
from tests.testing.plugin.test_plugin import WITH_PLUGIN

pytest_plugins = ["pytester"]

# Imported here because a pytester session removes the modules that it imports first.
for _name in ("pytest_httpx", "respx", "vcr"):
    import_module(_name)

TOOLS = ("-p", "respx.plugin", "-p", "pytest_httpx")

STEERING = """
import httpx, httpcore, pytest, time, vcr
from unittest.mock import patch

SHOP = {"name": "shop", "fields": [{"name": "id", "type": "string"}]}
FORECAST = "https://weather.test/"

@pytest.fixture
def steer(mockalog, braze, squared, attraqt):
    def steer():
        braze.settings["braze.async_delay"] = 60
        braze.clock.freeze("2025-03-01")
        braze.clock.advance(60)
        braze.seed({"braze": {"catalogs": [SHOP]}})
        braze.fail_next("list_catalogs", status=500)
        assert len(braze.faults.list()) == 1
        with braze.snapshot("before"):
            pass
        assert braze.requests.count() == 0
        assert squared.user("mia@example.com").headers["Workspace-Id"] == "1"
        assert squared.login("mia@example.com").headers["Workspace-Id"] == "1"
        assert mockalog.requests.list(path="/api/v1/login")
        attraqt.import_state(attraqt.export_state())
        with pytest.raises(TimeoutError):
            braze.requests.wait(count=3, timeout=0.01)
        with mockalog.sandbox() as other:
            other.reset()
    return steer

def refused(*_, **__):
    raise AssertionError("a control call goes through a patched client")
"""

# Each test steers beside a tool, or beside a patch that authors of tests write themselves.
BESIDE = """
def test_respx(respx_mock, steer):
    respx_mock.get(FORECAST).respond(204)
    steer()
    assert httpx.get(FORECAST).status_code == 204

def test_pytest_httpx(httpx_mock, steer):
    httpx_mock.add_response(url=FORECAST, status_code=204)
    steer()
    assert httpx.get(FORECAST).status_code == 204

def test_vcr(steer, tmp_path):
    with vcr.use_cassette(str(tmp_path / "none.yaml"), record_mode="none") as cassette:
        steer()
        assert cassette.play_count == 0

def test_patched_methods_of_httpx(steer, monkeypatch):
    for name in ("request", "send", "_send_single_request", "_transport_for_url"):
        monkeypatch.setattr(httpx.Client, name, refused)
    for kind in (httpx.HTTPTransport, httpcore.ConnectionPool, httpcore.HTTPConnection):
        monkeypatch.setattr(kind, "handle_request", refused)
    steer()

def test_patched_methods_of_the_standard_library(steer, monkeypatch):
    monkeypatch.setattr("http.client.HTTPConnection.request", refused)
    monkeypatch.setattr("urllib.request.urlopen", refused)
    steer()
"""


def run(pytester: pytest.Pytester, source: str, *flags: str) -> pytest.RunResult:
    """Run a test file in a session of this process."""
    pytester.makepyfile(STEERING + source)
    return pytester.runpytest_inprocess(*WITH_PLUGIN, *TOOLS, *flags)


@pytest.mark.parametrize("server", ["own", "in process", "remote"])
def test_steering_goes_around_patched_clients(
    pytester: pytest.Pytester, served: Mockalog, server: str
) -> None:
    """No tool sees a control call: of a server of this process, without sockets, or remote."""
    if server == "in process":
        pytester.makeconftest(IN_PROCESS)
    flags = [f"--mockalog-url={served.url}"] if server == "remote" else []

    run(pytester, BESIDE, *flags).assert_outcomes(passed=5)


IN_PROCESS = """
import pytest
from mockalog.testing import Mockalog

@pytest.fixture(scope="session")
def mockalog():
    with Mockalog(in_process=True) as mockalog:
        yield mockalog
"""


def test_the_handles_client_is_the_tests_own(pytester: pytest.Pytester) -> None:
    """A tool sees its requests, as it sees those of the program under test."""
    result = run(
        pytester,
        """
def test_respx(respx_mock, braze):
    respx_mock.get(f"{braze.url}/catalogs").respond(418)
    assert braze.client.get("/catalogs").status_code == 418
    assert braze.requests.count() == 0

def reads(braze):
    assert braze.client.get("/catalogs").status_code == 200
    assert braze.requests.count() == 1

def test_respx_lets_requests_pass(respx_mock, braze):
    respx_mock.route(host="127.0.0.1").pass_through()
    reads(braze)

@pytest.mark.httpx_mock(should_mock=lambda request: request.url.host != "127.0.0.1")
def test_pytest_httpx_lets_requests_pass(httpx_mock, braze):
    reads(braze)

def test_vcr_lets_requests_pass(braze, tmp_path):
    cassette = str(tmp_path / "none.yaml")
    with vcr.use_cassette(cassette, record_mode="none", ignore_localhost=True):
        reads(braze)
""",
    )

    result.assert_outcomes(passed=4)


def test_a_frozen_machine_does_not_stop_the_servers_timers(pytester: pytest.Pytester) -> None:
    """freezegun replaces the functions of `time`; a wait and a delay still end."""
    result = run(
        pytester,
        """
def test_it(braze, monkeypatch):
    for name in ("monotonic", "time", "time_ns"):
        frozen = getattr(time, name)()
        monkeypatch.setattr(time, name, lambda frozen=frozen: frozen)
    braze.fail_next("list_catalogs", delay=0.01)
    assert braze.client.get("/catalogs").status_code == 200
    with pytest.raises(TimeoutError):
        braze.requests.wait(count=3, timeout=0.01)
""",
    )

    result.assert_outcomes(passed=1)


def test_a_control_call_of_a_fork_goes_through_the_sockets(pytester: pytest.Pytester) -> None:
    """A fork has the object, but not the thread that serves."""
    result = run(
        pytester,
        """
import os, warnings

def test_it(braze):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python 3.12 warns of threads
        child = os.fork()
    if not child:
        os._exit(int(braze.clock.advance(60) != 0))
    assert os.waitpid(child, 0)[1] == 0
    assert braze.clock.show()["mode"] == "real"
""",
    )

    result.assert_outcomes(passed=1)
