"""`serve`, `migrate` and `health`: the server itself."""

from typing import Annotated

import typer

from mockalog.cli.exits import FAILED, give_up, one_clear_line
from mockalog.cli.start import start
from mockalog.cli.target import Url

DatabaseUrl = Annotated[
    str | None,
    typer.Option(help="sqlite:// (memory), sqlite:////path/file.db or postgresql://…"),
]
# Read with the other settings, so that a bad flag and a bad variable are told alike.
Number = str | None
Seed = Annotated[
    list[str] | None,
    typer.Option(help="File of what new sandboxes start with, YAML or JSON; may be repeated."),
]


def install(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (serve, migrate, health):
        app.command()(command)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[
        Number, typer.Option(metavar="INTEGER", help="Main port; 0 finds a free one.")
    ] = None,
    squared_port: Annotated[
        Number, typer.Option(metavar="INTEGER", help="AI Squared's own port.")
    ] = None,
    braze_port: Annotated[Number, typer.Option(metavar="INTEGER", help="Braze's own port.")] = None,
    attraqt_port: Annotated[
        Number, typer.Option(metavar="INTEGER", help="Attraqt's own port.")
    ] = None,
    database_url: DatabaseUrl = None,
    migrate: Annotated[
        bool | None,
        typer.Option(help="Migrate at start; by default SQLite files are, PostgreSQL is not."),
    ] = None,
    auth: Annotated[
        str | None, typer.Option(help="open: any credential works; strict: registered ones.")
    ] = None,
    seed: Seed = None,
    workers: Annotated[
        Number, typer.Option(metavar="INTEGER", help="Processes that serve.")
    ] = None,
    tls: Annotated[
        bool | None,
        typer.Option("--tls", help="Serve https, with an authority made at the start."),
    ] = None,
) -> None:
    """Serve all vendors until a signal comes. Every flag is also MOCKALOG_<NAME>."""
    start(
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
        tls=tls,
    )


def migrate(database_url: DatabaseUrl = None) -> None:
    """Bring a persistent database to this version's schema."""
    with one_clear_line():
        from mockalog.kernel.database.migrations import prepare
        from mockalog.settings import load_settings

        prepare(load_settings(database_url=database_url).database_url, migrates=True)


def health(url: Url = None) -> None:
    """Exit with 0 if the server is ready, else with 1: Docker knows no other codes."""
    from mockalog.addresses import answers, local_url

    with one_clear_line():
        from mockalog.settings import load_settings

        base = url or local_url(load_settings())
    if not answers(base.rstrip("/") + "/_mockalog/ready"):
        raise give_up(f"no ready server at {base}", FAILED)
