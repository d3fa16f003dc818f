"""No call imports anything large in the event loop, where every other call would wait for it."""

import subprocess
import sys
from pathlib import Path

# Runs in a process of its own, which has imported nothing yet but what a start imports.
SCRIPT = """
import sys, threading
from mockalog.testing.in_process import InProcess
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

from tests.emulation import Emulation
from tests.vendors.world import World

emulation = Emulation(host)
world = World(emulation, "late")
world.make()
world.reads()
{more}
print("\\n".join(sorted(set(late))))
"""


def imported_in_the_loop(more: str = "") -> set[str]:
    """Return the modules that the event loop imports while all vendors are called."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.replace("{more}", more)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_calls_of_all_vendors_import_nothing_in_the_loop() -> None:
    """Vendors, the control plane and libraries come in threads."""
    assert imported_in_the_loop() == set()
