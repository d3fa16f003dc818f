"""Attraqt's error categories, and the exceptions that carry them.

Sources: docs/vendors/attraqt.md#12-error-body (shape and numbers),
docs/vendors/attraqt.md#33-endpoints,
docs/vendors/attraqt.md#43-endpoints and docs/vendors/attraqt.md#52-endpoints (categories).
"""

from dataclasses import dataclass

from mockalog.kernel.errors import ApiError


@dataclass(frozen=True, slots=True)
class Category:
    """A category of errors: `code` is a gRPC status number; 3 is INVALID_ARGUMENT.

    `is_general`: a gRPC status for errors without a category of their own. Its text is no
    description, so a specific text replaces it.
    """

    id: str
    text: str
    status: int = 400
    code: int = 3
    is_general: bool = False

    def text_with(self, detail: str) -> str:
        """Return the description with a specific text after it.

        No error can lack its description: docs/vendors/attraqt.md#12-error-body.
        """
        if not detail:
            return self.text
        return detail if self.is_general else f"{self.text} - {detail}"


# gRPC's FAILED_PRECONDITION: the request is valid, but the resource is in the wrong state.
_STATE = 9
_NOT_FOUND = 5

_NO_TENANCY = "Tenant and Environment are required"

CATALOG_TENANT_ENV = Category("CATALOG_TENANT_ENV", _NO_TENANCY)
# Code 3 although the state is wrong: docs/vendors/attraqt.md#12-error-body shows this body.
CATALOG_LIMIT_REACHED = Category("CATALOG_LIMIT_REACHED", "The limit of 2 catalogs is reached")
CATALOG_SCHEMAS = Category("CATALOG_SCHEMAS", "Error in given Item Schema")
CATALOG_CATEGORY_TREES = Category("CATALOG_CATEGORY_TREES", "Error in given Category tree")
CATALOG_DELETION_ACTIVE = Category(
    "CATALOG_DELETION_ACTIVE", "The catalog must be inactive to be deleted", code=_STATE
)
CATALOG_ALREADY_ACTIVE = Category(
    "CATALOG_ALREADY_ACTIVE",
    "The catalog is already active or in activation state",
    code=_STATE,
)
CATALOG_NOT_FOUND = Category("CATALOG_NOT_FOUND", "The catalog does not exist", 404, _NOT_FOUND)

ITEM_SCHEMA_TENANT_ENV = Category("ITEM_SCHEMA_TENANT_ENV", _NO_TENANCY)
ITEM_SCHEMA_NAME = Category("ITEM_SCHEMA_NAME", "Name required")
ITEM_SCHEMA_VERSION = Category(
    "ITEM_SCHEMA_VERSION", "version should not be set when creating a itemSchema"
)
ITEM_SCHEMA_ATTRIBUTES = Category("ITEM_SCHEMA_ATTRIBUTES", "schema contains an invalid attribute")
ITEM_SCHEMA_ALREADY_EXISTS = Category(
    "ITEM_SCHEMA_ALREADY_EXISTS",
    "The item schema already exists, schema names should be unique per tenant",
    code=_STATE,
)
ITEM_SCHEMA_DELETION_USE = Category(
    "ITEM_SCHEMA_DELETION_USE", "The item schema is used by a catalog", code=_STATE
)
ITEM_SCHEMA_NOT_FOUND = Category(
    "ITEM_SCHEMA_NOT_FOUND", "The item schema does not exist", 404, _NOT_FOUND
)

CATEGORY_TREE_TENANT_ENV = Category("CATEGORY_TREE_TENANT_ENV", _NO_TENANCY)
CATEGORY_TREE_NAME = Category("CATEGORY_TREE_NAME", "Name is invalid")
CATEGORY_TREE_LOCALE = Category(
    "CATEGORY_TREE_LOCALE", "Category tree contain a invalid locale or localized name"
)
CATEGORY_TREE_LEAF = Category(
    "CATEGORY_TREE_LEAF", "Category tree contain a invalid leaf or leaf name"
)
CATEGORY_TREE_SIZE = Category("CATEGORY_TREE_SIZE", "The category tree is larger than 4 MB")
CATEGORY_TREE_ALREADY_EXISTS = Category(
    "CATEGORY_TREE_ALREADY_EXISTS",
    "The category tree already exists, use update method",
    code=_STATE,
)
CATEGORY_TREE_DELETION_USE = Category(
    "CATEGORY_TREE_DELETION_USE", "CategoryTree is currently used in a Catalog", code=_STATE
)
CATEGORY_TREE_NOT_FOUND = Category(
    "CATEGORY_TREE_NOT_FOUND", "The category tree does not exist", 404, _NOT_FOUND
)

