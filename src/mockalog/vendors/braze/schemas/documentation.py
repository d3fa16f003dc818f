"""The parts of the OpenAPI document that no route declares."""

from collections.abc import Iterator

from mockalog.kernel.errors import (
    UNREADABLE,
    ApiError,
    BodyTooLargeError,
    ForbiddenError,
    InternalError,
    MalformedBodyError,
    RateLimitedError,
    RepeatedHeaderError,
    UnauthorizedError,
    UnavailableError,
    UnknownOperationError,
    UnreadableRequestError,
)
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.vendor import Documentation, ErrorDoc
from mockalog.vendors.braze.errors import CATALOGUE, BrazeError, Problem, problem
from mockalog.vendors.braze.rules.bodies import MAX_BODY
from mockalog.vendors.braze.schemas.error_descriptions import ERROR_DESCRIPTIONS, ErrorDescription
from mockalog.vendors.braze.schemas.errors import InvalidOut, MessageOut

DESCRIPTION = """\
The Catalogs endpoints of Braze's REST API, emulated.

* A call carries a REST API key: `Authorization: Bearer <key>`. Each operation asks for one
  permission of the key.
* Limits hold for a workspace and a clock minute. Every answer has the headers `X-RateLimit-Limit`,
  `X-RateLimit-Remaining` and `X-RateLimit-Reset`; they are empty where no call was counted.
* Writes that answer 202 take effect after the setting `braze.async_delay`, except the deletion of
  a single item.
* A refusal by the rules of catalogs has `errors`, one entry for each error id. All errors of the
  first stage that has any come together: catalog, container, ids with names of fields, values.
* An id with a suffix, such as `item-not-found.400`, is a second form of an error in this document;
  the answer itself shows the id without the suffix.
* A path or method that does not exist answers `unknown-operation`, a body that is too large
  `body-too-large`, whatever the operation. So does `unreadable-…`, if a request is no HTTP/1.1 or
  does not arrive.
"""

TAGS = {
    "Catalogs": "Tables of items that messages can refer to.",
    "Items": "The rows of a catalog, one in a call, written at once.",
    "Items in bulk": "Up to 50 rows of a catalog in a call, written shortly after the answer.",
    "Fields": "The columns of a catalog.",
    "Selections": "Saved queries of a catalog.",
}

# Of each error of the kernel: an example, a description, and whether only an armed fault gives it.
_KERNEL: dict[str, tuple[ApiError, str, bool]] = {
    "unauthorized": (UnauthorizedError("my-key"), "The API key is missing or unknown.", False),
    "forbidden": (ForbiddenError(""), "The API key lacks the permission.", False),
    "repeated-header": (
        RepeatedHeaderError("Authorization"),
        "`Authorization` or `X-Mockalog-Sandbox` came more than once.",
        False,
    ),
    "unknown-operation": (UnknownOperationError(), "The path or its method does not exist.", False),
    "malformed-body": (MalformedBodyError(""), "The body is not JSON.", False),
    "body-too-large": (BodyTooLargeError(MAX_BODY), "The body has more than 4 MB (4 MiB).", False),
    **{
        f"unreadable-{status}": (UnreadableRequestError(status, ""), description, False)
        for status, description in UNREADABLE.items()
    },
    "rate-limited": (RateLimitedError(60), "The rate limit of this minute is used up.", False),
    "internal-error": (InternalError(), "The server failed.", True),
    "unavailable-502": (UnavailableError(502), "An armed fault says 502.", True),
    "unavailable-503": (UnavailableError(503), "An armed fault says 503.", True),
    "unavailable-504": (UnavailableError(504), "An armed fault says 504.", True),
}


def _braze_errors() -> Iterator[tuple[str, ErrorDoc]]:
    """Yield the ids and the documentation of the catalogue's errors."""
    for entry_id in CATALOGUE:
        example, description = BrazeError(_example(entry_id)), _description(entry_id)
        yield entry_id, ErrorDoc(example, InvalidOut, description.description, description.is_armed)


def _description(entry_id: str) -> ErrorDescription:
    if entry_id not in ERROR_DESCRIPTIONS:
        raise LookupError(f"describe {entry_id} in schemas/error_descriptions.py")
    return ERROR_DESCRIPTIONS[entry_id]


def _example(entry_id: str) -> Problem:
    """Return a problem with the values of the example."""
    description = _description(entry_id)
    example = problem(entry_id, *description.values, number=description.number)
    if entry_id != "unable-to-coerce-value":
        return example
    return Problem(entry_id, example.message, ("id", "Rating"), example.parameter_values)


def _common(route: Route) -> list[str]:
    """Return the ids of the errors that any call of an operation can have."""
    possible = {
        "repeated-header": True,
        "unauthorized": not route.public,
        "forbidden": route.permission is not None,
        "malformed-body": "body" in route.declaration,
        "rate-limited": route.bucket is not None,
        "internal-error": True,
    }
    return [error_id for error_id, is_possible in possible.items() if is_possible]


DOCUMENTATION = Documentation(
    description=DESCRIPTION,
    tags=TAGS,
    errors={
        **dict(_braze_errors()),
        **{
            error_id: ErrorDoc(example, MessageOut, description, is_armed)
            for error_id, (example, description, is_armed) in _KERNEL.items()
        },
    },
    common=_common,
    revalidates=True,
)
