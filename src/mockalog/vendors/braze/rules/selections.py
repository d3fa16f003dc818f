"""Rules of selections (docs/vendors/braze.md#6-selections)."""

from collections.abc import Sequence
from typing import NamedTuple

from mockalog.kernel.formats.json import loads
from mockalog.vendors.braze.errors import braze_error
from mockalog.vendors.braze.json_columns import (
    SORT_ORDERS,
    NewSelection,
    StoredFilter,
    StoredSelection,
)
from mockalog.vendors.braze.rules.catalog_schema import CatalogSchema
from mockalog.vendors.braze.rules.filters import INVALID_FILTER
from mockalog.vendors.braze.rules.values import InvalidValueError

MAX_SELECTIONS = 30
MAX_FILTERS = 10
MAX_RESULTS = 50
MAX_NAME = 250

# In any case; the third is of an older page (A7).
SOURCES = ("braze", "shopify", "custom")


class _Sorting(NamedTuple):
    field: str | None
    order: str | None


def new_selection(body: object, schema: CatalogSchema) -> NewSelection:
    """Return the selection of a body of `POST /catalogs/{name}/selections`, as it is stored.

    Raises `BrazeError` for the first rule that it breaks: name, texts, source, filters, limit,
    sorting. Only old pages let `filters` and `results_limit` be absent (A9).
    """
    selection = body.get("selection") if isinstance(body, dict) else None
    if not isinstance(selection, dict) or not _is_name(selection.get("name")):
        raise braze_error("invalid-selection")
    for key in ("description", "external_id"):
        if not isinstance(selection.get(key), str | None):
            raise braze_error("invalid-selection", selection[key])
    source = _source(selection.get("source"))
    filters = _filters(selection.get("filters"), schema)
    limit = _results_limit(selection.get("results_limit"))
    sorting = _sorting(selection.get("sort_field"), selection.get("sort_order"), schema)
    return {
        "name": selection["name"],
        "description": selection.get("description") or "",
        "external_id": selection.get("external_id"),
        "source": source,
        "filters": filters,
        "results_limit": limit,
        "sort_field": sorting.field,
        "sort_order": sorting.order,
    }


def _is_name(name: object) -> bool:
    return isinstance(name, str) and 0 < len(name) <= MAX_NAME


def _source(source: object) -> str | None:
    if source is None:
        return None
    if not isinstance(source, str) or source.lower() not in SOURCES:
        raise braze_error("selection-has-invalid-source", source)
    return source


def _filters(filters: object, schema: CatalogSchema) -> list[StoredFilter]:
    """Return the filters; a missing array is empty (the two pages contradict each other)."""
    if filters is None:
        return []
    if not isinstance(filters, list):
        raise braze_error(INVALID_FILTER, filters)
    if len(filters) > MAX_FILTERS:
        raise braze_error("too-many-filters")
    conditions = [_filter(condition, schema) for condition in filters]
    arrays = {field for f in conditions if _is_array(field := f["field"], schema)}
    if len(arrays) > 1:
        raise braze_error("selection-contains-too-many-arrays", *sorted(arrays))
    return conditions


def _filter(condition: object, schema: CatalogSchema) -> StoredFilter:
    """Return a filter with its value in the form in which items store theirs."""
    if not isinstance(condition, dict) or condition.get("value") is None:
        raise braze_error(INVALID_FILTER, condition)
    field_type = schema.type_of(condition.get("field"))
    filtering = None if field_type is None else field_type.filtering
    name = condition.get("operator")
    if filtering is None or name not in [operator.name for operator in filtering.operators]:
        raise braze_error(INVALID_FILTER, condition)
    try:
        value = filtering.read_value(condition["value"])
    except InvalidValueError:
        raise braze_error(INVALID_FILTER, condition) from None
    return {"field": condition["field"], "operator": condition["operator"], "value": value}


def _is_array(field: str, schema: CatalogSchema) -> bool:
    return field in schema.types and schema.types[field].name == "array"


def _results_limit(limit: object) -> int | None:
    if limit is None:
        return None
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MAX_RESULTS:
        raise braze_error("selection-invalid-results-limit", limit)
    return limit


def _sorting(field: object, order: object, schema: CatalogSchema) -> _Sorting:
    """Return the sorting; one half alone is none, so that the order is random (A6)."""
    if not _is_sortable(field, schema) or order not in (None, *SORT_ORDERS):
        raise braze_error("invalid-sorting", field, order)
    if field is None or order is None:
        return _Sorting(None, None)
    return _Sorting(str(field), str(order))


def _is_sortable(field: object, schema: CatalogSchema) -> bool:
    field_type = schema.type_of(field)
    return field is None or (field_type is not None and field_type.is_sortable)


def check_new(selection: NewSelection, existing: Sequence[StoredSelection]) -> None:
    """Raise `BrazeError` if the catalog has too many selections, or one of that name."""
    if len(existing) >= MAX_SELECTIONS:
        raise braze_error("selection-limit-reached")
    if any(other["name"] == selection["name"] for other in existing):
        raise braze_error("selection-name-already-exists", selection["name"])


def find_selection(selections: str, name: str) -> StoredSelection:
    """Return the selection of a name from a catalog's JSON.

    Raises `BrazeError` with 404, because 202 and 404 are the only documented statuses of DELETE.
    """
    stored: list[StoredSelection] = loads(selections)
    for selection in stored:
        if selection["name"] == name:
            return selection
    raise braze_error("invalid-selection.404", name)
