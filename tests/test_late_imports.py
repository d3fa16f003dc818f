"""No call imports anything large in the event loop, where every other call would wait for it."""

import subprocess
import sys
from pathlib import Path

# Runs in a process of its own, which has imported nothing yet but what a start imports.
SCRIPT = """
import sys, threading
from mockalog.testing.emulators.in_process import InProcess
from mockalog.settings import Settings

host = InProcess(Settings())
host.start()
late = []

async def loop_thread():
    return threading.get_ident()

loop = host.portal.call(loop_thread)

def hook(event, arguments):
    if event == "import" and threading.get_ident() == loop:
        late.append(arguments[0])

sys.addaudithook(hook)

import httpx
from tests.emulation import HOST, PATIENCE
from tests.late_calls import send_all

send_all(httpx.Client(transport=host.transport, base_url=HOST, timeout=PATIENCE))
print("\\n".join(sorted(set(late))))
"""

# Small parts of the standard library, and one dialect of sqlglot: 5 ms.
SMALL = ("concurrent.futures.thread", "encodings.", "importlib.", "sqlglot.")


def test_first_calls_import_nothing_large_in_the_loop() -> None:
    """Vendors, the control plane and libraries come in threads."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert [name for name in done.stdout.split() if not name.startswith(SMALL)] == []
