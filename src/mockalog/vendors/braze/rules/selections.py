"""What a selection may say (docs/vendors/braze.md#6-selections)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mockalog.kernel.formats.json import loads
from mockalog.vendors.braze.errors import rejected
from mockalog.vendors.braze.rules.layout import Layout
from mockalog.vendors.braze.rules.values import MAX_FILTERED, Unfit, is_number, normalised

MAX_SELECTIONS = 30
MAX_FILTERS = 10
MAX_RESULTS = 50
MAX_NAME = 250

ORDERS = ("asc", "desc")

# What a filter may ask of a field of each type. Objects cannot be filtered (inferred).
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "string": ("equals", "does not equal"),
    "number": ("equals", "does not equal", "greater than", "less than"),
    "boolean": ("is",),
    "time": ("before", "after"),
    "array": ("includes value", "does not include value"),
    "geo": ("geo within", "geo outside"),
    "object": (),
}


# What a filter's value must be in JSON. Text as long as a field that is filtered may hold.
_IS_OF_TYPE: Mapping[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str) and len(value) <= MAX_FILTERED,
    "number": is_number,
    "boolean": lambda value: isinstance(value, bool),
    "time": lambda value: isinstance(value, str) or is_number(value),
    "array": lambda value: isinstance(value, str),
    "geo": lambda value: isinstance(value, dict),
}
_COMPARED_AS = {"array": "string"}


def new_selection(body: Any, layout: Layout) -> dict[str, Any]:
    """Return the selection that a body describes, complete, as it is stored.

    Raises `Rejected` with the first rule that it breaks: name, filters, limit, sorting.
    """
    wanted = body.get("selection") if isinstance(body, dict) else None
    if not isinstance(wanted, dict) or not _is_named(wanted.get("name")):
        raise rejected("invalid-selection")
    for key in ("description", "external_id", "source"):
        if not isinstance(wanted.get(key), str | None):
            raise rejected("invalid-selection", wanted[key])
    return {
        "name": wanted["name"],
        "description": wanted.get("description") or "",
        "external_id": wanted.get("external_id"),
        "source": wanted.get("source"),
        "filters": _filters(wanted.get("filters"), layout),
        "results_limit": _results_limit(wanted.get("results_limit")),
        **_sorting(wanted.get("sort_field"), wanted.get("sort_order"), layout),
    }


def _is_named(name: Any) -> bool:
    return isinstance(name, str) and 0 < len(name) <= MAX_NAME


def _filters(filters: Any, layout: Layout) -> list[dict[str, Any]]:
    """Accept absent ones as none (the two pages contradict each other)."""
    if filters is None:
        return []
    if not isinstance(filters, list):
        raise rejected("selection-has-invalid-filter", filters)
    if len(filters) > MAX_FILTERS:
        raise rejected("too-many-filters")
    checked = [_filter(wanted, layout) for wanted in filters]
    arrays = {f["field"] for f in checked if layout.types.get(f["field"]) == "array"}
    if len(arrays) > 1:
        raise rejected("selection-contains-too-many-arrays", *sorted(arrays))
    return checked


def _filter(wanted: Any, layout: Layout) -> dict[str, Any]:
    """Return a filter with its value as items store theirs."""
    if not isinstance(wanted, dict) or wanted.get("value") is None:
        raise rejected("selection-has-invalid-filter", wanted)
    kind = type_of(wanted.get("field"), layout)
    if kind is None or wanted.get("operator") not in OPERATORS[kind]:
        raise rejected("selection-has-invalid-filter", wanted)
    try:
        value = _value(kind, wanted["value"])
    except Unfit:
        raise rejected("selection-has-invalid-filter", wanted) from None
    return {"field": wanted["field"], "operator": wanted["operator"], "value": value}


def type_of(field: Any, layout: Layout) -> str | None:
    """Return the type of a field, None if there is none of that name."""
    if not isinstance(field, str):
        return None
    return "string" if field == "id" else layout.types.get(field)


def _value(kind: str, value: Any) -> Any:
    """Return the value as items store theirs; only times are converted."""
    if not _IS_OF_TYPE[kind](value):
        raise Unfit("selection-has-invalid-filter")
    return _circle(value) if kind == "geo" else normalised(_COMPARED_AS.get(kind, kind), value)


def _circle(value: Any) -> dict[str, Any]:
    """Return `{"longitude", "latitude", "radius"}`, the radius in kilometres.

    The form is inferred: the operators are documented, their value is not.
    """
    if not is_number(value.get("radius")) or value["radius"] < 0:
        raise Unfit("selection-has-invalid-filter")
    longitude, latitude = normalised("geo", [value.get("longitude"), value.get("latitude")])
    return {"longitude": longitude, "latitude": latitude, "radius": value["radius"]}


def _results_limit(limit: Any) -> int | None:
    if limit is None:
        return None
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_RESULTS:
        raise rejected("selection-invalid-results-limit", limit)
    return limit


def _sorting(field: Any, order: Any, layout: Layout) -> dict[str, Any]:
    if (field is None) != (order is None):
        raise rejected("invalid-sorting", field, order)
    if field is not None and type_of(field, layout) is None:
        raise rejected("invalid-sort-field", field)
    if order is not None and order not in ORDERS:
        raise rejected("invalid-sort-order", order)
    return {"sort_field": field, "sort_order": order}


def check_new(selection: Mapping[str, Any], existing: Sequence[Mapping[str, Any]]) -> None:
    """Raise `Rejected` if the catalog has too many selections or one of that name."""
    if len(existing) >= MAX_SELECTIONS:
        raise rejected("selection-limit-reached")
    if any(other["name"] == selection["name"] for other in existing):
        raise rejected("selection-name-already-exists", selection["name"])


def find(selections: str, name: str) -> dict[str, Any]:
    """Return the selection of that name from a catalog's JSON.

    Raises `Rejected` as not found: of DELETE only 202 and 404 are documented.
    """
    found: dict[str, Any] | None = next((s for s in loads(selections) if s["name"] == name), None)
    if found is None:
        raise rejected("invalid-selection.404", name)
    return found
