"""Calls read nothing from disk after the fixtures have started."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.testing.plugin.test_plugin import WITH_PLUGIN

pytest_plugins = ["pytester"]

# Runs in a process of its own, which has imported nothing else. The main thread is the client's.
SCRIPT = """
import os, sys, threading
from mockalog.settings import Settings
from mockalog.testing.emulators.server import Server
from mockalog.testing.mockalog import FREE_PORTS, VENDORS

host = Server(Settings(**FREE_PORTS, database_url=sys.argv[1], migrate=True))
host.start()
host.preload(VENDORS)

import httpx
from tests.emulation import PATIENCE
from tests.fuzz.calls import AppCaller
from tests.fuzz.conversation import Conversation
from tests.late_calls import send_all

conversation, caller = Conversation(1), AppCaller(host)
client = httpx.Client(base_url=host.urls["mockalog"], timeout=PATIENCE)
late = set()

def is_file(name):
    # A query process has pipes, which are open by number, and a processor time.
    return not str(name).startswith((os.devnull, "/proc/", *"0123456789"))

def hook(event, arguments):
    if event in EVENTS and threading.get_ident() != main and is_file(arguments[0]):
        late.add(f"{event} {arguments[0]}")

EVENTS = ("open", "import", "os.listdir", "os.scandir")
main = threading.get_ident()
sys.addaudithook(hook)

send_all(client)
for _ in range(150):
    request = conversation.next()
    [response] = caller(request, 1)
    conversation.learn(request, response.status, response.body)
for name in ("docs.js", "docs.css", "swagger-ui-bundle.js", "favicon-32x32.png"):
    assert client.get(f"/_mockalog/assets/{name}").is_success
print("\\n".join(sorted(late)))
"""


def test_no_call_reads_from_disk(database_url: str) -> None:
    """Neither a first call of its kind nor an odd one: no module, no data, no folder."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, database_url],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n") == ["", ""]


@pytest.mark.parametrize(
    ("fixtures", "present"),
    [
        ("braze", []),
        ("attraqt", ["jwt", "pycountry"]),
        ("braze, squared", ["croniter", "jsonschema", "jwt", "liquid"]),
        ("mockalog", ["croniter", "jsonschema", "jwt", "liquid", "pycountry"]),
    ],
)
def test_the_plugin_reads_what_the_sessions_tests_need(
    pytester: pytest.Pytester, fixtures: str, present: list[str]
) -> None:
    """The control plane always, and the libraries of the vendors whose fixtures a test takes."""
    pytester.makepyfile(
        f"""
        import sys

        LIBRARIES = {{"croniter", "jsonschema", "jwt", "liquid", "pycountry", "sqlglot"}}

        def test_it({fixtures}):
            assert sorted(LIBRARIES & sys.modules.keys()) == {present}
            assert "mockalog.control.app" in sys.modules
        """
    )

    pytester.runpytest_subprocess(*WITH_PLUGIN).assert_outcomes(passed=1)
