"""Saying which requests went astray, and what came nearest."""

from collections.abc import Iterator, Sequence

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
