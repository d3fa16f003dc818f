"""Which rows a run sends.

Sources: docs/vendors/squared.md#114-runs-and-records and
docs/vendors/squared.md#115-state-machines.
"""

from typing import Any

import pytest

from mockalog.vendors.squared.errors import SourceFailed
from mockalog.vendors.squared.rules.records import Known, changes, from_cursor, last_cursor

Rows = list[dict[str, Any]]


def sent(rows: Rows, known: dict[str, Known] | None = None) -> list[tuple[str, str]]:
    """Return each row that is sent with its action."""
    return [(change.document, change.action) for change in changes(rows, "id", known or {})]


def remembered(rows: Rows) -> dict[str, Known]:
    """Return what a sync remembers after it sent these rows."""
    found = changes(rows, "id", {})
    return {change.digest: Known(n, change.fingerprint) for n, change in enumerate(found, 1)}


def test_new_rows_are_inserted_changed_ones_updated_unchanged_ones_skipped() -> None:
    """By primary key and content."""
    known = remembered([{"id": 1, "a": 1}, {"id": 2, "a": 1}])
    rows = [{"id": 1, "a": 1}, {"id": 2, "a": 2}, {"id": 3, "a": 1}]
    assert sent(rows, known) == [
        ('{"id":2,"a":2}', "destination_update"),
        ('{"id":3,"a":1}', "destination_insert"),
    ]


def test_rows_without_a_primary_key_are_skipped() -> None:
    """Null, blank, or no such column."""
    assert sent([{"id": None}, {"id": " "}, {"a": 1}]) == []
    assert changes([{"id": 1}], None, {}) == []


def test_of_two_rows_with_one_primary_key_the_later_counts() -> None:
    """Also if that is what was sent before."""
    assert sent([{"id": 1, "a": 1}, {"id": 1, "a": 2}]) == [
        ('{"id":1,"a":2}', "destination_insert")
    ]
    assert sent([{"id": 1, "a": 2}, {"id": 1, "a": 1}], remembered([{"id": 1, "a": 1}])) == []


def test_a_row_that_was_never_written_is_sent_again() -> None:
    """A cancelled run takes the fingerprint away."""
    known = {digest: Known(1, None) for digest in remembered([{"id": 1}])}
    assert sent([{"id": 1}], known) == [('{"id":1}', "destination_update")]


@pytest.mark.parametrize(
    ("values", "current", "found"),
    [
        ([3, 1, 2], None, [1, 2, 3]),
        ([3, None, 1], None, [None, 1, 3]),
        ([3, None, 1, 2], "2", [2, 3]),
        (["10", "9"], "9", ["9", "10"]),
        (["2026-03-02", "2026-03-01"], "2026-03-02", ["2026-03-02"]),
        ([10**400, "1"], None, ["1", 10**400]),
        ([], "2", []),
    ],
)
def test_rows_from_the_cursor_on(values: list[Any], current: str | None, found: list[Any]) -> None:
    """In its order, the last value itself again; numbers count as such also when they are texts."""
    rows = from_cursor([{"c": value} for value in values], "c", current)
    assert [row["c"] for row in rows] == found


def test_the_cursor_after_a_run() -> None:
    """The last value as a text."""
    assert last_cursor([{"c": 1}, {"c": 2}], "c") == "2"
    assert last_cursor([{"c": None}], "c") is None
    assert last_cursor([], "c") is None


def test_a_cursor_that_is_no_column() -> None:
    """The source's own words."""
    with pytest.raises(SourceFailed) as failure:
        from_cursor([{"a": 1}], "c", None)
    assert failure.value.detail == 'ERROR:  column "c" does not exist'
