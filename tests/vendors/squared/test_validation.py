"""The words of dry-validation: docs/vendors/squared.md#26-error-envelopes."""

from typing import Any

import pytest

from mockalog.vendors.squared.rules.accounts import slug
from mockalog.vendors.squared.rules.registry import registry
from mockalog.vendors.squared.rules.validation import Key, Kind, checked


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
    """A value comes back in its kind, or a message does."""
    values, errors = checked({"key": value}, {"key": Key(kind)})
    assert errors.get("key", values["key"]) == result


def test_keys_that_may_be_absent_or_null() -> None:
    """Neither is an error, and unknown keys are dropped."""
    keys = {"a": Key("string", required=False), "b": Key("string", nullable=True)}
    assert checked({"b": None, "c": 1}, keys) == ({"b": None}, {})


def test_the_registry_is_complete() -> None:
    """29 sources and 27 destinations, each with a usable schema (14)."""
    kinds = [kind for kind, _ in registry().definitions]
    assert (kinds.count("source"), kinds.count("destination")) == (29, 27)
    assert all(d.json_schema["properties"] for d in registry().definitions.values())


def test_slugs() -> None:
    """The name in lower case, separators as hyphens (6)."""
    assert slug("Growth & Sales_Team ") == "growth-sales-team"
