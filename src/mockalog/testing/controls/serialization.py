"""JSON bodies of control calls, with Python's dates and times in them."""

import json
import reprlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from mockalog.testing.controls.errors import InvalidValueError

# A JSON object of a response. Its values are of the server's or of the vendor's own types.
JsonObject = dict[str, Any]

# Deeper than every real body. A value that contains itself has no end.
MAX_DEPTH = 100

_Path = tuple[str | int, ...]


def body_of(value: object) -> bytes:
    """Return a value as JSON; raises `InvalidValueError`, which names the part that does not fit.

    An instant becomes ISO 8601 (see `iso`), a `timedelta` its seconds.
    """
    try:
        return _encoded(value)
    except (TypeError, ValueError, RecursionError):
        path, part = _invalid_part(value, ())
    raise InvalidValueError(_explanation(path, part))


def iso(at: date) -> str:
    """Return ISO 8601. A time without an offset is UTC, as the vendors' are; a day is its start."""
    moment = at if isinstance(at, datetime) else datetime(at.year, at.month, at.day)  # noqa: DTZ001
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


def _encoded(value: object) -> bytes:
    return json.dumps(value, default=_plain, ensure_ascii=False, allow_nan=False).encode()


def _plain(value: object) -> object:
    if isinstance(value, date):
        return iso(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError


def _explanation(path: _Path, part: object) -> str:
    # Imported here because the CLI imports this module at its start.
    from mockalog.kernel.documents.errors import shown

    reason = "a key is not a string" if isinstance(part, Mapping) else "it cannot be sent as JSON"
    where = f"{shown(path)}: " if path else ""
    return f"{where}{reason}: {reprlib.repr(part)}"


def _invalid_part(value: object, path: _Path) -> tuple[_Path, object]:
    """Return the first innermost part that cannot be sent, and its path."""
    for step, child in _children(value):
        if len(path) < MAX_DEPTH and not _is_valid(child):
            return _invalid_part(child, (*path, step))
    return path, value


def _children(value: object) -> Iterator[tuple[str | int, object]]:
    if isinstance(value, Mapping):
        yield from ((str(key), child) for key, child in value.items())
    elif isinstance(value, list | tuple):
        yield from enumerate(value)


def _is_valid(value: object) -> bool:
    try:
        _encoded(value)
    except (TypeError, ValueError, RecursionError):
        return False
    return True
