"""The parts of the OpenAPI document that no route declares."""

from collections.abc import Iterator

from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.vendor import Documentation
from mockalog.vendors.attraqt.schemas.errors import ERRORS

_DESCRIPTION = """\
The Items API of Attraqt (Crownpeak), as mockalog emulates it, and its token endpoint.

Every call outside of a realm names a `tenant` and an `environment` in the query: all data,
version numbers and limits belong to such a pair. A tenant defines item schemas and category trees,
creates a catalog that refers to them, fills it with items (streamed, or in a batch that is ingested
later), and activates it. Feedback tells what became of each item and of each activation.

An integer of a body may also be written as a text. Unknown parameters and unknown keys are ignored.
A body has at most 4 MB.
"""

_TAGS = {
    "Items": "Streams items into a catalog: created, changed or deleted at once.",
    "Tokens": "Gives access tokens to clients (OAuth 2, client credentials), and shows their realm "
    "as Keycloak does.",
    "Catalogs": "Versions of a tenant's data: INACTIVE, ACTIVATING or ACTIVE; at most two.",
    "Item schemas": "Types of items, with their attributes. Every version is kept.",
    "Category trees": "Trees of categories that items belong to. Every version is kept.",
    "Batch imports": "Batches of items, which ingestions take into a catalog.",
    "Locale": "The default locale of a tenant's environment.",
    "Feedback": "What became of catalogs and items.",
}


def _common(route: Route) -> Iterator[str]:
    """Yield the ids of the errors that every call of an operation can have."""
    if route.path.startswith("/auth/"):
        yield from _common_of_realm(route)
        return
    yield "repeated-header"
    if route.permission is not None:
        yield from ("unauthorized", "forbidden", "PERMISSION_DENIED")
    if "body" in route.declaration:
        yield "malformed-body"
    if route.bucket is not None:
        yield "rate-limited"
    yield "internal-error"


def _common_of_realm(route: Route) -> Iterator[str]:
    yield "invalid_request"
    if route.bucket is not None:
        yield "oauth-429"
    yield "oauth-500"


DOCUMENTATION = Documentation(description=_DESCRIPTION, tags=_TAGS, errors=ERRORS, common=_common)
