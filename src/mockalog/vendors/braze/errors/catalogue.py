"""Braze's error catalogue, and the exception of a request that breaks Braze's rules.

Source: docs/vendors/braze.md#7-errors.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from mockalog.kernel.errors import ApiError
from mockalog.vendors.braze.json_columns import FIELD_TYPE_NAMES


class Entry(NamedTuple):
    """The text, the parameters and the status of an error id; `{}` in the text is a number."""

    message: str
    parameters: tuple[str, ...]
    status: int = 400


# Texts marked K are documented or recorded. Of the other entries only the ids are Braze's.
# A suffix marks another form of an error: another status or another text. No response shows it.
CATALOGUE = {
    # Catalogs.
    "catalog-not-found": Entry("Could not find catalog", ("catalog_name",), 404),  # K
    "catalog-name-already-exists": Entry("A catalog with that name already exists", ("name",)),  # K
    "catalog-array-invalid": Entry("'catalogs' must be an array of objects", ("catalogs",)),
    "too-many-catalog-atoms": Entry("Only one catalog can be created per request", ("catalogs",)),
    "invalid-catalog-name": Entry(
        "Catalog names can only include letters, numbers, hyphens, and underscores", ("name",)
    ),
    "catalog-name-too-large": Entry(
        "Catalog names can not be larger than 250 characters", ("name",)
    ),
    "description-too-long": Entry(
        "Descriptions can not be larger than 250 characters", ("description",)
    ),
    # Fields.
    "too-many-fields": Entry("A catalog can not have more than 500 fields", ("fields",)),
    "catalog-exceeds-fields-limit": Entry(
        "A catalog can not have more than 500 fields", ("fields",)
    ),
    "request-includes-too-many-fields": Entry("Request includes too many fields", ("fields",)),
    "id-not-first-column": Entry("The first field must be 'id' of type string", ("fields",)),
    "invalid-field-names": Entry(
        "Field names can only include letters, numbers, hyphens, and underscores", ("fields",)
    ),
    "field-names-too-large": Entry(
        "Field names can not be larger than 250 characters", ("fields",)
    ),
    "field-names-not-unique": Entry("Field names must be unique", ("fields",)),
    "invalid-field-types": Entry(
        f"Field types must be one of {', '.join(FIELD_TYPE_NAMES)}", ("fields",)
    ),
    "invalid-field-name": Entry("Could not find field", ("field_name",), 404),
    "field-referenced-by-selection": Entry("The field is used by a selection", ("field_name",)),
    "field-is-inventory": Entry("The field holds the inventory", ("field_name",)),
    # Items.
    "item-not-found": Entry("Could not find item", ("item_id",), 404),  # K
    # Of DELETE: the only two sources of its status say 400.
    "item-not-found.400": Entry("Could not find item", ("item_id",)),  # K
    "item-already-exists": Entry("The item already exists", ("item_id",)),  # K
    "invalid-cursor": Entry("'cursor' is not valid", ("cursor",)),  # K
    "item-array-invalid": Entry("'items' must be an array of objects", ("items",)),
    "request-includes-too-many-items": Entry("Request includes too many items", ("items",)),
    "invalid-fields": Entry("Some of the fields given do not exist in the catalog", ("id",)),  # K
    "invalid-fields.shape": Entry(
        "'fields' must be an array of objects with a name and a type", ("fields",)
    ),
    "invalid-fields.marks": Entry(
        "the body says true or false for is_inventory, is_price or both",
        ("is_inventory", "is_price"),
    ),
    "items-missing-ids": Entry("There are {} item(s) that do not have ids", ()),  # K
    "ids-too-large": Entry("Item ids can not be larger than 250 characters", ("id",)),  # K
    "invalid-ids": Entry(
        "Item ids can only include letters, numbers, hyphens, and underscores", ("id",)
    ),
    "ids-not-unique": Entry("Item ids must be unique in the request", ("id",)),
    "ids-not-strings": Entry("Item ids must be strings", ("id",)),
    "ids-not-string": Entry("Item ids must be strings", ("id",)),
    "id-in-body": Entry("The item id can not be in the request body", ("id",)),
    "items-too-large": Entry("Item values can not be larger than 5000 characters", ("id",)),
    "filtered-set-field-too-long": Entry(
        "Values of fields that a selection filters by can not be larger than 1000 characters",
        ("id",),
    ),
    "unable-to-coerce-value": Entry(
        "Some of the values could not be converted to the field type", ("id",)
    ),
    "invalid-keys-in-value-object": Entry("Keys of objects can not include '.' or '$'", ("id",)),
    "too-deep-nesting-in-value-object": Entry(
        "Objects can not have more than 50 levels of nesting", ("id",)
    ),
    # Selections.
    "invalid-selection": Entry("The selection is not valid", ("selection",)),
    # Of DELETE: 202 and 404 are its only documented statuses.
    "invalid-selection.404": Entry("The selection is not valid", ("selection",), 404),
    "selection-limit-reached": Entry("A catalog can not have more than 30 selections", ()),
    "selection-name-already-exists": Entry("A selection with that name already exists", ("name",)),
    "too-many-filters": Entry("A selection can not have more than 10 filters", ("filters",)),
    "selection-has-invalid-filter": Entry("Some of the filters are not valid", ("filters",)),
    "selection-contains-too-many-arrays": Entry(
        "A selection can not filter by more than one array field", ("filters",)
    ),
    "selection-invalid-results-limit": Entry(
        "'results_limit' must be a number between 1 and 50", ("results_limit",)
    ),
    "selection-has-invalid-source": Entry(  # the id is inferred
        "'source' must be Braze, Shopify or custom", ("source",)
    ),
    "invalid-sorting": Entry(
        "'sort_field' must be a field of the catalog, 'sort_order' asc or desc",
        ("sort_field", "sort_order"),
    ),
    # The newer page gives `invalid-sorting` in the place of both. Only an armed fault gives them.
    "invalid-sort-field": Entry("'sort_field' must be a field of the catalog", ("sort_field",)),
    "invalid-sort-order": Entry("'sort_order' must be asc or desc", ("sort_order",)),
    # Documented for most calls by its id alone. Only an armed fault gives it.
    "arbitrary-error": Entry("An unexpected error occurred", ()),
    # Storage.
    "company-size-limit-already-reached": Entry("The storage limit has been reached", ()),
    "company-size-limit-surge": Entry("The request is larger than the storage that is left", ()),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One entry of `errors`: its id in the catalogue, its text and the parameters that it names."""

    entry_id: str
    message: str
    parameters: Sequence[str]
    parameter_values: Sequence[object]

    @property
    def id(self) -> str:
        """Return Braze's own id, which has no suffix."""
        return self.entry_id.partition(".")[0]


class BrazeError(ApiError):
    """A request breaks Braze's rules. Several problems of one status can come together."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems
        self.status = CATALOGUE[problems[0].entry_id].status

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the problems' ids in the catalogue."""
        return tuple(problem.entry_id for problem in self.problems)


def problem(entry_id: str, *values: object, number: int = 0) -> Problem:
    """Return a problem of the catalogue; `values` fill its `parameter_values`.

    `number` takes the place of `{}` in the text.
    """
    entry = CATALOGUE[entry_id]
    return Problem(entry_id, entry.message.format(number), entry.parameters, values)


def braze_error(entry_id: str, *values: object) -> BrazeError:
    """Return the exception of one problem; `values` fill its `parameter_values`."""
    return BrazeError(problem(entry_id, *values))
