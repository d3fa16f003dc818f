"""The rules of a threshold check (docs/vendors/attraqt.md#7-batch-imports)."""

import pytest

from mockalog.vendors.attraqt.json_columns import Kind
from mockalog.vendors.attraqt.rules.items import Message, parse_operations
from mockalog.vendors.attraqt.rules.merging import ItemState
from mockalog.vendors.attraqt.rules.tenancy import Tenancy
from mockalog.vendors.attraqt.rules.threshold_check import ThresholdCheck
from mockalog.vendors.attraqt.rules.values import CatalogDefinition

ACME = Tenancy("acme", "live1")
SCHEMA = (
    '{"name":"product","attributes":[],"nestedItemSchemas":'
    '[{"name":"size","attributes":[],"nestedItemSchemas":[]}]}'
)
UNKNOWN = {"The item does not exist": 1}
MISTYPED = {"The item is of another type": 1}
UNDECLARED = {"a is not declared in the item schema": 1}


@pytest.mark.parametrize(
    ("steps", "valid", "total", "errors"),
    [
        ([], 0, 0, {}),
        ([("upsert", 9, "product", {})], 1, 1, {}),
        # Outdated, but valid.
        ([("upsert", 1, "product", {}), ("patch", 2, "product", {})], 1, 1, {}),
        ([("delete", 1, "product", {}), ("patch", 6, "product", {})], 1, 1, {}),
        ([("delete", 6, "product", {}), ("patch", 6, "product", {})], 0, 1, UNKNOWN),
        ([("delete", 6, "product", {}), ("delete", 7, "product", {})], 0, 0, {}),
        ([("delete", 6, "size", {})], 0, 0, MISTYPED),
        ([("upsert", 6, "product", {"a": 1}), ("patch", 6, "product", {})], 1, 1, UNDECLARED),
        ([("upsert", 6, "product", {}), ("upsert", 6, "product", {"a": 1})], 0, 1, UNDECLARED),
    ],
)
def test_each_item_counts_once_by_its_last_operation(
    steps: list[tuple[Kind, int, str, dict[str, int]]],
    valid: int,
    total: int,
    errors: dict[str, int],
) -> None:
    """The catalog holds one product, changed at the instant 5."""
    check = ThresholdCheck(CatalogDefinition((SCHEMA,), ()))
    for kind, at, item_type, attributes in steps:
        item = {"id": "A1", "type": item_type, "parentId": "P", "attributes": attributes}
        [(_, operation)] = parse_operations([item], Message(kind, ACME, at, batch=True))
        ids = check.unloaded_ids([operation])
        check.load(
            ids, dict.fromkeys([("A1", "product")] if ids else [], ItemState(1, 5, "{}", ""))
        )
        check.check(operation)

    tally = check.tally
    assert (tally.valid, tally.total, tally.errors) == (valid, total, errors)
