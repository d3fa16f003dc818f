"""The errors that several operations on items share, in the order of their checks.

Source: docs/vendors/braze.md#7-errors.
"""

CONTAINER = ("catalog-not-found", "item-array-invalid", "request-includes-too-many-items")
IDS = ("ids-too-large", "invalid-ids")
VALUES = (
    "invalid-fields",
    "items-too-large",
    "unable-to-coerce-value",
    "invalid-keys-in-value-object",
    "too-deep-nesting-in-value-object",
)
