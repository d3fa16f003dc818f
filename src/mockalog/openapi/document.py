"""One OpenAPI 3.1 document: FastAPI writes the operations, and the error catalogue joins them."""

import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from mockalog import __version__
from mockalog.kernel import errors as kernel_errors
from mockalog.kernel.errors import ApiError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.route_documents import describe, request_models, response_models
from mockalog.kernel.vendor.router import Router
from mockalog.kernel.vendor.vendor import Documentation
from mockalog.openapi.errors import error_components, error_responses

Document = dict[str, Any]

_REFERENCE = "#/components/schemas/{model}"


class Documented(Protocol):
    """An API that a document describes: a vendor's, or the control plane."""

    @property
    def router(self) -> Router:
        """The operations."""
        ...

    @property
    def control_routes(self) -> Router:
        """The calls that it adds to the control plane."""
        ...

    @property
    def envelope(self) -> Callable[[ApiError, Exchange], Response]:
        """Words an error."""
        ...

    @property
    def documentation(self) -> Callable[[], Documentation]:
        """Return the parts that no route declares."""
        ...


def document_of(
    api: Documented, title: str, *, dialect: str = "", servers: Iterable[str] = ("/",)
) -> Document:
    """Return the document of an API; `dialect` "" is its default one.

    It takes some tenths of a second: call it in a thread and cache the result.
    """
    documentation = api.documentation()
    dialect = dialect or next(iter(documentation.dialects), "")
    with warnings.catch_warnings():
        # FastAPI hides this warning too, except for a model that is built after its class.
        warnings.filterwarnings("ignore", "The 'alias' attribute with value")
        document = get_openapi(
            title=title,
            version=__version__,
            description=documentation.description,
            routes=[
                describe(route, verb, dialect)
                for route in api.router.operations
                for verb in route.verbs
            ],
            tags=[{"name": name, "description": text} for name, text in documentation.tags.items()],
            servers=[{"url": url} for url in servers],
        )
    components = document.setdefault("components", {})
    components["schemas"] = _schemas(api.router.operations, documentation, dialect)
    left_out = _errors_of_control_routes(api, documentation, dialect)
    components |= error_components(documentation, api.envelope, left_out)
    by_id = {route.id_of(verb): route for route in api.router.operations for verb in route.verbs}
    for methods in document["paths"].values():
        for verb, operation in methods.items():
            # FastAPI's own validation error reaches no client of ours.
            operation["responses"].pop("422", None)
            if verb == "get" and documentation.revalidates:
                _add_revalidation(operation["responses"])
            ids = error_ids_of(by_id[operation["operationId"]], documentation, dialect)
            operation["responses"] |= error_responses(ids, components["responses"])
    return document


def _add_revalidation(responses: dict[str, Any]) -> None:
    """Add the 304 to the responses of a GET; it has the headers of the 200, and its ETag."""
    if "200" in responses:
        etag = {"description": "The ETag that the client sent.", "schema": {"type": "string"}}
        responses["304"] = {
            "description": "The client has the body already: `If-None-Match` is its ETag",
            "headers": {"ETag": etag, **responses["200"].get("headers", {})},
        }


def error_ids_of(route: Route, documentation: Documentation, dialect: str) -> list[str]:
    """Return the ids of the errors that an operation can end with, each once."""
    declared = route.declared(dialect).get("errors", ())
    common = documentation.common(route)
    if isinstance(common, ByDialect):
        common = common[dialect]
    return list(dict.fromkeys([*declared, *common]))


def _errors_of_control_routes(
    api: Documented, documentation: Documentation, dialect: str
) -> set[str]:
    """Return the vendor's ids that only calls of the control plane end with.

    The kernel's ids stay: some of these errors come before the operation is known.
    """
    own, added = (
        {one for route in router.operations for one in error_ids_of(route, documentation, dialect)}
        for router in (api.router, api.control_routes)
    )
    return {
        one
        for one in added - own
        if type(documentation.errors[one].refusal).__module__ != kernel_errors.__name__
    }


def _schemas(
    routes: Iterable[Route], documentation: Documentation, dialect: str
) -> Mapping[str, Any]:
    """Return the schema of every model by its name.

    FastAPI writes the same schemas, but without those of errors, and it drops each null of an
    example.
    """
    taken = [model for route in routes for model in request_models(route, dialect)]
    answered = [model for route in routes for model in response_models(route, dialect)]
    answered += [error.model for error in documentation.errors.values() if error.model]
    inputs: list[tuple[int, JsonSchemaMode, TypeAdapter[Any]]] = [
        *((number, "validation", TypeAdapter(model)) for number, model in enumerate(taken)),
        *((number, "serialization", TypeAdapter(model)) for number, model in enumerate(answered)),
    ]
    _, whole = TypeAdapter.json_schemas(inputs, ref_template=_REFERENCE)
    found: Mapping[str, Any] = whole.get("$defs", {})
    return found
