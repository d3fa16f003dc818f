"""`exec` and `env`: the variables under which a program finds the emulator."""

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from mockalog.cli.exits import BAD_USAGE, give_up, one_clear_line, refusals_told
from mockalog.cli.output import show
from mockalog.cli.serving import DatabaseUrl, Seed
from mockalog.cli.target import AdminToken, AsJson, Token, Url, local_settings, sendable

if TYPE_CHECKING:
    from mockalog.testing import Sandbox

Tls = Annotated[bool | None, typer.Option("--tls", help="Serve https, as `serve --tls` does.")]


def install(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("exec", context_settings={"ignore_unknown_options": True})(execute)
    app.command()(env)


def execute(
    command: Annotated[list[str], typer.Argument(metavar="-- CMD …", help="What to run.")],
    database_url: DatabaseUrl = None,
    auth: Annotated[str | None, typer.Option(help="open or strict.")] = None,
    seed: Seed = None,
    tls: Tls = None,
) -> None:
    """Start on free ports, run CMD with the variables of `env`, stop, exit with CMD's code."""
    from tempfile import TemporaryDirectory

    from mockalog.cli.child import run
    from mockalog.testing.errors import MockalogError
    from mockalog.testing.mockalog import Mockalog
    from mockalog.testing.variables import variables_of

    settings: dict[str, Any] = {
        "host": "127.0.0.1",
        "database_url": database_url,
        "auth": auth,
        "seed": seed or None,
        "tls": tls,
    }
    mockalog = Mockalog(**settings)
    try:
        mockalog.start()
    except MockalogError as problem:
        raise give_up(str(problem), BAD_USAGE) from None
    with TemporaryDirectory(prefix="mockalog-") as folder:
        variables = variables_of(mockalog.sandbox())
        variables |= trusted(mockalog.ca_certificate, Path(folder))
        try:
            code = run(command, {**os.environ, **variables})
        finally:
            mockalog.stop()
    raise typer.Exit(code)


def env(
    vendor: Annotated[
        Literal["squared", "braze", "attraqt"] | None, typer.Argument(help="Only this one's.")
    ] = None,
    url: Url = None,
    token: Token = None,
    admin_token: AdminToken = None,
    tls: Tls = None,
    json: AsJson = False,
) -> None:
    """Print the variables under which clients find the emulator: eval "$(mockalog env)"."""
    from mockalog.testing.variables import variables_of

    with refusals_told(), one_clear_line():
        sandbox, certificate = _reach(url, token, admin_token, tls)
    variables = variables_of(sandbox, vendor)
    folder = Path(typer.get_app_dir("mockalog"))
    variables |= trusted(certificate, folder)
    lines = "\n".join(f"export {name}={shlex.quote(text)}" for name, text in variables.items())
    show(variables if json else lines, as_json=json)


def _reach(
    url: str | None, token: str | None, admin_token: str | None, tls: bool | None
) -> "tuple[Sandbox, str | None]":
    """Return a sandbox of the server; of a local one that does not run yet, where it will be."""
    import httpx

    from mockalog.addresses import urls_of
    from mockalog.testing.errors import Unreachable
    from mockalog.testing.mockalog import Mockalog
    from mockalog.testing.sandbox import Sandbox
    from mockalog.testing.trust import context_of

    sendable({"--token": token, "--admin-token": admin_token})
    settings = local_settings(tls=tls)
    urls = urls_of(settings)
    mockalog = Mockalog(url or urls["mockalog"], admin_token=admin_token)
    try:
        with mockalog:
            return mockalog.sandbox(token), mockalog.ca_certificate
    except Unreachable:
        if url is not None or settings.tls:
            raise
    transport = httpx.HTTPTransport(verify=context_of(urls["mockalog"], None))
    return Sandbox(urls, transport, {}, token), None


def trusted(certificate: str | None, folder: Path) -> dict[str, str]:
    """Write an authority into a folder and return the variables that make clients trust it."""
    from mockalog.testing.trust import write_certificates
    from mockalog.testing.variables import certificate_variables

    if certificate is None:
        return {}
    folder.mkdir(parents=True, exist_ok=True)
    return certificate_variables(write_certificates(folder, certificate))
