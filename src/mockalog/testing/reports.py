"""Reports on what a test should not have left behind."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mockalog.testing.requests import Exchange

# So many are told; a loop that goes astray goes astray in one way.
TOLD = 10


def describe(exchanges: Sequence[Exchange]) -> str:
    """Return the report on requests that fit no operation."""
    return "\n".join(_lines(exchanges))


def _lines(exchanges: Sequence[Exchange]) -> Iterator[str]:
    count = len(exchanges)
    yield f"{count} {'request fits' if count == 1 else 'requests fit'} no operation:"
    for exchange in exchanges[:TOLD]:
        vendor = exchange.vendor or "no vendor"
        yield f"  {vendor}: {exchange.method} {exchange.path} was answered with {exchange.status}"
        yield f"    {exchange['detail']}"
        for near in exchange["nearest"]:
            yield f"    near: {near['operation']}, {' '.join(near['methods'])} {near['path']}"
    if count > TOLD:
        yield f"  and {count - TOLD} more"


# What a fault was armed with, as far as it says something.
_TOLD_OF_FAULT = ("path", "phase", "status", "error", "drop", "delay", "after", "times")


def describe_idle(faults: Sequence[Mapping[str, Any]], exchanges: Sequence[Exchange]) -> str:
    """Return the report on faults that never struck."""
    return "\n".join(_idle(faults, exchanges))


def _idle(faults: Sequence[Mapping[str, Any]], exchanges: Sequence[Exchange]) -> Iterator[str]:
    count = len(faults)
    yield f"{count} armed {'fault' if count == 1 else 'faults'} never struck:"
    for fault in faults:
        said = ", ".join(f"{name} {fault[name]}" for name in _TOLD_OF_FAULT if fault[name])
        yield f"  {fault['vendor']}: {fault['operation']}, {said}"
    called = Counter(exchange.operation or "nothing there is" for exchange in exchanges)
    yield f"  called was {', '.join(f'{name} ({n})' for name, n in called.items()) or 'nothing'}"
