"""Why a request matched no operation, and which operations are closest."""

from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches
from typing import Any, Literal
from urllib.parse import unquote

from pydantic import Field

from mockalog.control.calls.models import Out
from mockalog.control.journal.exchanges import ExchangeOut
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.fields.findings import REDACTED
from mockalog.kernel.turns import Turns
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.vendor import Vendor

# The number of operations in a response.
SHOWN = 3

# The longest path that is compared, in characters: the comparison takes quadratic time.
MAX_COMPARED = 500

Vendors = Mapping[str, Vendor]

Reason = Literal[
    "unknown_vendor", "unread", "wrong_method", "wrong_prefix", "wrong_vendor", "unknown_path"
]


class NearestOut(Out):
    """An operation with a similar path."""

    vendor: str
    operation: str
    methods: list[str]
    path: str
    similarity: float = Field(description="From 0 to 1.")


class UnmatchedOut(ExchangeOut):
    """An exchange that matches no operation, with the reason."""

    reason: Reason
    detail: str
    nearest: list[NearestOut]


async def explain(vendors: Vendors, exchange: Exchange, shown_path: str) -> dict[str, object]:
    """Return the reason, a sentence about it, and the closest operations, closest first.

    `shown_path`: the path without secrets, for the sentence. Other calls run meanwhile, because
    the comparison with all operations takes long.
    """
    reason, detail = _reason(vendors, exchange, shown_path)
    return {"reason": reason, "detail": detail, "nearest": await _nearest(vendors, exchange)}


def _reason(vendors: Vendors, exchange: Exchange, shown_path: str) -> tuple[Reason, str]:
    path = exchange.raw_path
    if exchange.vendor is None:
        return "unknown_vendor", _unknown_vendor(vendors, path, shown_path)
    vendor = vendors[exchange.vendor]
    if methods := _methods(vendor, path):
        if exchange.method.replace("HEAD", "GET") in methods:
            return "unread", "the request was refused before its path was read"
        return "wrong_method", f"this path takes {', '.join(methods)}, not {exchange.method}"
    first, _, rest = path.lstrip("/").partition("/")
    if _methods(vendor, f"/{rest}"):
        prefix = _shown_segment(first, shown_path)
        return "wrong_prefix", f"the API is at the root here: leave out /{prefix}"
    for other in vendors.values():
        if _methods(other, path):
            return (
                "wrong_vendor",
                f"this is a path of {other.name}, not of {vendor.name}",
            )
    return "unknown_path", f"{vendor.name} does not have this path"


def _unknown_vendor(vendors: Vendors, path: str, shown_path: str) -> str:
    """Return how to address the vendor that the request probably meant."""
    first = _shown_segment(path.lstrip("/").partition("/")[0], shown_path)
    for vendor in vendors.values():
        if _methods(vendor, path):
            return (
                f"{vendor.name} has this path: use its port, its host or the prefix /{vendor.name}"
            )
    if near := get_close_matches(first, list(vendors), 1):
        return f"vendor {first!r} does not exist: use {near[0]}"
    return "neither port nor host nor prefix names a vendor: see /_mockalog/info"


def _shown_segment(segment: str, shown_path: str) -> str:
    """Return a segment of a path as sent, redacted if the shown path does not have it."""
    return segment if unquote(segment) in shown_path.split("/") else REDACTED


def _methods(vendor: Vendor, path: str) -> list[str]:
    """Return the methods that a path of a vendor takes."""
    path = path.rstrip("/").removesuffix(vendor.api.suffix)
    return vendor.api.router.allowed(path)


async def _nearest(vendors: Vendors, exchange: Exchange) -> list[dict[str, Any]]:
    searched = vendors.values() if exchange.vendor is None else [vendors[exchange.vendor]]
    operations = Turns().each(_operations(searched))
    shown = [_shown(vendor, operation, exchange) async for vendor, operation in operations]
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
    """Return the similarity of an operation, from 0 to 1; the method counts for a tenth."""
    asked = exchange.raw_path.strip("/").split("/")
    segments = operation.path.strip("/").split("/")
    filled = [
        given if segment.startswith("{") else segment
        for segment, given in zip(segments, [*asked, *[""] * len(segments)], strict=False)
    ]
    first, second = "/".join(asked)[:MAX_COMPARED], "/".join(filled)[:MAX_COMPARED]
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return 0.9 * matcher.ratio() + 0.1 * (exchange.method in operation.verbs)
