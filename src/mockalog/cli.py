"""The commands. Each is thin: it reads its flags and hands on.

What a command needs is imported in it, so that `mockalog health` starts in a blink.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from mockalog.kernel.database import DatabaseProblem
from mockalog.kernel.documents import InvalidDocument
from mockalog.settings import Settings, SettingsProblem, load_settings

app = typer.Typer(
    name="mockalog",
    help="A local stand-in for the AI Squared, Braze and Attraqt catalog APIs.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
)

# What the shell gets when the start itself is at fault: a flag, a port, a database.
BAD_START = 2

DatabaseUrl = Annotated[
    str | None,
    typer.Option(help="sqlite:// (memory), sqlite:////path/file.db or postgresql://…"),
]


class BadStart(Exception):  # noqa: N818 - named like its text
    """A start that cannot succeed; the text is the one line that is shown."""


@contextmanager
def one_clear_line() -> Iterator[None]:
    """Turn what the user can mend into one line on stderr and exit code 2."""
    try:
        yield
    except (BadStart, DatabaseProblem, InvalidDocument, SettingsProblem) as problem:
        print(f"mockalog: {problem}", file=sys.stderr)
        raise typer.Exit(BAD_START) from None


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Main port; 0 finds a free one.")] = None,
    squared_port: Annotated[int | None, typer.Option(help="AI Squared's own port.")] = None,
    braze_port: Annotated[int | None, typer.Option(help="Braze's own port.")] = None,
    attraqt_port: Annotated[int | None, typer.Option(help="Attraqt's own port.")] = None,
    database_url: DatabaseUrl = None,
    migrate: Annotated[
        bool | None,
        typer.Option(help="Migrate at start; by default SQLite files are, PostgreSQL is not."),
    ] = None,
    auth: Annotated[
        str | None, typer.Option(help="open: any credential works; strict: registered ones.")
    ] = None,
    seed: Annotated[
        list[str] | None,
        typer.Option(help="File of what new sandboxes start with, YAML or JSON; may be repeated."),
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that serve.")] = None,
) -> None:
    """Serve all vendors until a signal comes. Every flag is also MOCKALOG_<NAME>."""
    with one_clear_line():
        settings = load_settings(
            host=host,
            port=port,
            squared_port=squared_port,
            braze_port=braze_port,
            attraqt_port=attraqt_port,
            database_url=database_url,
            migrate=migrate,
            auth=auth,
            seed=seed or None,
            workers=workers,
        )
        from mockalog.server import serve as run

        run(settings)


@app.command()
def migrate(database_url: DatabaseUrl = None) -> None:
    """Bring a persistent database to this version's schema."""
    with one_clear_line():
        settings = load_settings(database_url=database_url)
        from mockalog.kernel.migration import prepare

        prepare(settings.database_url, migrates=True)


@app.command()
def health(
    url: Annotated[str | None, typer.Option(help="The server; by default the local one.")] = None,
) -> None:
    """Exit with 0 if the server is ready, else with 1."""
    with one_clear_line():
        base = url or local_url(load_settings())
    if not answers(base.rstrip("/") + "/_mockalog/ready"):
        print(f"mockalog: no ready server at {base}", file=sys.stderr)
        raise typer.Exit(1)


def local_url(settings: Settings) -> str:
    """Return where a server of these settings is reached from this machine."""
    return f"http://{reachable(settings.host)}:{settings.port}"


def reachable(host: str) -> str:
    """Return a host that a client can call for one that a server listens on."""
    named = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    return f"[{named}]" if ":" in named and not named.startswith("[") else named


def answers(url: str) -> bool:
    """Return whether a GET is answered with success; proxies are not asked."""
    from urllib.request import ProxyHandler, build_opener

    try:
        with build_opener(ProxyHandler({})).open(url, timeout=5) as response:
            return bool(response.status == 200)
    except (OSError, ValueError):  # nobody there, an error status, not a URL
        return False


def main() -> None:
    """Run the command line."""
    app()
