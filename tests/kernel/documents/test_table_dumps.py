"""Table dumps: columns, types of values, and JSON columns."""

import json
from typing import Any

import pytest
from sqlalchemy import Column, LargeBinary

from mockalog.kernel.documents.table_dumps import _problem
from tests.emulation import Emulation
from tests.kernel.documents.factories import JOBS, SERIES, doc, table
from tests.kernel.documents.refusals import assert_refused

STORED = [
    *("id", "name", "description", "fields", "num_items", "storage_size", "updated_at"),
    *("tokens", "drops", "selections", "last_position"),
]
OPERATION = (
    '{"kind":"delete","id":"a","type":"t","context":"","parent_id":"","at":0,"attributes":{},'
    '"fhr":false,"more":1}'
)
BATCHED = ["batch_id", "position", "operation", "receipt_id"]


def kept(fields: str) -> list[Any]:
    """Return a catalog's row."""
    return [1, "shop", "null", fields, 0, 0, 0, 0, 0, "[]", 0]


def stored_field(**changes: str) -> str:
    """Return the JSON of a catalog's only field."""
    return json.dumps([{"name": "id", "token": "-1", "type": "string", **changes}])


COUNTER = "integer from 0 to 1073741824"

WRONG: list[tuple[str, str]] = [
    # The text, and its problem.
    (doc(tables={"nope": {"columns": [], "rows": []}}), "tables.nope: table 'nope' does not exist"),
    (doc(tables={"credentials": {"columns": [], "rows": []}}), "does not exist"),
    (doc(tables=table("series", ["name"])), "series needs the column 'last'"),
    (doc(tables=table("series", [*SERIES, "sandbox_id"])), "series has no column 'sandbox_id'"),
    (doc(tables=table("series", [*SERIES, "last"])), "a column is given twice"),
    (doc(tables=table("series", SERIES, ["a"])), "expected 2 values, one for each column"),
    (doc(tables=table("series", SERIES, ["a", "1"])), "rows[0][1]: last must be an integer"),
    (doc(tables=table("series", SERIES, ["a", True])), f"last must be an {COUNTER}"),
    (doc(tables=table("series", SERIES, ["a", 2**63 - 1])), f"last must be an {COUNTER}"),
    (doc(tables=table("series", SERIES, ["a", 2**30 + 1])), f"last must be an {COUNTER}"),
    (doc(tables=table("series", SERIES, ["a", -1])), f"last must be an {COUNTER}"),
    (doc(tables=table("series", SERIES, ["a", None])), "last must be given"),
    (doc(tables=table("series", SERIES, ["\0", 1])), "name must be a text that fits"),
    (
        doc(tables=table("jobs", JOBS, [1, "x", "{", "pending", 0, 0, False])),
        "payload must be JSON as a text",
    ),
    (
        doc(tables=table("jobs", JOBS, [1, "x", {}, "pending", 0, 0, False])),
        "payload must be JSON as a text",
    ),
    (
        doc(tables=table("jobs", JOBS, [1, "x", "{}", "asleep", 0, 0, False])),
        "state must be a text that fits",
    ),
    (
        doc(tables=table("jobs", JOBS, [1, "x", "{}", "done", 2**62, 0, False])),
        "due_at must be an integer that fits",
    ),
    (
        doc(tables=table("jobs", JOBS, [2**40, "x", "{}", "done", 0, 0, False])),
        "id must be an integer of 32 bits",
    ),
    (
        doc(tables=table("jobs", JOBS, [1, "x", "[]", "done", 0, 0, False])),
        "tables.jobs.rows[0][2]: payload must be of its type (Input should be a valid dictionary)",
    ),
    (doc(tables=table("braze_catalogs", STORED, kept(fields="5"))), "fields must be of its type"),
    (
        doc(tables=table("braze_catalogs", STORED, kept(fields=stored_field(type="text")))),
        "fields must be of its type (0.type: expected one of: string, number",
    ),
    (
        doc(tables=table("braze_catalogs", STORED, kept(fields=stored_field(token="x")))),
        "fields must be of its type (0.token: String should match pattern",
    ),
    (
        doc(tables=table("attraqt_batch_items", BATCHED, [1, 1, '{"kind": "melt"}', "r"])),
        "operation must be of its type (kind: Input should be 'upsert'",
    ),
    (
        doc(tables=table("attraqt_batch_items", BATCHED, [1, 1, "[]", "r"])),
        "operation must be of its type (expected an object)",
    ),
    (
        doc(tables=table("attraqt_batch_items", BATCHED, [1, 1, OPERATION, "r"])),
        "operation must be of its type (more: Extra inputs are not permitted",
    ),
]


@pytest.mark.parametrize(("text", "problem"), WRONG, ids=lambda value: str(value)[-40:])
def test_an_invalid_document_has_place_and_reason(
    emulation: Emulation, text: str, problem: str
) -> None:
    """Line, field and expected value; the state does not change."""
    assert_refused(emulation, text, problem)


def test_a_column_type_without_a_form_is_an_error() -> None:
    """The error says where to add it."""
    with pytest.raises(NotImplementedError):
        _problem(Column("new", LargeBinary), b"")
