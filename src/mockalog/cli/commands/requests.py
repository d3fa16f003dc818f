"""`mockalog requests`: the journal."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mockalog.cli.shell.connection import control_command
from mockalog.cli.shell.output import written

if TYPE_CHECKING:
    from mockalog.testing.controls.controls import Controls
    from mockalog.testing.controls.exchanges import Exchange
    from mockalog.testing.controls.requests import Filters, Requests

# Seconds that one call of `--follow` waits for new exchanges.
WAIT_SECONDS = 30


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(control_command(requests))


def requests(
    controls: "Controls",
    vendor: str | None = None,
    method: str | None = None,
    path: str | None = None,
    operation: str | None = None,
    status: int | None = None,
    since: Annotated[str | None, typer.Option(help="ISO 8601, with an offset.")] = None,
    limit: Annotated[int | None, typer.Option(help="Only the newest so many.")] = None,
    unmatched: Annotated[
        bool,
        typer.Option(
            "--unmatched", help="Requests that match no operation, with the closest operations."
        ),
    ] = False,
    har: Annotated[
        Path | None, typer.Option(help="Write a HAR file instead; `-` prints it.")
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Clear the journal instead.")] = False,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with new requests, until Ctrl-C.")
    ] = False,
) -> object:
    """Show the requests of the vendors' clients, oldest first."""
    filters: Filters = {
        "vendor": vendor,
        "method": method,
        "path": path,
        "operation": operation,
        "status": status,
        "since": since,
        "limit": limit,
    }
    _check(filters, unmatched=unmatched, har=har, clear=clear, follow=follow)
    if follow:
        return _follow(controls.requests, filters, unmatched=unmatched)
    if clear:
        return {"cleared": controls.requests.clear()}
    if har is not None:
        return written(controls.requests.har(**filters), har)
    return _read(controls.requests, filters, unmatched=unmatched)


def _check(
    filters: "Filters", *, unmatched: bool, har: Path | None, clear: bool, follow: bool
) -> None:
    """Raise `InvalidValueError` for options that exclude each other."""
    from mockalog.testing.controls.errors import InvalidValueError

    if follow and (clear or har is not None):
        raise InvalidValueError("--follow goes neither with --har nor with --clear")
    if clear and (unmatched or any(value is not None for value in filters.values())):
        raise InvalidValueError("--clear clears the whole journal: remove the filters")


def _read(requests: "Requests", filters: "Filters", *, unmatched: bool) -> "list[Exchange]":
    return requests.unmatched(**filters) if unmatched else requests.list(**filters)


def _follow(requests: "Requests", filters: "Filters", *, unmatched: bool) -> "Iterator[Exchange]":
    """Yield present exchanges, then new ones without an end; `limit` is for the present ones."""
    from mockalog.kernel.http.exchange import PROCESS_SHIFT

    last: dict[int, int] = {}  # the last id of each worker process
    while True:
        for exchange in _read(
            requests, {**filters, "after": [*last.values()]}, unmatched=unmatched
        ):
            number = exchange["id"]
            last[number >> PROCESS_SHIFT] = max(number, last.get(number >> PROCESS_SHIFT, 0))
            yield exchange
        # One exchange is enough to know that there are new ones.
        filters = {**filters, "limit": None}
        awaited: Filters = {**filters, "limit": 1, "after": [*last.values()]}
        if unmatched:
            awaited["unmatched"] = True
        with suppress(TimeoutError):
            requests.wait(timeout=WAIT_SECONDS, **awaited)
