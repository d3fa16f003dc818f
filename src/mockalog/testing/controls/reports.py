"""Reports on unmatched requests and unfired faults."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from mockalog.testing.controls.exchanges import Exchange

# The number of requests in a report: more of them rarely add information.
MAX_LISTED = 10


def unmatched_report(exchanges: Sequence[Exchange]) -> str:
    """Return the report on requests that match no operation."""
    return "\n".join(_unmatched_lines(exchanges))


def _unmatched_lines(exchanges: Sequence[Exchange]) -> Iterator[str]:
    count = len(exchanges)
    yield f"{count} {'request matches' if count == 1 else 'requests match'} no operation:"
    for exchange in exchanges[:MAX_LISTED]:
        vendor = exchange.vendor or "no vendor"
        yield f"  {vendor}: {exchange.method} {exchange.path} was answered with {exchange.status}"
        yield f"    {exchange['detail']}"
        for near in exchange["nearest"]:
            yield f"    closest: {near['operation']}, {' '.join(near['methods'])} {near['path']}"
    if count > MAX_LISTED:
        yield f"  and {count - MAX_LISTED} more"


# The values of a fault that a report shows, if they are set.
_SHOWN_OF_FAULT = ("path", "phase", "status", "error", "drop", "delay", "after", "times")


def unfired_report(faults: Sequence[Mapping[str, object]], calls: Sequence[Exchange]) -> str:
    """Return the report on faults that never applied to one of the calls."""
    return "\n".join(_unfired_lines(faults, calls))


def _unfired_lines(
    faults: Sequence[Mapping[str, object]], calls: Sequence[Exchange]
) -> Iterator[str]:
    count = len(faults)
    yield f"{count} armed {'fault' if count == 1 else 'faults'} never fired:"
    for fault in faults:
        shown = ", ".join(f"{name} {fault[name]}" for name in _SHOWN_OF_FAULT if fault[name])
        yield f"  {fault['vendor']}: {fault['operation']}, {shown}"
    called = Counter(call.operation or "no operation" for call in calls)
    yield f"  the calls: {', '.join(f'{name} ({n})' for name, n in called.items()) or 'none'}"
