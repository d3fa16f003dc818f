"""The rows of a model that a run sends: new ones and changed ones.

Sources: docs/vendors/squared.md#114-runs-and-records and
docs/vendors/squared.md#115-state-machines; for the cursor, the open-source server: it reads rows
from the last value on, so rows with this value are read again and skipped as unchanged.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mockalog.kernel.formats.json import dumps
from mockalog.vendors.squared.errors import SourceError
from mockalog.vendors.squared.rules.syncs.state_machines import INSERT, UPDATE

Row = Mapping[str, object]


class SentRow(NamedTuple):
    """The record of a row that a sync sent; without a fingerprint the row is sent again."""

    record_id: int
    fingerprint: str | None


class ChangedRow(NamedTuple):
    """A row to send; `document` is its JSON text, `record_id` is None for a new row."""

    record_id: int | None
    digest: str
    fingerprint: str
    document: str
    action: str


def rows_from_cursor(rows: Sequence[Row], field: str, current: str | None) -> list[Row]:
    """Return the rows from the current cursor on, sorted by the cursor field.

    Raises `SourceError` if the rows have no such column.
    """
    if rows and field not in rows[0]:
        raise SourceError(f'ERROR:  column "{field}" does not exist')
    if current is not None:
        first = _sortable(current)
        rows = [row for row in rows if row[field] is not None and _sortable(row[field]) >= first]
    return sorted(rows, key=lambda row: _sortable(row[field]))


def last_cursor(rows: Sequence[Row], field: str) -> str | None:
    """Return the cursor of the last row, None without a value."""
    value = rows[-1][field] if rows else None
    return None if value is None else str(value)


def _sortable(value: Any) -> tuple[int, float, str]:
    """Return a sort key: nulls, then numbers and numeric texts, then texts. Any: for `float`."""
    if value is None:
        return 0, 0.0, ""
    try:
        return 1, float(value), ""
    except (TypeError, ValueError, OverflowError):
        return 2, 0.0, str(value)


def changed_rows(
    rows: Sequence[Row], primary_key: str | None, sent: Mapping[str, SentRow]
) -> list[ChangedRow]:
    """Return the new and changed rows; rows without a primary key are skipped.

    Of two rows with the same primary key the later one counts.
    """
    found: dict[str, ChangedRow] = {}
    for row in rows:
        key = row.get(primary_key or "")
        if key is None or not str(key).strip():
            continue
        change = _change(row, str(key), sent)
        if change.record_id is None or sent[change.digest].fingerprint != change.fingerprint:
            found[change.digest] = change
        else:
            found.pop(change.digest, None)
    return list(found.values())


def _change(row: Row, key: str, sent: Mapping[str, SentRow]) -> ChangedRow:
    digest, document = _sha1(key.encode()), dumps(row)
    before = sent.get(digest)
    return ChangedRow(
        None if before is None else before.record_id,
        digest,
        _sha1(document),
        document.decode(),
        INSERT if before is None else UPDATE,
    )


def _sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()
