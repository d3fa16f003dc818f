"""Every control call has a handle method and a CLI command, or a reason why it has none."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from mockalog.cli import app
from mockalog.control.calls.vendor_routes import vendor_router_of
from mockalog.control.routes import router
from mockalog.kernel.errors import UnknownOperationError
from mockalog.testing import Mockalog, RefusedError, Sandbox
from mockalog.testing.controls.client import ControlClient
from mockalog.vendors import VENDORS
from tests.control.requests import CALLS

# A use of each call through the handles of the package.
HANDLES: dict[str, Callable[[Sandbox], object]] = {
    "GET /info": lambda sandbox: sandbox.name,
    "POST /reset": lambda sandbox: sandbox.reset(),
    "GET /credentials": lambda sandbox: sandbox.credentials.list(),
    "POST /credentials": lambda sandbox: sandbox.credentials.add("braze", "token"),
    "DELETE /credentials/{credential_id}": lambda sandbox: sandbox.credentials.remove(1),
    "GET /settings": lambda sandbox: dict(sandbox.settings),
    "PATCH /settings": lambda sandbox: sandbox.settings.update(rate_limits="off"),
    "GET /clock": lambda sandbox: sandbox.clock.show(),
    "PUT /clock": lambda sandbox: sandbox.clock.freeze(),
    "POST /clock/advance": lambda sandbox: sandbox.clock.advance(1),
    "POST /clock/settle": lambda sandbox: sandbox.clock.settle(),
    "GET /jobs": lambda sandbox: sandbox.jobs.list(),
    "GET /sandboxes": lambda sandbox: sandbox.sandboxes.list(),
    "DELETE /sandboxes/{name:path}": lambda sandbox: sandbox.sandboxes.remove("gone"),
    "GET /faults": lambda sandbox: sandbox.faults.list(),
    "POST /faults": lambda sandbox: sandbox.faults.arm("braze", "create_items"),
    "DELETE /faults": lambda sandbox: sandbox.faults.clear(),
    "DELETE /faults/{fault_id}": lambda sandbox: sandbox.faults.remove(1),
    "GET /requests": lambda sandbox: sandbox.requests.list(),
    "GET /requests/count": lambda sandbox: sandbox.requests.count(),
    "GET /requests/wait": lambda sandbox: sandbox.requests.wait(timeout=0),
    "GET /requests/unmatched": lambda sandbox: sandbox.requests.unmatched(),
    "GET /requests/har": lambda sandbox: sandbox.requests.har(),
    "DELETE /requests": lambda sandbox: sandbox.requests.clear(),
    "GET /snapshots": lambda sandbox: sandbox.snapshots.list(),
    "PUT /snapshots/{name:path}": lambda sandbox: sandbox.snapshot("a"),
    "POST /snapshots/{name:path}/restore": lambda sandbox: sandbox.snapshots["a"].restore(),
    "DELETE /snapshots/{name:path}": lambda sandbox: sandbox.snapshots["a"].delete(),
    "GET /state": lambda sandbox: sandbox.export_state(),
    "PUT /state": lambda sandbox: sandbox.import_state({"mockalog": 1}),
    "POST /seed": lambda sandbox: sandbox.seed({}),
    "GET /attraqt/items": lambda sandbox: sandbox.attraqt.items(1),
    "GET /braze/selections/{catalog_name}/{selection_name}/items": lambda sandbox: (
        sandbox.braze.selected("shop", "best")
    ),
    "PATCH /braze/catalogs/{catalog_name}/fields/{field_name}": lambda sandbox: (
        sandbox.braze.mark_field("shop", "stock", is_inventory=True)
    ),
    "GET /squared/outbox": lambda sandbox: sandbox.squared.mails(),
    "PUT /squared/workspaces/{workspace_id}/members/{user_id}": lambda sandbox: (
        sandbox.squared.give_role(1, "Admin")
    ),
    "PUT /squared/connectors/{connector_id}/tables": lambda sandbox: sandbox.squared.load(1, {}),
    "GET /squared/connectors/{connector_id}/tables": lambda sandbox: sandbox.squared.tables(1),
}

_OPEN = "programs without this package call it: Docker, load balancers, TLS clients"
_FOR_READERS = "browsers and generators read it; `mockalog openapi` prints a document"

# Calls without a handle method.
WITHOUT_HANDLE = {
    **dict.fromkeys(("GET /health", "GET /ready", "GET /ca.pem"), _OPEN),
    "POST /servers/journal": "the other servers on the same database make it",
    "GET /openapi.json": _FOR_READERS,
    "GET /docs": _FOR_READERS,
    "GET /{vendor}/openapi.json": _FOR_READERS,
    "GET /{vendor}/docs": _FOR_READERS,
    "GET /assets/{name}": _FOR_READERS,
    "GET /squared/connectors/{connector_id}/tables/{stream}": "`squared.tables` returns all tables",
}

# A use of each call by the CLI. STATE stands for a state document.
COMMANDS = {
    "POST /reset": "reset",
    "GET /credentials": "credentials list",
    "POST /credentials": "credentials add braze token",
    "DELETE /credentials/{credential_id}": "credentials rm 1",
    "GET /settings": "settings",
    "PATCH /settings": "settings rate_limits=off",
    "GET /clock": "clock show",
    "PUT /clock": "clock freeze",
    "POST /clock/advance": "clock advance 1",
    "POST /clock/settle": "clock settle",
    "GET /jobs": "jobs list --limit 1 --status done --kind a.b",
    "GET /sandboxes": "sandboxes list --limit 1",
    "DELETE /sandboxes/{name:path}": "sandboxes rm gone",
    "GET /faults": "fault list",
    "POST /faults": "fault add braze create_items",
    "DELETE /faults": "fault clear",
    "DELETE /faults/{fault_id}": "fault rm 1",
    "GET /requests": "requests",
    "GET /requests/unmatched": "requests --unmatched",
    "GET /requests/har": "requests --har -",
    "DELETE /requests": "requests --clear",
    "GET /snapshots": "snapshot list",
    "PUT /snapshots/{name:path}": "snapshot save a",
    "POST /snapshots/{name:path}/restore": "snapshot load a",
    "DELETE /snapshots/{name:path}": "snapshot rm a",
    "GET /state": "state export",
    "PUT /state": "state import STATE",
    "POST /seed": "seed STATE",
}

# More commands that make control calls.
MORE_COMMANDS = {"clock run": "PUT /clock"}

# Commands that make no control call, or are about a server that need not run.
OTHER_COMMANDS = {"serve", "migrate", "health", "exec", "env", "openapi"}

# Calls without a command, besides those without a handle method.
WITHOUT_COMMAND = {
    "GET /info": "`mockalog env` prints the addresses",
    "GET /requests/count": "the shell counts the lines of `mockalog requests`",
    "GET /requests/wait": "`mockalog requests --follow` waits without an end",
}


ROUTERS = (router, *map(vendor_router_of, VENDORS))
EVERY_CALL = {f"{verb} {route.path}" for route in CALLS for verb in route.verbs}


@pytest.fixture(scope="module")
def server() -> Iterator[Mockalog]:
    """A server for handles and commands."""
    with Mockalog(auth="open") as mockalog:
        yield mockalog


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The control calls that are made during a test."""
    calls: list[str] = []
    call = ControlClient.call

    # Any: the options and the result of any call.
    def noted(client: ControlClient, method: str, path: str, **options: Any) -> Any:
        for known in ROUTERS:
            with suppress(UnknownOperationError):
                calls.append(f"{method} {known.find(method, path)[0].path}")
        return call(client, method, path, **options)

    monkeypatch.setattr(ControlClient, "call", noted)
    return calls


