"""The server and the sandbox of a command: the options that every control command has."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from mockalog.cli.shell.errors import control_errors, start_errors
from mockalog.cli.shell.output import progress_bar, show, tell
from mockalog.cli.shell.signatures import parameters_of, with_signature
from mockalog.cli.shell.target import Target, target_of

if TYPE_CHECKING:
    from mockalog.settings import Settings
    from mockalog.testing.controls.controls import Controls

Url = Annotated[
    str | None,
    typer.Option(envvar="MOCKALOG_URL", help="The server; by default the local one."),
]
SandboxName = Annotated[str | None, typer.Option(help="Act on the sandbox of this name.")]
Token = Annotated[
    str | None,
    typer.Option(help="The credential that opens the sandbox; by default MOCKALOG_TOKEN."),
]
WholeServer = Annotated[
    bool, typer.Option("--all", help="Act on the whole server, not on one sandbox.")
]
AdminToken = Annotated[
    str | None,
    typer.Option(envvar="MOCKALOG_ADMIN_TOKEN", help="The server's admin token.", show_envvar=True),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

# The header of each option.
_HEADERS = {
    "--sandbox": "X-Mockalog-Sandbox",
    "--token": "Authorization",
    "--admin-token": "X-Mockalog-Admin",
}


def control_command(command: Callable[..., object]) -> Callable[..., None]:
    """Return a command that calls the function with the controls, and prints its result.

    The function takes the controls first. The command has its other parameters, and the options
    for server and sandbox.
    """
    _, *own = inspect.signature(command).parameters.values()
    return _connected(command, own)


def method_command(attribute: str, method: Callable[..., object]) -> Callable[..., None]:
    """Return a command that calls a method of one of the controls, such as `controls.faults`."""

    def command(controls: "Controls", **options: object) -> object:
        return method(getattr(controls, attribute), **options)

    command.__name__ = method.__name__
    command.__doc__ = (method.__doc__ or "").partition("\n\n")[0]
    return _connected(command, parameters_of(method))


def _connected(
    command: Callable[..., object], own: Sequence[inspect.Parameter]
) -> Callable[..., None]:
    def run(
        url: Url = None,
        sandbox: SandboxName = None,
        token: Token = None,
        whole_server: WholeServer = False,
        admin_token: AdminToken = None,
        json: AsJson = False,
        **options: object,
    ) -> None:
        with control_errors():
            target = target_of(sandbox, token, whole_server=whole_server)
            with connect(url, target, admin_token) as controls:
                with progress_bar():
                    response = command(controls, **options)
                if target.description:
                    tell(f"acting on {target.description}")
                # Inside the block, because an iterator makes calls.
                show(response, as_json=json)

    *shared, _ = inspect.signature(run).parameters.values()
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return with_signature(run, [*own, *shared])


@contextmanager
def connect(url: str | None, target: Target, admin_token: str | None) -> Iterator["Controls"]:
    """Connect to a server; the controls act on the target."""
    from mockalog.addresses import local_url
    from mockalog.testing.controls.client import ControlClient
    from mockalog.testing.controls.controls import Controls
    from mockalog.testing.emulators.direct import DirectTransport
    from mockalog.testing.emulators.tls import context_of, fetch_certificate

    token = target.token
    options = {"--sandbox": target.sandbox, "--token": token, "--admin-token": admin_token}
    headers = {_HEADERS[name]: value for name, value in header_values(options).items()}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    base = (url or local_url(local_settings())).rstrip("/")
    context = context_of(base, fetch_certificate(base))
    with DirectTransport(context) as transport:
        yield Controls(ControlClient(base, transport, headers))


def header_values(options: Mapping[str, str | None]) -> dict[str, str]:
    """Return the given options; raises `InvalidValueError` for a value that no header can hold."""
    from mockalog.testing.controls.errors import InvalidValueError

    given = {name: value for name, value in options.items() if value is not None}
    for name, value in given.items():
        if not re.fullmatch("[!-~]([ -~]*[!-~])?", value):
            # The text does not show the value: it may be a secret.
            raise InvalidValueError(f"{name} is sent in a header: it must be printable ASCII")
    return given


def local_settings(tls: bool | None = None) -> "Settings":
    """Return the settings of a local server that was started with the same environment."""
    with start_errors():
        from mockalog.settings import load_settings

        return load_settings(tls=tls)
