"""Which exchanges of the journal a call asks for."""

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from mockalog.control.problems import Problem
from mockalog.control.schemas.journal import FilterIn
from mockalog.kernel.clock import from_datetime
from mockalog.kernel.formats.path_patterns import matches
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.vendor.fault_rules import unknown
from mockalog.kernel.vendor.vendor import Vendor


def check(wanted: FilterIn, vendors: Mapping[str, Vendor]) -> None:
    """Refuse what no exchange can ever fit: a typo would count as none.

    The vendors of an operation are imported by now.
    """
    if wanted.vendor is not None and wanted.vendor not in vendors:
        raise Problem(400, unknown("vendor", wanted.vendor, vendors))
    if wanted.operation is None:
        return
    meant = vendors.values() if wanted.vendor is None else [vendors[wanted.vendor]]
    names = {name for vendor in meant for name in _names(vendor)}
    if wanted.operation not in names:
        whose = "operation" if wanted.vendor is None else f"{wanted.vendor} operation"
        raise Problem(400, unknown(whose, wanted.operation, names))


def fits(wanted: FilterIn, exchange: Exchange) -> bool:
    """Return whether an exchange is meant."""
    return (
        wanted.vendor in (None, exchange.vendor)
        and (wanted.method is None or wanted.method.upper() == exchange.method)
        and (wanted.path is None or _is_at(exchange, wanted.path))
        and wanted.operation in (None, exchange.operation)
        and wanted.status in (None, exchange.status)
        and (wanted.since is None or exchange.at >= from_datetime(wanted.since))
        and wanted.unmatched in (None, exchange.unmatched)
        and all(exchange.follows(number) for number in wanted.after)
    )


def _is_at(exchange: Exchange, path: str) -> bool:
    """Return whether it went to a path, exactly or by a glob.

    As it was sent, or as the vendor's API has it.
    """
    return any(matches(one, path) for one in (exchange.path, unquote(exchange.raw_path)))


def _names(vendor: Vendor) -> Iterator[str]:
    """Yield what a vendor's exchanges can be called."""
    yield from (operation.name for operation in vendor.api.router.operations)
    yield from vendor.api.before_routing.operations
