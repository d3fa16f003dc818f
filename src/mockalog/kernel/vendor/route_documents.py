"""A route as FastAPI documents it: the request as a signature, the responses as models."""

from collections.abc import Callable, Mapping
from functools import partial
from inspect import Parameter, Signature, signature
from typing import Annotated, Any

from fastapi import Body, Header, Query, Security
from fastapi.routing import APIRoute
from starlette.responses import JSONResponse, Response

from mockalog.kernel.vendor.declaration import DeclaredOperation, Endpoint, ResponseDoc

# FastAPI's parameter functions by option.
_PLACES: dict[str, Callable[[], Any]] = {
    "body": Body,
    # FastAPI's `Form` needs a form parser, which no document needs.
    "form": partial(Body, media_type="application/x-www-form-urlencoded"),
    "query": Query,
    "headers": Header,
}


def describe(route: DeclaredOperation, verb: str, dialect: str = "") -> APIRoute:
    """Return FastAPI's own route for one method, in one of the vendor's dialects."""
    wanted = route.declared(dialect)
    answers = _responses(wanted)
    usual = next(iter(answers))
    return APIRoute(
        route.path,
        _documented(route.endpoint, route.parameters, wanted),
        methods=[verb],
        name=route.name,
        operation_id=route.id_of(verb),
        tags=[wanted["tag"]] if "tag" in wanted else None,
        dependencies=_security(route, wanted.get("key")),
        status_code=usual,
        response_model=answers[usual].model,
        response_class=_response_class(answers[usual]),
        responses={status: _response(response, status) for status, response in answers.items()},
    )


def _documented(
    endpoint: Endpoint, parameters: tuple[str, ...], wanted: Mapping[str, Any]
) -> Callable[..., Any]:
    """Return a function whose signature is the request: path, query, headers and body."""
    wire = [p for p in signature(endpoint).parameters.values() if p.name in parameters]
    for name, place in _PLACES.items():
        if wanted.get(name) is not None:
            model: Any = wanted[name]
            optional = name in ("body", "form") and wanted.get("optional_body")
            wire.append(
                Parameter(
                    name,
                    Parameter.KEYWORD_ONLY,
                    annotation=Annotated[model | None if optional else model, place()],
                    default=None if optional else Parameter.empty,
                )
            )

    def document() -> None: ...

    document.__doc__ = endpoint.__doc__
    document.__signature__ = Signature(wire)  # type: ignore[attr-defined]
    return document


def _security(route: DeclaredOperation, keys: Any) -> list[Any]:
    """Return the security schemes of the operation, with its permission as the scope."""
    if keys is None or route.public or route.credential is not None:
        return []
    scopes = [] if route.permission is None else [route.permission]
    several = keys if isinstance(keys, tuple) else (keys,)
    return [Security(key, scopes=scopes) for key in several]


# Any: any type that Pydantic accepts is a model.
def request_models(route: DeclaredOperation, dialect: str) -> list[Any]:
    """Return the models of a request's body."""
    wanted = route.declared(dialect)
    return [wanted[name] for name in ("body", "form") if wanted.get(name) is not None]


# Any: any type that Pydantic accepts is a model.
def response_models(route: DeclaredOperation, dialect: str) -> list[Any]:
    """Return the models of the responses of success."""
    answers = _responses(route.declared(dialect))
    return [response.model for response in answers.values() if response.model is not None]


def _responses(wanted: Mapping[str, Any]) -> dict[int, ResponseDoc]:
    given = wanted.get("responses") or {200: None}
    return {status: _answer(response) for status, response in given.items()}


def _answer(given: Any) -> ResponseDoc:
    if isinstance(given, ResponseDoc):
        return given
    return ResponseDoc(given, media_type=None if given is None else "application/json")


def _response_class(response: ResponseDoc) -> type[Response]:
    if response.media_type == "application/json":
        return JSONResponse
    return type("_Response", (Response,), {"media_type": response.media_type})


def _response(response: ResponseDoc, status: int) -> dict[str, Any]:
    """Return FastAPI's description of the response of a status."""
    said: dict[str, Any] = {"description": response.description or _PHRASES.get(status, "Success")}
    if response.headers:
        said["headers"] = {
            name: {"description": text, "schema": {"type": "string"}}
            for name, text in response.headers.items()
        }
    if response.model is not None:
        said["model"] = response.model
    return said


_PHRASES = {200: "Done", 201: "Created", 202: "Accepted", 204: "Done, without a body"}
