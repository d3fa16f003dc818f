"""What a test hands over, as it is sent: JSON, and Python's dates and times within it."""

import json
import reprlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mockalog.kernel.documents.errors import Path, shown
from mockalog.testing.errors import WrongValue

# Deeper than anything that is sent; what holds itself has no end.
MAX_DEPTH = 100


def body_of(value: Any) -> bytes:
    """Return a value as JSON; raises `WrongValue`, which names the part that cannot be sent.

    An instant becomes ISO 8601 (see `iso`), a `timedelta` its seconds.
    """
    try:
        return _encoded(value)
    except (TypeError, ValueError, RecursionError):
        path, culprit = _culprit(value, ())
    what = "a key is no text" if isinstance(culprit, Mapping) else "it cannot be sent as JSON"
    where = f"{shown(path)}: " if path else ""
    raise WrongValue(f"{where}{what}: {reprlib.repr(culprit)}")


def iso(at: date) -> str:
    """Return ISO 8601; a time without an offset is UTC, as the vendors' are, a day its start."""
    moment = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day)  # noqa: DTZ001
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _encoded(value: Any) -> bytes:
    return json.dumps(value, default=_plain, ensure_ascii=False, allow_nan=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return iso(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError


def _culprit(value: Any, path: Path) -> tuple[Path, Any]:
    """Return the first innermost part that cannot be sent, and where it is."""
    for part, child in _parts(value):
        if len(path) < MAX_DEPTH and not _is_sendable(child):
            return _culprit(child, (*path, part))
    return path, value


def _parts(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, Mapping):
        yield from ((str(key), child) for key, child in value.items())
    elif isinstance(value, list | tuple):
        yield from enumerate(value)


def _is_sendable(value: Any) -> bool:
    try:
        _encoded(value)
    except (TypeError, ValueError, RecursionError):
        return False
    return True
