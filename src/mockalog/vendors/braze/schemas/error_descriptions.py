"""The description of each error of the catalogue, and the values of its example."""

from typing import NamedTuple


class ErrorDescription(NamedTuple):
    """The description of an error, with the values and the number of its example.

    `is_armed`: only an armed fault leads to it.
    """

    description: str
    values: tuple[object, ...] = ()
    number: int = 0
    is_armed: bool = False


_LONG = "a" * 251

ERROR_DESCRIPTIONS = {
    # Catalogs.
    "catalog-not-found": ErrorDescription(
        "The workspace has no catalog of that name.", ("restaurants",)
    ),
    "catalog-name-already-exists": ErrorDescription(
        "The workspace has a catalog of that name.", ("restaurants",)
    ),
    "catalog-array-invalid": ErrorDescription(
        "`catalogs` is not an array of objects, or is empty."
    ),
    "too-many-catalog-atoms": ErrorDescription("The request holds more than one catalog."),
    "invalid-catalog-name": ErrorDescription(
        "The name is missing, no string, empty, or has other characters than "
        "letters, digits, hyphens and underscores.",
        ("my restaurants",),
    ),
    "catalog-name-too-large": ErrorDescription("The name has more than 250 characters.", (_LONG,)),
    "description-too-long": ErrorDescription(
        "The description has more than 250 characters, or is no string.", (_LONG,)
    ),
    # Fields.
    "too-many-fields": ErrorDescription("The catalog has more than 500 fields."),
    "catalog-exceeds-fields-limit": ErrorDescription(
        "The catalog would have more than 500 fields."
    ),
    "request-includes-too-many-fields": ErrorDescription("The request has more than 50 fields."),
    "id-not-first-column": ErrorDescription(
        "The first field is not `id` of type `string`.", ("Name",)
    ),
    "invalid-field-names": ErrorDescription(
        "Names of fields are empty, or have other characters than "
        "letters, digits, hyphens and underscores.",
        ("Open Table",),
    ),
    "field-names-too-large": ErrorDescription(
        "Names of fields have more than 250 characters.", (_LONG,)
    ),
    "field-names-not-unique": ErrorDescription(
        "Names of fields come twice, or the catalog has them already.", ("Rating",)
    ),
    "invalid-field-types": ErrorDescription(
        "A field has a type that does not exist.", ("integer",)
    ),
    "invalid-field-name": ErrorDescription(
        "The catalog has no field of that name, or it is `id`.", ("Rating",)
    ),
    "field-referenced-by-selection": ErrorDescription(
        "A selection filters or sorts by the field.", ("Rating",)
    ),
    "field-is-inventory": ErrorDescription("The field is marked as the inventory.", ("Rating",)),
    "invalid-fields.shape": ErrorDescription(
        "`fields` is not an array of objects with a name and a type, or is empty."
    ),
    "invalid-fields.marks": ErrorDescription(
        "The body holds other keys than the two marks, or no booleans."
    ),
    # Items.
    "item-not-found": ErrorDescription("The catalog has no item of that id.", ("restaurant1",)),
    "item-not-found.400": ErrorDescription(
        "The catalog has no item of that id to delete.", ("restaurant1",)
    ),
    "item-already-exists": ErrorDescription(
        "The catalog has an item of that id.", ("restaurant1",)
    ),
    "invalid-cursor": ErrorDescription(
        "The cursor is not the base64 of `skip:<number>`.", ("bad-cursor",)
    ),
    "item-array-invalid": ErrorDescription("`items` is not an array of objects, or is empty."),
    "request-includes-too-many-items": ErrorDescription(
        "The request has more than 50 items, or a single-item call has more than one."
    ),
    "invalid-fields": ErrorDescription(
        "Items have keys that are no fields of the catalog.", ("restaurant1",)
    ),
    "items-missing-ids": ErrorDescription("Items have no `id`.", number=2),
    "ids-too-large": ErrorDescription("Ids of items have more than 250 characters.", (_LONG,)),
    "invalid-ids": ErrorDescription(
        "Ids of items are empty, or have other characters than "
        "letters, digits, hyphens and underscores.",
        ("restaurant 1",),
    ),
    "ids-not-unique": ErrorDescription("Several items have the same id.", ("restaurant1",)),
    "ids-not-strings": ErrorDescription("Ids of items are no strings.", (1,)),
    "ids-not-string": ErrorDescription(
        "Ids of items are no strings: the spelling of bulk PUT.", (1,)
    ),
    "id-in-body": ErrorDescription(
        "The item holds an `id`, which belongs in the path.", ("restaurant1",)
    ),
    "items-too-large": ErrorDescription(
        "A value has more than 5,000 characters, an object or array as JSON.", ("restaurant1",)
    ),
    "filtered-set-field-too-long": ErrorDescription(
        "A string has more than 1,000 characters, and a selection filters by its field.",
        ("restaurant1",),
    ),
    "unable-to-coerce-value": ErrorDescription(
        "Values have another type than their field; `parameters` names the fields after `id`.",
        ({"id": "restaurant1", "Rating": "five"},),
    ),
    "invalid-keys-in-value-object": ErrorDescription(
        "A key inside an object has a `.` or a `$`.", ("restaurant1",)
    ),
    "too-deep-nesting-in-value-object": ErrorDescription(
        "An object has more than 50 levels.", ("restaurant1",)
    ),
    # Selections.
    "invalid-selection": ErrorDescription(
        "`selection` is no object, its name is missing or has more than 250 characters, "
        "or one of its texts is no string."
    ),
    "invalid-selection.404": ErrorDescription(
        "The catalog has no selection of that name.", ("favorite-restaurants",)
    ),
    "selection-limit-reached": ErrorDescription("The catalog has 30 selections."),
    "selection-name-already-exists": ErrorDescription(
        "The catalog has a selection of that name.", ("favorite-restaurants",)
    ),
    "too-many-filters": ErrorDescription("The selection has more than 10 filters."),
    "selection-has-invalid-filter": ErrorDescription(
        "A filter lacks a key, or its field, operator and value do not fit together.",
        ({"field": "Rating", "operator": "is", "value": 5},),
    ),
    "selection-contains-too-many-arrays": ErrorDescription(
        "The filters use more than one array field.", ("Cuisines", "Tags")
    ),
    "selection-invalid-results-limit": ErrorDescription(
        "`results_limit` is no integer from 1 to 50.", (51,)
    ),
    "selection-has-invalid-source": ErrorDescription(
        "`source` is neither Braze nor Shopify nor custom, in any case.", ("Magento",)
    ),
    "invalid-sorting": ErrorDescription(
        "The catalog has no field `sort_field`, or `sort_order` is neither `asc` nor `desc`.",
        ("Stars", "asc"),
    ),
    "invalid-sort-field": ErrorDescription(
        "Documented beside `invalid-sorting`; only an armed fault gives it.",
        ("Stars",),
        is_armed=True,
    ),
    "invalid-sort-order": ErrorDescription(
        "Documented beside `invalid-sorting`; only an armed fault gives it.",
        ("up",),
        is_armed=True,
    ),
    # Storage.
    "company-size-limit-already-reached": ErrorDescription(
        "The storage of the workspace is used up: the setting `braze.storage_limit`."
    ),
    "company-size-limit-surge": ErrorDescription(
        "The items are larger than the storage that is left: the setting `braze.storage_limit`."
    ),
    "arbitrary-error": ErrorDescription(
        "Braze documents it without a reason; only an armed fault gives it.", is_armed=True
    ),
}
