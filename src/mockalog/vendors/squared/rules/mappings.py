"""From a row to what the destination gets, by a sync's configuration.

Source: docs/vendors/squared.md#11-syncs, and the open-source server for paths and where a value
stands. Not copied: the server doubles single quotes in texts.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from mockalog.vendors.squared.rules.templates import Renderer, Unrenderable

# Deeper paths and longer lists of mappings are no configuration of anybody.
MAX_LEVELS = 32

_TRUE = ("true", "t", "1", "yes", "y", "on")


class Unmappable(Exception):  # noqa: N818 - a record that fails, not a malfunction
    """A row that the configuration cannot map; the text is the record's error."""


class Place(NamedTuple):
    """A value and the path at which the destination gets it."""

    to: str
    value: Any


def mapped(configuration: Any, row: Mapping[str, Any], renderer: Renderer) -> dict[str, Any]:
    """Return the destination's record; raises `Unmappable`."""
    record: dict[str, Any] = {}
    try:
        renderer.check()
    except Unrenderable as error:
        raise Unmappable(str(error)) from None
    for place in _places(configuration, row, renderer):
        _put(record, place)
    return record


def _places(configuration: Any, row: Mapping[str, Any], renderer: Renderer) -> list[Place]:
    """Return the values; an object's keys are columns, its values the paths."""
    if isinstance(configuration, dict):
        return [Place(_path(to), row.get(column)) for column, to in configuration.items()]
    return [
        Place(_path(one.get("to")), _value(one, row, renderer))
        for one in configuration
        if one.get("mapping_type") in _VALUES
    ]


def _path(to: Any) -> str:
    if not isinstance(to, str) or not to:
        raise Unmappable("a mapping has no target")
    if to.count(".") >= MAX_LEVELS:
        raise Unmappable(f"a target of more than {MAX_LEVELS} levels")
    return to


def _value(one: Mapping[str, Any], row: Mapping[str, Any], renderer: Renderer) -> Any:
    return _VALUES[one["mapping_type"]](one, row, renderer)


def _standard(one: Mapping[str, Any], row: Mapping[str, Any], renderer: Renderer) -> Any:
    """Return a column's value; without a column there is none."""
    return row.get(str(one.get("from")))


def _static(one: Mapping[str, Any], row: Mapping[str, Any], renderer: Renderer) -> Any:
    """Return the value itself, in its type if one is named.

    The server reads it from `from`; `value` is taken first where a client sends that (inferred).
    """
    value = one.get("value", one.get("from"))
    kind = one.get("value_type")
    if kind == "null":
        return None
    if kind == "boolean":
        return str(value).lower() in _TRUE
    if kind in ("number", "float"):
        return _number(value)
    return str(value) if kind == "string" else value


def _number(value: Any) -> int | float:
    text = str(value)
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if number - number != 0:  # no number, or none that JSON has
        raise Unmappable(f"{text[:100]!r} is no number")
    return number


def _template(one: Mapping[str, Any], row: Mapping[str, Any], renderer: Renderer) -> str:
    """Return a Liquid template's text; the server reads it from `from`."""
    text = one.get("template") or one.get("from") or ""
    try:
        return renderer.render(str(text), row)
    except Unrenderable as error:
        raise Unmappable(str(error)) from None


_VALUES = {
    "standard": _standard,
    # An embedding would come from a service outside; the column's own value is sent (inferred).
    "vector": _standard,
    "static": _static,
    "template": _template,
}


def _put(record: dict[str, Any], place: Place) -> None:
    """Put a value at a dotted path; `name[]` is an array, whose last element a path goes into."""
    *parents, last = place.to.split(".")
    node = record
    for key in parents:
        node = _inner(node, key)
    if last.endswith("[]"):
        _list(node, last).append(place.value)
    else:
        node[last] = place.value


def _inner(node: dict[str, Any], key: str) -> dict[str, Any]:
    if not key.endswith("[]"):
        return _object(node.setdefault(key, {}))
    items = _list(node, key)
    if not items:
        items.append({})
    return _object(items[-1])


def _list(node: dict[str, Any], key: str) -> list[Any]:
    items = node.setdefault(key.removesuffix("[]"), [])
    if not isinstance(items, list):
        raise Unmappable(f"{key} is used in two ways")
    return items


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Unmappable("a target is used in two ways")
    return value
