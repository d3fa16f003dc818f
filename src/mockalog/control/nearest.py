"""Why a request meant nothing, and which operations come nearest."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.vendor import Vendor

# How many operations are shown.
SHOWN = 3

Vendors = Mapping[str, Vendor]


def explain(vendors: Vendors, exchange: Exchange) -> dict[str, Any]:
    """Return the reason, a sentence about it, and the nearest operations, the nearest first."""
    reason, detail = _reason(vendors, exchange)
    return {"reason": reason, "detail": detail, "nearest": _nearest(vendors, exchange)}


def _reason(vendors: Vendors, exchange: Exchange) -> tuple[str, str]:
    path = exchange.raw_path
    if exchange.vendor is None:
        return "unknown_vendor", _which_vendor(vendors, path)
    vendor = vendors[exchange.vendor]
    if methods := _methods(vendor, path):
        if exchange.method.replace("HEAD", "GET") in methods:
            return "unread", "the request was refused before its path was looked at"
        return "wrong_method", f"this path takes {', '.join(methods)}, not {exchange.method}"
    first, _, rest = path.lstrip("/").partition("/")
    if _methods(vendor, f"/{rest}"):
        return "wrong_prefix", f"without /{first} the path is one: the API stands at the root here"
    for other in vendors.values():
        if _methods(other, path):
            return "wrong_vendor", f"this is a path of {other.name}, and {vendor.name} was asked"
    return "unknown_path", f"{vendor.name} has no such path"


def _which_vendor(vendors: Vendors, path: str) -> str:
    """Say how the vendor would have been meant."""
    first = path.lstrip("/").partition("/")[0]
    for vendor in vendors.values():
        if _methods(vendor, path):
            return (
                f"{vendor.name} has this path: use its port, its host or the prefix /{vendor.name}"
            )
    if near := get_close_matches(first, list(vendors), 1):
        return f"no vendor is called {first}; there is {near[0]}"
    return "neither port nor host nor prefix names a vendor"


def _methods(vendor: Vendor, path: str) -> list[str]:
    """Return the methods that a path of a vendor takes."""
    path = path.rstrip("/").removesuffix(vendor.api.suffix)
    return vendor.api.router.allowed(path)


def _nearest(vendors: Vendors, exchange: Exchange) -> list[dict[str, Any]]:
    asked = vendors.values() if exchange.vendor is None else [vendors[exchange.vendor]]
    shown = [_shown(vendor, operation, exchange) for vendor, operation in _operations(asked)]
    return sorted(shown, key=lambda one: -one["similarity"])[:SHOWN]


def _operations(vendors: Iterable[Vendor]) -> list[tuple[Vendor, Route]]:
    return [(vendor, operation) for vendor in vendors for operation in vendor.api.router.operations]


def _shown(vendor: Vendor, operation: Route, exchange: Exchange) -> dict[str, Any]:
    return {
        "vendor": vendor.name,
        "operation": operation.name,
        "methods": list(operation.verbs),
        "path": operation.path,
        "similarity": round(_similarity(operation, exchange), 3),
    }


def _similarity(operation: Route, exchange: Exchange) -> float:
    """Return how near an operation is, from 0 to 1; the method counts for a tenth."""
    asked = exchange.raw_path.strip("/").split("/")
    segments = operation.path.strip("/").split("/")
    filled = [
        given if segment.startswith("{") else segment
        for segment, given in zip(segments, [*asked, *[""] * len(segments)], strict=False)
    ]
    matcher = SequenceMatcher(None, "/".join(asked)[:500], "/".join(filled)[:500], autojunk=False)
    return 0.9 * matcher.ratio() + 0.1 * (exchange.method in operation.verbs)