def test_every_call_has_a_handle_method() -> None:
    """A new call needs a method, or a reason."""
    assert not HANDLES.keys() & WITHOUT_HANDLE.keys()
    assert HANDLES.keys() | WITHOUT_HANDLE.keys() == EVERY_CALL


@pytest.mark.parametrize("call", HANDLES)
def test_the_handle_method_makes_the_call(server: Mockalog, made: list[str], call: str) -> None:
    """A refusal is an answer too, but no internal error."""
    assert _status_of(HANDLES[call], server.sandbox()) < 500
    assert call in made


def _status_of(use: Callable[[Sandbox], object], sandbox: Sandbox) -> int:
    """Return the status of a refusal; 200 without one."""
    try:
        use(sandbox)
    except RefusedError as refused:
        return refused.status
    except TimeoutError:
        return 408
    return 200


def test_every_call_has_a_command() -> None:
    """A new call needs a command, or a reason. The vendors' own calls are for Python tests."""
    own = {f"{verb} {route.path}" for route in router.operations for verb in route.verbs}

    assert not COMMANDS.keys() & WITHOUT_COMMAND.keys()
    assert COMMANDS.keys() | WITHOUT_COMMAND.keys() == own - WITHOUT_HANDLE.keys()


@pytest.mark.parametrize("line", [*COMMANDS.values(), *MORE_COMMANDS])
def test_the_command_makes_the_call(
    server: Mockalog, made: list[str], line: str, tmp_path: Path
) -> None:
    """As a shell runs it."""
    document = tmp_path / "state.json"
    document.write_text('{"mockalog": 1}')
    words = line.replace("STATE", str(document)).split()

    CliRunner().invoke(app, [*words, "--url", server.url, "--token", "token"])

    calls = {line: call for call, line in COMMANDS.items()} | MORE_COMMANDS
    assert calls[line] in made


def test_every_command_is_in_the_lists() -> None:
    """A new command is in one of the lists above."""
    tried = [line.split() for line in (*COMMANDS.values(), *MORE_COMMANDS)]

    assert {" ".join(words) for words in _commands(get_command(app))} == OTHER_COMMANDS | {
        " ".join(words[: 2 if words[0] in _groups() else 1]) for words in tried
    }


def _groups() -> set[str]:
    command: Any = get_command(app)
    return {name for name, one in command.commands.items() if hasattr(one, "commands")}


def _commands(command: Any) -> Iterator[list[str]]:
    """Yield the words of each command below a group."""
    for name, one in command.commands.items():
        if hasattr(one, "commands"):
            yield from ([name, *words] for words in _commands(one))
        else:
            yield [name]
