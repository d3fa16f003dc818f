"""When each error of the catalogue comes, and values that its example speaks of."""

from typing import Any, NamedTuple


class Sense(NamedTuple):
    """A sentence on an error, and the values of its example."""

    description: str
    values: tuple[Any, ...] = ()
    # The number in its text.
    number: int = 0


LONG = "a" * 251

SENSES = {
    # Catalogs.
    "catalog-not-found": Sense("The workspace has no catalog of that name.", ("restaurants",)),
    "catalog-name-already-exists": Sense(
        "The workspace has a catalog of that name.", ("restaurants",)
    ),
    "catalog-array-invalid": Sense("`catalogs` is not an array of objects, or is empty."),
    "too-many-catalog-atoms": Sense("The request holds more than one catalog."),
    "invalid-catalog-name": Sense(
        "The name is missing, no string, empty, or has other characters than "
        "letters, digits, hyphens and underscores.",
        ("my restaurants",),
    ),
    "catalog-name-too-large": Sense("The name has more than 250 characters.", (LONG,)),
    "description-too-long": Sense(
        "The description has more than 250 characters, or is no string.", (LONG,)
    ),
    # Fields.
    "too-many-fields": Sense("The catalog has more than 500 fields."),
    "catalog-exceeds-fields-limit": Sense("The catalog would have more than 500 fields."),
    "request-includes-too-many-fields": Sense("The request has more than 50 fields."),
    "id-not-first-column": Sense("The first field is not `id` of type `string`.", ("Name",)),
    "invalid-field-names": Sense(
        "Names of fields are empty, or have other characters than "
        "letters, digits, hyphens and underscores.",
        ("Open Table",),
    ),
    "field-names-too-large": Sense("Names of fields have more than 250 characters.", (LONG,)),
    "field-names-not-unique": Sense(
        "Names of fields come twice, or the catalog has them already.", ("Rating",)
    ),
    "invalid-field-types": Sense("A field has a type that does not exist.", ("integer",)),
    "invalid-field-name": Sense(
        "The catalog has no field of that name, or it is `id`.", ("Rating",)
    ),
    "field-referenced-by-selection": Sense(
        "A selection filters or sorts by the field.", ("Rating",)
    ),
    "field-is-inventory": Sense("The field is marked as the inventory.", ("Rating",)),
    "invalid-fields.shape": Sense(
        "`fields` is not an array of objects with a name and a type, or is empty."
    ),
    "invalid-fields.marks": Sense("The body holds other keys than the two marks, or no booleans."),
    # Items.
    "item-not-found": Sense("The catalog has no item of that id.", ("restaurant1",)),
    "item-not-found.400": Sense("The catalog has no item of that id to delete.", ("restaurant1",)),
    "item-already-exists": Sense("The catalog has an item of that id.", ("restaurant1",)),
    "invalid-cursor": Sense("The cursor is not the base64 of `skip:<number>`.", ("bad-cursor",)),
    "item-array-invalid": Sense("`items` is not an array of objects, or is empty."),
    "request-includes-too-many-items": Sense(
        "The request has more than 50 items, or a single-item call has more than one."
    ),
    "invalid-fields": Sense("Items have keys that are no fields of the catalog.", ("restaurant1",)),
    "items-missing-ids": Sense("Items have no `id`.", number=2),
    "ids-too-large": Sense("Ids of items have more than 250 characters.", (LONG,)),
    "invalid-ids": Sense(
        "Ids of items are empty, or have other characters than "
        "letters, digits, hyphens and underscores.",
        ("restaurant 1",),
    ),
    "ids-not-unique": Sense("Several items have the same id.", ("restaurant1",)),
    "ids-not-strings": Sense("Ids of items are no strings.", (1,)),
    "ids-not-string": Sense("Ids of items are no strings: the spelling of bulk PUT.", (1,)),
    "id-in-body": Sense("The item holds an `id`, which belongs in the path.", ("restaurant1",)),
    "items-too-large": Sense(
        "A value has more than 5,000 characters, an object or array as JSON.", ("restaurant1",)
    ),
    "filtered-set-field-too-long": Sense(
        "A string has more than 1,000 characters, and a selection filters by its field.",
        ("restaurant1",),
    ),
    "unable-to-coerce-value": Sense(
        "Values have another type than their field; `parameters` names the fields after `id`.",
        ({"id": "restaurant1", "Rating": "five"},),
    ),
    "invalid-keys-in-value-object": Sense(
        "A key inside an object has a `.` or a `$`.", ("restaurant1",)
    ),
    "too-deep-nesting-in-value-object": Sense(
        "An object has more than 50 levels.", ("restaurant1",)
    ),
    # Selections.
    "invalid-selection": Sense(
        "`selection` is no object, its name is missing or has more than 250 characters, "
        "or one of its texts is no string."
    ),
    "invalid-selection.404": Sense(
        "The catalog has no selection of that name.", ("favorite-restaurants",)
    ),
    "selection-limit-reached": Sense("The catalog has 30 selections."),
    "selection-name-already-exists": Sense(
        "The catalog has a selection of that name.", ("favorite-restaurants",)
    ),
    "too-many-filters": Sense("The selection has more than 10 filters."),
    "selection-has-invalid-filter": Sense(
        "A filter lacks a key, or its field, operator and value do not fit together.",
        ({"field": "Rating", "operator": "is", "value": 5},),
    ),
    "selection-contains-too-many-arrays": Sense(
        "The filters use more than one array field.", ("Cuisines", "Tags")
    ),
    "selection-invalid-results-limit": Sense("`results_limit` is no integer from 1 to 50.", (51,)),
    "invalid-sorting": Sense(
        "One of `sort_field` and `sort_order` comes without the other.", ("Rating", None)
    ),
    "invalid-sort-field": Sense("The catalog has no field to sort by of that name.", ("Stars",)),
    "invalid-sort-order": Sense("`sort_order` is neither `asc` nor `desc`.", ("up",)),
    # Storage.
    "company-size-limit-already-reached": Sense(
        "The storage of the workspace is used up: the setting `braze.storage_limit`."
    ),
    "company-size-limit-surge": Sense(
        "The items are larger than the storage that is left: the setting `braze.storage_limit`."
    ),
    "arbitrary-error": Sense("Braze documents it without a reason; only an armed fault gives it."),
}
