"""Which server and whose sandbox: the options that every steering command has."""

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockalog.cli.exits import one_clear_line, refusals_told
from mockalog.cli.output import busy, show

if TYPE_CHECKING:
    from mockalog.settings import Settings
    from mockalog.testing.steering import Steering

Url = Annotated[
    str | None,
    typer.Option(envvar="MOCKALOG_URL", help="The server; by default the local one."),
]
SandboxName = Annotated[str | None, typer.Option(help="Act on the sandbox of this name.")]
Token = Annotated[
    str | None, typer.Option(help="Act on the sandbox that a client's credential opens.")
]
AdminToken = Annotated[
    str | None,
    typer.Option(envvar="MOCKALOG_ADMIN_TOKEN", help="The server's admin token.", show_envvar=True),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

# How an option is sent.
_HEADERS = {
    "--sandbox": "X-Mockalog-Sandbox",
    "--token": "Authorization",
    "--admin-token": "X-Mockalog-Admin",
}


def steers(command: Callable[..., Any]) -> Callable[..., None]:
    """Give a command the options, hand it what it steers, and print what it returns."""

    def run(
        *arguments: Any,
        url: Url = None,
        sandbox: SandboxName = None,
        token: Token = None,
        admin_token: AdminToken = None,
        json: AsJson = False,
        **options: Any,
    ) -> None:
        with refusals_told(), steering(url, sandbox, token, admin_token) as target:
            with busy():
                answer = command(target, *arguments, **options)
            # While the server is reached: what comes bit by bit is asked for here.
            show(answer, as_json=json)

    own = [*inspect.signature(command).parameters.values()][1:]
    shared = [
        parameter
        for parameter in inspect.signature(run).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    named = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]
    run.__signature__ = inspect.Signature([*named, *shared])  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in (*named, *shared)}
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


@contextmanager
def steering(
    url: str | None, sandbox: str | None, token: str | None, admin_token: str | None
) -> Iterator["Steering"]:
    """Reach a server; without `sandbox` and `token` the whole of it is meant."""
    import httpx

    from mockalog.addresses import local_url
    from mockalog.testing.control import Control
    from mockalog.testing.steering import Steering
    from mockalog.testing.trust import context_of, fetch_certificate

    options = {"--sandbox": sandbox, "--token": token, "--admin-token": admin_token}
    headers = {_HEADERS[name]: value for name, value in sendable(options).items()}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    base = (url or local_url(local_settings())).rstrip("/")
    context = context_of(base, fetch_certificate(base))
    with httpx.HTTPTransport(verify=context) as transport:
        yield Steering(Control(base, transport, headers))


def sendable(options: Mapping[str, str | None]) -> dict[str, str]:
    """Return the options that are given; raises `WrongValue` for what fits into no header."""
    from mockalog.testing.errors import WrongValue

    given = {name: value for name, value in options.items() if value is not None}
    for name, value in given.items():
        if not re.fullmatch("[!-~]([ -~]*[!-~])?", value):
            raise WrongValue(
                f"{name} is sent in a header: it takes printable ASCII, and some of it"
            )
    return given


def local_settings(tls: bool | None = None) -> "Settings":
    """Return the settings of a server that was started with the same variables."""
    with one_clear_line():
        from mockalog.settings import load_settings

        return load_settings(tls=tls)
