"""The first control call, which imports the control plane."""

import asyncio
import subprocess
import sys
from threading import Event
from typing import Any

import pytest

from mockalog.control import Control
from mockalog.control import app as making
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
        control = Control(emulation.runtime)
        calls = [asyncio.create_task(ask(control)) for _ in range(2)]
        await begun.wait()
        ready.set()
        return [*await asyncio.gather(*calls), await ask(control)]

    assert emulation.run(scene) == [200, 200, 200]
    assert len(made) == 1


SCRIPT = """
import sys
from tests.emulation import emulate

with emulate() as emulation:
    control = emulation.control(headers={"X-Mockalog-Sandbox": "t"})
    answer = control.request(sys.argv[1], sys.argv[2], content=sys.argv[3].encode())
    assert answer.is_success, answer.text
heavy = ["sqlglot", "yaml", "mockalog.openapi", "fastapi_swagger", "fastapi.telemetry._runtime"]
heavy += [f"mockalog.vendors.{name}.api" for name in ("attraqt", "braze", "squared")]
print(*[name for name in heavy if name in sys.modules])
"""

BRAZE = "mockalog.vendors.braze.api"
ALL = "mockalog.vendors.attraqt.api mockalog.vendors.braze.api mockalog.vendors.squared.api"
NEEDS = [
    ("POST", "/clock/advance", '{"seconds": 60}', ""),
    ("GET", "/requests", "", ""),
    ("GET", "/requests/unmatched", "", ""),
    ("GET", "/requests/count?vendor=braze&operation=list_catalogs", "", BRAZE),
    ("GET", "/requests/count?operation=list_catalogs", "", ALL),
    ("PATCH", "/settings", '{"braze.async_delay": 1}', ""),
    ("GET", "/jobs", "", ""),
    ("PUT", "/snapshots/kept", "", ""),
    ("POST", "/reset", "", ""),
    ("POST", "/faults", '{"vendor": "braze"}', BRAZE),
    ("POST", "/credentials", '{"vendor": "braze", "token": "t"}', BRAZE),
    ("GET", "/info", "", ALL),
    ("GET", "/docs", "", ""),
    ("GET", "/braze/docs", "", BRAZE),
    ("GET", "/assets/swagger-ui.css", "", ""),
]


@pytest.mark.parametrize(("method", "call", "body", "imported"), NEEDS)
def test_a_call_imports_only_the_vendors_that_it_needs(
    method: str, call: str, body: str, imported: str
) -> None:
    """A session that only sets a clock imports no vendor and no document."""
    command = [sys.executable, "-c", SCRIPT, method, call, body]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == imported
