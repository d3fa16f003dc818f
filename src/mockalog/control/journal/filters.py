"""The filters of the journal."""

from collections.abc import Iterator, Mapping
from typing import Annotated
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, Field

from mockalog.control.calls.problems import ProblemError
from mockalog.kernel.clock import from_datetime
from mockalog.kernel.formats import path_patterns
from mockalog.kernel.formats.timestamps import Timestamp
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.vendor.fault_rules import unknown
from mockalog.kernel.vendor.vendor import Vendor


class FilterIn(BaseModel):
    """The exchanges to show: all given filters must match; `limit` keeps the newest."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    vendor: str | None = None
    method: str | None = None
    path: str | None = Field(None, description="Exactly, or as a glob: `/catalogs/*`.")
    operation: str | None = None
    status: int | None = None
    since: Timestamp | None = None
    limit: Annotated[int | None, Field(ge=1)] = None
    unmatched: bool | None = Field(None, description="Whether the request matched no operation.")
    after: list[int] = Field(
        [],
        description="Leaves out exchanges up to an id. With several worker processes, repeat it "
        "with the last id that the caller has seen of each.",
    )


def check(wanted: FilterIn, vendors: Mapping[str, Vendor]) -> None:
    """Refuse a vendor or an operation that does not exist: otherwise a typo would count as none.

    The vendors of an operation must be imported. Raises `ProblemError`.
    """
    if wanted.vendor is not None and wanted.vendor not in vendors:
        raise ProblemError(400, unknown("vendor", wanted.vendor, vendors))
    if wanted.operation is None:
        return
    searched = vendors.values() if wanted.vendor is None else [vendors[wanted.vendor]]
    names = {name for vendor in searched for name in _names(vendor)}
    if wanted.operation not in names:
        whose = "operation" if wanted.vendor is None else f"{wanted.vendor} operation"
        raise ProblemError(400, unknown(whose, wanted.operation, names))


def matches(wanted: FilterIn, exchange: Exchange) -> bool:
    """Return whether an exchange matches all filters."""
    return (
        wanted.vendor in (None, exchange.vendor)
        and (wanted.method is None or wanted.method.upper() == exchange.method)
        and (wanted.path is None or _matches_path(exchange, wanted.path))
        and wanted.operation in (None, exchange.operation)
        and wanted.status in (None, exchange.status)
        and (wanted.since is None or exchange.at >= from_datetime(wanted.since))
        and wanted.unmatched in (None, exchange.unmatched)
        and all(exchange.follows(number) for number in wanted.after)
    )


def _matches_path(exchange: Exchange, path: str) -> bool:
    """Return whether a path or glob matches the path as sent, or as the vendor's API has it."""
    return any(
        path_patterns.matches(one, path) for one in (exchange.path, unquote(exchange.raw_path))
    )


def _names(vendor: Vendor) -> Iterator[str]:
    """Yield the operation names that the journal has for a vendor."""
    yield from (operation.name for operation in vendor.api.router.operations)
    yield from vendor.api.before_routing.operations
