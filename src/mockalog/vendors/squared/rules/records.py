"""Which rows of a model a run sends.

Sources: docs/vendors/squared.md#114-runs-and-records and
docs/vendors/squared.md#115-state-machines; for the cursor, the open-source server: rows from the
last value on, in its order, so that the rows that have just this value are read again and skipped
as unchanged.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.squared.errors import SourceFailed
from mockalog.vendors.squared.rules.runs import INSERT, UPDATE

Row = Mapping[str, Any]


class Known(NamedTuple):
    """What a sync remembers of a row it sent; no fingerprint: it has to be sent again."""

    record_id: int
    fingerprint: str | None


class Change(NamedTuple):
    """A row to send; `document` is its JSON text, `record_id` None if it is new to the sync."""

    record_id: int | None
    digest: str
    fingerprint: str
    document: str
    action: str


def from_cursor(rows: Sequence[Row], field: str, current: str | None) -> list[Row]:
    """Return the rows whose cursor is not before the current one, in its order.

    Raises `SourceFailed` if the rows have no such column.
    """
    if rows and field not in rows[0]:
        raise SourceFailed(f'ERROR:  column "{field}" does not exist')
    if current is not None:
        first = _sortable(current)
        rows = [row for row in rows if row[field] is not None and _sortable(row[field]) >= first]
    return sorted(rows, key=lambda row: _sortable(row[field]))


def last_cursor(rows: Sequence[Row], field: str) -> str | None:
    """Return the cursor after these rows, None without a value."""
    value = rows[-1][field] if rows else None
    return None if value is None else str(value)


def _sortable(value: Any) -> tuple[int, float, str]:
    """Return what orders nulls, then numbers, then texts; a text of a number is one."""
    if value is None:
        return 0, 0.0, ""
    try:
        return 1, float(value), ""
    except (TypeError, ValueError, OverflowError):
        return 2, 0.0, str(value)


def changes(
    rows: Sequence[Row], primary_key: str | None, known: Mapping[str, Known]
) -> list[Change]:
    """Return what is to be sent; what is left out is unchanged, or has no primary key.

    Of two rows with one primary key the later one counts.
    """
    found: dict[str, Change] = {}
    for row in rows:
        key = row.get(primary_key or "")
        if key is None or not str(key).strip():
            continue
        change = _change(row, str(key), known)
        if change.record_id is None or known[change.digest].fingerprint != change.fingerprint:
            found[change.digest] = change
        else:
            found.pop(change.digest, None)
    return list(found.values())


def _change(row: Row, key: str, known: Mapping[str, Known]) -> Change:
    digest, document = _sha1(key.encode()), dumps(row)
    before = known.get(digest)
    return Change(
        None if before is None else before.record_id,
        digest,
        _sha1(document),
        document.decode(),
        INSERT if before is None else UPDATE,
    )


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()
