"""`exec` and `env`: the environment variables by which programs find the emulator."""

import inspect
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from mockalog.cli.commands.server import option_of, without_empty
from mockalog.cli.shell.connection import (
    AdminToken,
    AsJson,
    Token,
    Url,
    header_values,
    local_settings,
)
from mockalog.cli.shell.errors import BAD_USAGE, control_errors, exit_with, start_errors
from mockalog.cli.shell.output import show
from mockalog.cli.shell.signatures import with_signature
from mockalog.cli.shell.target import token_of
from mockalog.settings import FLAGS

if TYPE_CHECKING:
    from mockalog.testing import Mockalog, Sandbox

Command = Annotated[list[str], typer.Argument(metavar="-- CMD …", help="The program to run.")]

# The flags of `serve` that `exec` takes too.
EXEC_FLAGS = ("database_url", "auth", "seed", "tls")


def install(app: typer.Typer) -> None:
    """Add the commands."""
    command = inspect.Parameter("command", inspect.Parameter.KEYWORD_ONLY, annotation=Command)
    options = [option_of(FLAGS[name]) for name in EXEC_FLAGS]
    run = with_signature(execute, [command, *options])
    app.command("exec", context_settings={"ignore_unknown_options": True})(run)
    app.command()(env)


def execute(command: list[str], **flags: object) -> None:
    """Start on free ports, run CMD with the variables of `env`, stop, exit with CMD's code."""
    from mockalog.testing.controls.errors import MockalogError
    from mockalog.testing.mockalog import Mockalog

    # An emulator with settings never attaches to MOCKALOG_URL.
    settings: dict[str, Any] = {"host": "127.0.0.1", **without_empty(flags)}
    mockalog = Mockalog(**settings)
    try:
        mockalog.start()
    except MockalogError as problem:
        raise exit_with(str(problem), BAD_USAGE) from None
    raise typer.Exit(_run_under(mockalog, command))


def _run_under(mockalog: "Mockalog", command: list[str]) -> int:
    """Run a program with the variables of an emulator; stop the emulator, return the exit code."""
    from tempfile import TemporaryDirectory

    from mockalog.cli.shell.subprocess_runner import run
    from mockalog.testing.handles.variables import variables_of

    with TemporaryDirectory(prefix="mockalog-") as folder:
        variables = variables_of(mockalog.sandbox())
        variables |= certificate_files(mockalog.ca_certificate, Path(folder))
        try:
            return run(command, {**os.environ, **variables})
        finally:
            mockalog.stop()


def env(
    vendor: Annotated[
        Literal["squared", "braze", "attraqt"] | None,
        typer.Argument(help="Only this vendor's variables."),
    ] = None,
    url: Url = None,
    token: Token = None,
    admin_token: AdminToken = None,
    tls: Annotated[bool | None, typer.Option("--tls", help=FLAGS["tls"].help)] = None,
    json: AsJson = False,
) -> None:
    """Print the variables by which clients find the emulator: eval "$(mockalog env)".

    Without a token they are of a new sandbox.
    """
    from mockalog.testing.handles.variables import variables_of

    with control_errors(), start_errors():
        sandbox, certificate = _connect(url, token_of(token), admin_token, tls)
    variables = variables_of(sandbox, vendor)
    folder = Path(typer.get_app_dir("mockalog"))
    variables |= certificate_files(certificate, folder)
    lines = "\n".join(f"export {name}={shlex.quote(text)}" for name, text in variables.items())
    show(variables if json else lines, as_json=json)


def _connect(
    url: str | None, token: str | None, admin_token: str | None, tls: bool | None
) -> "tuple[Sandbox, str | None]":
    """Return a sandbox of the server and the server's certificate authority (PEM).

    The local server need not run yet: then its addresses are those of the settings.
    """
    import httpx

    from mockalog.addresses import urls_of
    from mockalog.testing.controls.errors import UnreachableError
    from mockalog.testing.emulators.tls import context_of
    from mockalog.testing.handles.sandbox import Sandbox
    from mockalog.testing.mockalog import Mockalog

    header_values({"--token": token, "--admin-token": admin_token})
    settings = local_settings(tls=tls)
    urls = urls_of(settings)
    mockalog = Mockalog(url or urls["mockalog"], admin_token=admin_token)
    try:
        with mockalog:
            return mockalog.sandbox(token), mockalog.ca_certificate
    except UnreachableError:
        if url is not None or settings.tls:
            raise
    transport = httpx.HTTPTransport(verify=context_of(urls["mockalog"], None))
    return Sandbox(urls, transport, {}, token), None


def certificate_files(certificate: str | None, folder: Path) -> dict[str, str]:
    """Write a certificate authority into a folder; return the variables that make clients trust it.

    Without an authority (None) there are no variables.
    """
    from mockalog.testing.emulators.tls import write_certificates
    from mockalog.testing.handles.variables import certificate_variables

    if certificate is None:
        return {}
    folder.mkdir(parents=True, exist_ok=True)
    return certificate_variables(write_certificates(folder, certificate))
