"""Tests of dry-validation's messages: docs/vendors/squared.md#26-error-envelopes."""

from typing import Any

import pytest

from mockalog.vendors.squared.rules.connectors.registry import load_registry
from mockalog.vendors.squared.rules.validation import Key, Kind, validate


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        ("string", "x", "x"),
        ("string", 5, ["must be a string"]),
        ("integer", "+1_000", 1000),
        ("integer", 2.0, 2),
        ("integer", "2.0", ["must be an integer"]),
        ("integer", "٣", ["must be an integer"]),
        ("hash", {"a": 1}, {"a": 1}),
        ("hash", [1], ["must be a hash"]),
        ("array", [1], [1]),
        ("array", "x", ["must be an array"]),
        ("boolean", False, False),
        ("boolean", "x", ["must be boolean"]),
        ("any", object, object),
        ("string", None, ["must be filled"]),
        ("string", "", ["must be filled"]),
        ("hash", {}, ["must be filled"]),
        ("array", [], ["must be filled"]),
    ],
)
def test_kinds(kind: Kind, value: Any, result: Any) -> None:
    """A value is returned in its kind, or a message is."""
    values, errors = validate({"key": value}, {"key": Key(kind)})
    assert errors.get("key", values["key"]) == result


def test_keys_that_may_be_absent_or_null() -> None:
    """Neither is an error. Unknown keys are dropped."""
    keys = {"a": Key("string", required=False), "b": Key("string", nullable=True)}
    assert validate({"b": None, "c": 1}, keys) == ({"b": None}, {})


def test_the_registry_is_complete() -> None:
    """29 sources and 27 destinations have a usable schema (14)."""
    kinds = [kind for kind, _ in load_registry().definitions]
    assert (kinds.count("source"), kinds.count("destination")) == (29, 27)
    assert all(d.json_schema["properties"] for d in load_registry().definitions.values())
