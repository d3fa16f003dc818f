"""How an edit changes an item: plain values replace, `$add` and `$remove` change arrays.

docs/vendors/braze.md#46-array-operators; what the operators do exactly is inferred.
"""

from collections.abc import Mapping
from typing import Any

from mockalog.vendors.braze.rules.layout import Layout
from mockalog.vendors.braze.rules.values import NOT_COERCED, Reader, Unfit, is_strings, normalised

ADD = "$add"
REMOVE = "$remove"


def is_change(kind: str, value: Any) -> bool:
    """Return whether a value is meant as a change of an array."""
    return kind == "array" and isinstance(value, dict)


def edit_readers(layout: Layout) -> Mapping[str, Reader]:
    """Return what reads the values of an edit: arrays may come as changes."""
    arrays = [name for name, kind in layout.types.items() if kind == "array"]
    return {**layout.readers, **dict.fromkeys(arrays, _read_array)}


def _read_array(value: Any) -> Any:
    if not isinstance(value, dict):
        return normalised("array", value)
    if not value or not value.keys() <= {ADD, REMOVE}:
        raise Unfit(NOT_COERCED)
    if not all(map(is_strings, value.values())):
        raise Unfit(NOT_COERCED)
    return value


def changed(
    layout: Layout, values: Mapping[str, Any], changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an item's values after an edit.

    Raises `NotChanged` for arrays that grew beyond their limits.
    """
    after, misfits = {**values, **changes}, {}
    for name, change in changes.items():
        if is_change(layout.types[name], change):
            try:
                after[name] = _changed_array(values.get(name) or [], change)
            except Unfit as unfit:
                misfits[name] = unfit.error_id
    if misfits:
        raise NotChanged(misfits)
    return after


class NotChanged(ValueError):  # noqa: N818 - it says what the arrays are
    """Arrays that cannot be changed so; `misfits` tells Braze's error id for each field."""

    def __init__(self, misfits: Mapping[str, str]) -> None:
        super().__init__(misfits)
        self.misfits = misfits


def _changed_array(array: list[str], change: Mapping[str, list[str]]) -> list[str]:
    """Remove all matches first, then append what is not there yet."""
    removed = set(change.get(REMOVE, ()))
    kept = [element for element in array if element not in removed]
    # A dictionary's keys: in order, and each once. What was there twice stays twice.
    present = set(kept)
    new = [element for element in dict.fromkeys(change.get(ADD, ())) if element not in present]
    after: list[str] = normalised("array", kept + new)
    return after


def has_changes(layout: Layout, values: Mapping[str, Any]) -> bool:
    """Return whether an edit changes an array instead of replacing it."""
    return any(is_change(layout.types[name], value) for name, value in values.items())
