"""`serve`, `migrate` and `health`: the server itself."""

import inspect
from collections.abc import Mapping
from typing import Annotated

import typer

from mockalog.cli.shell.connection import Url
from mockalog.cli.shell.errors import FAILED, exit_with, start_errors
from mockalog.cli.shell.signatures import with_signature
from mockalog.cli.shell.start import start
from mockalog.settings import FLAGS, Flag


def option_of(flag: Flag) -> inspect.Parameter:
    """Return the option of a flag of `serve`.

    Its value is a text: the settings validate it, as they validate variables.
    """
    names = [f"--{flag.names[0]}"] if flag.names[1:] == () else [f"--{'/--'.join(flag.names)}"]
    kind = bool if flag.is_switch else list[str] if flag.repeats else str
    metavar = "INTEGER" if flag.type is int else None
    option = typer.Option(*names, metavar=metavar, help=flag.help)
    return inspect.Parameter(
        flag.setting,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind | None, option],
    )


def without_empty(flags: Mapping[str, object]) -> dict[str, object]:
    """Return the flags with None for an empty list, which some versions of Typer give."""
    return {name: None if value == [] else value for name, value in flags.items()}


DatabaseUrl = Annotated[str | None, typer.Option(help=FLAGS["database_url"].help)]


def install(app: typer.Typer) -> None:
    """Add the commands."""
    options = [option_of(flag) for flag in FLAGS.values()]
    app.command()(with_signature(serve, options))
    app.command()(migrate)
    app.command()(health)


def serve(**flags: object) -> None:
    """Serve all vendors until a signal comes. Every flag is also MOCKALOG_<NAME>."""
    start(**without_empty(flags))


def migrate(
    database_url: DatabaseUrl = None,
    citus_sql: Annotated[
        bool, typer.Option("--citus-sql", help="Only print the statements that spread it.")
    ] = False,
) -> None:
    """Migrate a persistent database to this version's schema."""
    if citus_sql:
        _print_citus_statements()
        return
    with start_errors():
        from mockalog.kernel.database.migrations import prepare
        from mockalog.settings import load_settings

        prepare(load_settings(database_url=database_url).database_url, migrates=True)


def _print_citus_statements() -> None:
    from mockalog.kernel.database.citus import citus_statements
    from mockalog.schema import metadata

    for statement in citus_statements(metadata):
        typer.echo(statement)


def health(url: Url = None) -> None:
    """Exit with 0 if the server is ready, otherwise with 1: Docker knows no other codes."""
    from mockalog.addresses import is_answered, local_url

    with start_errors():
        from mockalog.settings import load_settings

        base = url or local_url(load_settings())
    if not is_answered(base.rstrip("/") + "/_mockalog/ready"):
        raise exit_with(f"no ready server at {base}", FAILED)