CATALOG_FHR_FAILED = Category("CATALOG_FHR_FAILED", "Error in FHR api", 409, 10)

# No operation answers with it; a test can arm it.
CATALOG_NOT_ACTIVE = Category(
    "CATALOG_NOT_ACTIVE",
    "The catalog must be in activating state to perform the action",
    code=_STATE,
)

# None of these is documented; their names follow the ones above (inferred).
ITEM_TENANT_ENV = Category("ITEM_TENANT_ENV", _NO_TENANCY)
ITEM_INVALID = Category("ITEM_INVALID", "The items are invalid")
BATCH_IMPORT_TENANT_ENV = Category("BATCH_IMPORT_TENANT_ENV", _NO_TENANCY)
BATCH_IMPORT_NOT_FOUND = Category(
    "BATCH_IMPORT_NOT_FOUND", "The batch import does not exist", 404, _NOT_FOUND
)
BATCH_IMPORT_EXPIRED = Category(
    "BATCH_IMPORT_EXPIRED", "The batch import is older than 7 days", code=_STATE
)
# The sentence is documented, the category is not: docs/vendors/attraqt.md#7-batch-imports.
BATCH_IMPORT_CATALOG_ACTIVE = Category(
    "BATCH_IMPORT_CATALOG_ACTIVE",
    "Fredhopper currently does not support loading batches into active catalogs",
    code=_STATE,
)
INGESTION_NOT_FOUND = Category(
    "INGESTION_NOT_FOUND", "The ingestion does not exist", 404, _NOT_FOUND
)
LOCALE_TENANT_ENV = Category("LOCALE_TENANT_ENV", _NO_TENANCY)
LOCALE_INVALID = Category("LOCALE_INVALID", "The locale is invalid")
LOCALE_NOT_FOUND = Category("LOCALE_NOT_FOUND", "The default locale is not set", 404, _NOT_FOUND)
FEEDBACK_TENANT_ENV = Category("FEEDBACK_TENANT_ENV", _NO_TENANCY)
FEEDBACK_NOT_FOUND = Category("FEEDBACK_NOT_FOUND", "The feedback does not exist", 404, _NOT_FOUND)

# An error without a documented category has the name of its gRPC status (inferred).
INVALID_ARGUMENT = Category("INVALID_ARGUMENT", "The request is invalid", is_general=True)
PERMISSION_DENIED = Category(
    "PERMISSION_DENIED", "The token has no right to do this", 403, 7, is_general=True
)
INTERNAL = Category("INTERNAL", "Internal error", 500, 13, is_general=True)

UNAUTHENTICATED = Category(
    "UNAUTHENTICATED", "The access token is missing, malformed or expired", 401, 16, is_general=True
)
NOT_FOUND = Category("NOT_FOUND", "There is nothing at this path", 404, _NOT_FOUND, is_general=True)
RESOURCE_EXHAUSTED = Category("RESOURCE_EXHAUSTED", "Too many requests", 429, 8, is_general=True)
# Documented: the service is scaling up, and clients should try again.
UNAVAILABLE = Category(
    "UNAVAILABLE", "The service is scaling up, please try again", 503, 14, is_general=True
)

# Every category above by its id. A test can arm each of them.
CATALOGUE = {c.id: c for c in list(globals().values()) if isinstance(c, Category)}


class AttraqtError(ApiError):
    """An error of the API; `detail` follows the description of its category."""

    def __init__(self, category: Category, detail: str = "") -> None:
        super().__init__(category, detail)
        self.category = category
        self.text = category.text_with(detail)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the category's id."""
        return (self.category.id,)
