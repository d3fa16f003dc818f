"""Tests of the selection of rows that a run sends.

Sources: docs/vendors/squared.md#114-runs-and-records and
docs/vendors/squared.md#115-state-machines.
"""

from typing import Any

import pytest

from mockalog.vendors.squared.errors import SourceError
from mockalog.vendors.squared.rules.syncs.sync_records import (
    SentRow,
    changed_rows,
    last_cursor,
    rows_from_cursor,
)

Rows = list[dict[str, Any]]


def sent_rows(rows: Rows, known: dict[str, SentRow] | None = None) -> list[tuple[str, str]]:
    """Return each sent row with its action."""
    return [(change.document, change.action) for change in changed_rows(rows, "id", known or {})]


def stored_records(rows: Rows) -> dict[str, SentRow]:
    """Return the records of a sync after it sent these rows."""
    found = changed_rows(rows, "id", {})
    return {change.digest: SentRow(n, change.fingerprint) for n, change in enumerate(found, 1)}


def test_new_changed_and_unchanged_rows() -> None:
    """They are inserted, updated and skipped, by primary key and content."""
    known = stored_records([{"id": 1, "a": 1}, {"id": 2, "a": 1}])
    rows = [{"id": 1, "a": 1}, {"id": 2, "a": 2}, {"id": 3, "a": 1}]
    assert sent_rows(rows, known) == [
        ('{"id":2,"a":2}', "destination_update"),
        ('{"id":3,"a":1}', "destination_insert"),
    ]


def test_rows_without_a_primary_key_are_skipped() -> None:
    """The key is null, blank, or not a column."""
    assert sent_rows([{"id": None}, {"id": " "}, {"a": 1}]) == []
    assert changed_rows([{"id": 1}], None, {}) == []


def test_of_two_rows_with_one_primary_key_the_later_counts() -> None:
    """The rule holds even if the later row was sent before."""
    assert sent_rows([{"id": 1, "a": 1}, {"id": 1, "a": 2}]) == [
        ('{"id":1,"a":2}', "destination_insert")
    ]
    assert (
        sent_rows([{"id": 1, "a": 2}, {"id": 1, "a": 1}], stored_records([{"id": 1, "a": 1}])) == []
    )


def test_a_row_that_was_never_written_is_sent_again() -> None:
    """A cancelled run removes the fingerprint."""
    known = {digest: SentRow(1, None) for digest in stored_records([{"id": 1}])}
    assert sent_rows([{"id": 1}], known) == [('{"id":1}', "destination_update")]


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
    """The last value is read again. Rows are sorted; numeric texts count as numbers."""
    rows = rows_from_cursor([{"c": value} for value in values], "c", current)
    assert [row["c"] for row in rows] == found


def test_the_cursor_after_a_run() -> None:
    """The cursor is the last value as a text."""
    assert last_cursor([{"c": 1}, {"c": 2}], "c") == "2"
    assert last_cursor([{"c": None}], "c") is None
    assert last_cursor([], "c") is None


def test_a_cursor_that_is_no_column() -> None:
    """The run fails with the source's own text."""
    with pytest.raises(SourceError) as failure:
        rows_from_cursor([{"a": 1}], "c", None)
    assert failure.value.detail == 'ERROR:  column "c" does not exist'
