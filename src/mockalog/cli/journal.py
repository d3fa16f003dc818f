"""`mockalog requests`: the journal."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mockalog.cli.output import kept

if TYPE_CHECKING:
    from mockalog.testing.requests import Requests
    from mockalog.testing.steering import Steering

# Seconds that one call waits for what comes.
PATIENCE = 30


def requests(
    steering: "Steering",
    vendor: str | None = None,
    method: str | None = None,
    path: str | None = None,
    operation: str | None = None,
    status: int | None = None,
    since: Annotated[str | None, typer.Option(help="ISO 8601, with an offset.")] = None,
    limit: Annotated[int | None, typer.Option(help="The newest so many.")] = None,
    unmatched: Annotated[
        bool, typer.Option("--unmatched", help="What fits no operation, and what came nearest.")
    ] = False,
    har: Annotated[
        Path | None, typer.Option(help="Write a HAR file instead; `-` prints it.")
    ] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Empty the journal instead.")] = False,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what comes, until Ctrl-C.")
    ] = False,
) -> Any:
    """Show what was asked of the vendors, oldest first."""
    filters = {
        "vendor": vendor,
        "method": method,
        "path": path,
        "operation": operation,
        "status": status,
        "since": since,
        "limit": limit,
    }
    if follow:
        if clear or har is not None:
            raise _wrong("--follow shows what comes; --har and --clear are about what is there")
        return _follow(steering.requests, {**filters, "unmatched": unmatched or None})
    if clear:
        if unmatched or any(value is not None for value in filters.values()):
            raise _wrong("--clear empties the whole journal: it goes with no filter")
        return {"cleared": steering.requests.clear()}
    if har is not None:
        return kept(steering.requests.har(**filters), har)
    if unmatched:
        return steering.requests.unmatched(**filters)
    return steering.requests.list(**filters)


def _wrong(text: str) -> Exception:
    from mockalog.testing.errors import WrongValue

    return WrongValue(text)


def _follow(requests: "Requests", filters: Mapping[str, Any]) -> Iterator[Any]:
    """Yield what is there, then what comes, without an end; `limit` is about what is there."""
    from mockalog.kernel.http.exchange import PROCESS_SHIFT

    read = requests.unmatched if filters["unmatched"] else requests.list
    last: dict[int, int] = {}
    while True:
        for exchange in read(**filters, after=[*last.values()]):
            number = exchange["id"]
            last[number >> PROCESS_SHIFT] = max(number, last.get(number >> PROCESS_SHIFT, 0))
            yield exchange
        # One is enough to know that there is something to read.
        filters = {**filters, "limit": None}
        with suppress(TimeoutError):
            requests.wait(timeout=PATIENCE, **{**filters, "limit": 1}, after=[*last.values()])
