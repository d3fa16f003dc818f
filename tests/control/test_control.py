"""The first control call, which imports the control plane."""

import asyncio
import json
import subprocess
import sys
from threading import Event
from typing import Any

import pytest

from mockalog.control import Control
from mockalog.control import app as making
from mockalog.kernel.vendor.app import DROP
from mockalog.settings import load_settings
from mockalog.vendors import BY_NAME
from tests.emulation import Emulation

HEALTH = {
    "type": "http",
    "scheme": "http",
    "method": "GET",
    "path": "/_mockalog/health",
    "query_string": b"",
    "headers": [],
}


async def ask(control: Control) -> int:
    """Make a call; return its status."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    await control(dict(HEALTH), receive, send)
    return int(sent[0]["status"])


def test_concurrent_first_calls_load_the_app_once(
    emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both are answered, and the event loop is not blocked."""
    ready, made = Event(), []
    make = making.ControlApp.__init__

    async def scene() -> list[int]:
        begun, loop = asyncio.Event(), asyncio.get_running_loop()

        def slowly(app: making.ControlApp, *arguments: Any) -> None:
            made.append(app)
            loop.call_soon_threadsafe(begun.set)
            ready.wait()
            make(app, *arguments)

        monkeypatch.setattr(making.ControlApp, "__init__", slowly)
        control = Control(emulation.runtime, load_settings(), BY_NAME)
        calls = [asyncio.create_task(ask(control)) for _ in range(2)]
        await begun.wait()
        ready.set()
        return [*await asyncio.gather(*calls), await ask(control)]

    assert emulation.run(scene) == [200, 200, 200]
    assert len(made) == 1


SCRIPT = """
import json, sys
from tests.emulation import emulate

heavy = ["sqlglot", "yaml", "mockalog.openapi", "fastapi_swagger", "fastapi.telemetry._runtime"]
heavy += [f"mockalog.vendors.{name}.api" for name in ("attraqt", "braze", "squared")]
with emulate() as emulation:
    control = emulation.control(headers={"X-Mockalog-Sandbox": "t"})
    for method, path, body in json.loads(sys.argv[1]):
        answer = control.request(method, path, content=body.encode())
        assert answer.is_success, answer.text
        print(method, path, *[name for name in heavy if name in sys.modules])
"""

BRAZE = "mockalog.vendors.braze.api"
ALL = "mockalog.vendors.attraqt.api mockalog.vendors.braze.api mockalog.vendors.squared.api"

# Calls that need no vendor. A process takes a second to start, and one shows all of them.
LIGHT = [
    ("POST", "/clock/advance", '{"seconds": 60}'),
    ("GET", "/requests", ""),
    ("GET", "/requests/unmatched", ""),
    ("PATCH", "/settings", '{"braze.async_delay": 1}'),
    ("GET", "/jobs", ""),
    ("PUT", "/snapshots/kept", ""),
    ("POST", "/reset", ""),
    ("GET", "/docs", ""),
    ("GET", "/assets/swagger-ui.css", ""),
]

# Calls that import vendors: each in a process of its own, so that none profits from another.
HEAVY = [
    ("GET", "/requests/count?vendor=braze&operation=list_catalogs", "", BRAZE),
    ("GET", "/requests/count?operation=list_catalogs", "", ALL),
    ("POST", "/faults", '{"vendor": "braze"}', BRAZE),
    ("POST", "/credentials", '{"vendor": "braze", "token": "t"}', BRAZE),
    ("GET", "/info", "", ALL),
    ("GET", "/braze/docs", "", BRAZE),
]


def imported_by(*calls: tuple[str, str, str]) -> list[str]:
    """Return a line for each call of a new process: the call, and the modules imported so far."""
    command = [sys.executable, "-c", SCRIPT, json.dumps(calls)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_a_light_call_imports_no_vendor() -> None:
    """A session that only sets a clock imports no vendor and no document."""
    assert imported_by(*LIGHT) == [f"{method} {path}" for method, path, _ in LIGHT]


@pytest.mark.parametrize(("method", "path", "body", "imported"), HEAVY)
def test_a_call_imports_the_vendors_that_it_needs(
    method: str, path: str, body: str, imported: str
) -> None:
    """It imports no others."""
    assert imported_by((method, path, body)) == [f"{method} {path} {imported}"]


def test_a_stop_within_an_answer_closes_the_connection(emulation: Emulation) -> None:
    """A second answer on the same connection would be malformed."""
    dropped: list[bool] = []
    begun: list[str] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        begun.append(message["type"])
        if message["type"] == "http.response.body":
            raise asyncio.CancelledError

    scope = {
        "type": "http",
        "scheme": "http",
        "method": "GET",
        "path": "/_mockalog/health",
        "query_string": b"",
        "headers": [],
        "state": {DROP: lambda: dropped.append(True)},
    }

    emulation.run(lambda: emulation._app(scope, receive, send))

    assert (begun, dropped) == (["http.response.start", "http.response.body"], [True])
