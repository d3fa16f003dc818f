"""Mappings of a sync's configuration, from a row to the destination's record.

Source: docs/vendors/squared.md#11-syncs; for paths and the keys of a value, the open-source
server.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from mockalog.vendors.squared.json_columns import StoredMapping
from mockalog.vendors.squared.rules.syncs.templates import Renderer, TemplateError

# Levels of a path; real configurations have fewer.
MAX_LEVELS = 32

_TRUE = ("true", "t", "1", "yes", "y", "on")


class MappingError(Exception):
    """A row that the configuration cannot map; the text is the record's error."""


class TargetValue(NamedTuple):
    """A value and its path in the destination's record."""

    to: str
    value: object


def map_row(
    configuration: StoredMapping, row: Mapping[str, object], renderer: Renderer
) -> dict[str, object]:
    """Return the destination's record; raises `MappingError`."""
    record: dict[str, Any] = {}
    try:
        renderer.check()
    except TemplateError as error:
        raise MappingError(str(error)) from None
    for place in _places(configuration, row, renderer):
        _put(record, place)
    return record


def _places(
    configuration: StoredMapping, row: Mapping[str, object], renderer: Renderer
) -> list[TargetValue]:
    """Return the values with their paths; an object maps columns to paths."""
    if isinstance(configuration, dict):
        return [TargetValue(_path(to), row.get(column)) for column, to in configuration.items()]
    return [
        TargetValue(_path(one.get("to")), _value(one, row, renderer))
        for one in configuration
        if one.get("mapping_type") in _VALUES
    ]


def _path(to: object) -> str:
    if not isinstance(to, str) or not to:
        raise MappingError("a mapping has no target")
    if to.count(".") >= MAX_LEVELS:
        raise MappingError(f"a target of more than {MAX_LEVELS} levels")
    return to


def _value(one: Mapping[str, Any], row: Mapping[str, object], renderer: Renderer) -> object:
    return _VALUES[one["mapping_type"]](one, row, renderer)


def _column(one: Mapping[str, Any], row: Mapping[str, object], renderer: Renderer) -> object:
    """Return a column's value, None without the column."""
    return row.get(str(one.get("from")))


def _standard(one: Mapping[str, Any], row: Mapping[str, object], renderer: Renderer) -> object:
    """Return a column's value; a text has its single quotes doubled.

    An object of columns and paths copies texts (docs/vendors/squared.md#111-create-a-sync).
    """
    value = _column(one, row, renderer)
    return value.replace("'", "''") if isinstance(value, str) else value


def _static(one: Mapping[str, Any], row: Mapping[str, object], renderer: Renderer) -> object:
    """Return the constant of a mapping, converted to `value_type` if it has one.

    The server reads it from `from`; `value` has precedence if a client sends it (inferred).
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


def _number(value: object) -> int | float:
    text = str(value)
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if number - number != 0:  # NaN or infinite: JSON has neither
        raise MappingError(f"{text[:100]!r} is no number")
    return number


def _template(one: Mapping[str, Any], row: Mapping[str, object], renderer: Renderer) -> str:
    """Return the rendered text of a Liquid template; the server reads it from `from`."""
    text = one.get("template") or one.get("from") or ""
    try:
        return renderer.render(str(text), row)
    except TemplateError as error:
        raise MappingError(str(error)) from None


_VALUES = {
    "standard": _standard,
    # A real server asks a service for the embedding; here the column's value is sent (inferred).
    "vector": _column,
    "static": _static,
    "template": _template,
}


def _put(record: dict[str, Any], place: TargetValue) -> None:
    """Set a value at a dotted path; `name[]` is an array: the path continues in its last item."""
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
        raise MappingError(f"{key} is used in two ways")
    return items


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MappingError("a target is used in two ways")
    return value
