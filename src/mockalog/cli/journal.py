"""`mockalog requests`: the journal."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from mockalog.testing.steering import Steering


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
    har: Annotated[Path | None, typer.Option(help="Write a HAR file instead.")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Empty the journal instead.")] = False,
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
    if clear:
        return {"cleared": steering.requests.clear()}
    if har is not None:
        return _write(har, steering.requests.har(**filters))
    if unmatched:
        return steering.requests.unmatched(**filters)
    return steering.requests.list(**filters)


def _write(file: Path, document: Any) -> None:
    file.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
