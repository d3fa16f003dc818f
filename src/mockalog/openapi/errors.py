"""The error catalogue in a document: each error once, by its id, with its own example."""

from collections.abc import Callable, Container, Iterable, Mapping
from typing import Any

import orjson

from mockalog.kernel.errors import ApiError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.vendor import Documentation, ErrorDoc

# The scope of an imagined call, to word an error.
_NOWHERE = {"scheme": "http", "method": "GET", "path": "/", "query_string": b""}

# The schema of a response without a body.
_EMPTY = {"type": "string", "maxLength": 0}

# The keys under which a response has its error ids and its status.
IDS = "x-error-ids"
STATUS = "x-status"


# Any: a part of an OpenAPI document.
def error_components(
    documentation: Documentation,
    envelope: Callable[[ApiError, Exchange], Response],
    left_out: Container[str] = (),
) -> dict[str, Any]:
    """Return the documented response and the example of each error, by its id."""
    responses, examples = {}, {}
    for error_id, error in documentation.errors.items():
        if error_id in left_out:
            continue
        answer = _answer(error, envelope, b"application/json")
        responses[error_id] = _response(error_id, error, answer)
        if answer.body:
            # Rails answers some errors without a body where the client takes no JSON.
            other = _type(_answer(error, envelope, b"*/*"))
            content = responses[error_id]["content"]
            content.setdefault(other, {"schema": _EMPTY, "examples": {}})
            examples[error_id] = {"summary": error.description, "value": _value(answer)}
    return {"responses": responses, "examples": examples}


# Any: a part of an OpenAPI document.
def error_responses(ids: Iterable[str], catalogue: Mapping[str, Any]) -> dict[str, Any]:
    """Return an operation's error responses by status; several of one status are combined."""
    by_status: dict[str, list[str]] = {}
    for error_id in ids:
        by_status.setdefault(str(catalogue[error_id][STATUS]), []).append(error_id)
    return {
        status: {"$ref": f"#/components/responses/{alike[0]}"}
        if len(alike) == 1
        else _together([catalogue[error_id] for error_id in alike], alike)
        for status, alike in sorted(by_status.items())
    }


def _answer(
    error: ErrorDoc, envelope: Callable[[ApiError, Exchange], Response], accept: bytes
) -> Response:
    return envelope(error.refusal, Exchange({**_NOWHERE, "headers": [(b"accept", accept)]}))


def _type(answer: Response) -> str:
    return (answer.content_type or b"").decode().partition(";")[0]


def _response(error_id: str, error: ErrorDoc, answer: Response) -> dict[str, Any]:
    response: dict[str, Any] = {
        "description": error.description,
        IDS: [error_id],
        STATUS: answer.status,
    }
    if answer.body:
        schema = {"type": "string"}
        if error.model is not None:
            schema = {"$ref": f"#/components/schemas/{error.model.__name__}"}
        examples = {error_id: {"$ref": f"#/components/examples/{error_id}"}}
        response["content"] = {_type(answer): {"schema": schema, "examples": examples}}
    if headers := [name.decode() for name, _ in answer.headers]:
        response["headers"] = {name: {"schema": {"type": "string"}} for name in headers}
    return response


def _together(responses: list[dict[str, Any]], ids: list[str]) -> dict[str, Any]:
    """Return one response that can be any of several errors of the same status."""
    content: dict[str, dict[str, Any]] = {}
    headers: dict[str, Any] = {}
    for response in responses:
        headers |= response.get("headers", {})
        for media_type, one in response.get("content", {}).items():
            whole = content.setdefault(media_type, {"schema": [], "examples": {}})
            whole["examples"] |= one["examples"]
            if one["schema"] not in whole["schema"]:
                whole["schema"].append(one["schema"])
    for whole in content.values():
        several = whole["schema"]
        whole["schema"] = several[0] if len(several) == 1 else {"anyOf": several}
    lines = [
        f"* `{error_id}`: {r['description']}" for error_id, r in zip(ids, responses, strict=True)
    ]
    together: dict[str, Any] = {"description": "One of:\n" + "\n".join(lines), IDS: ids}
    if content:
        together["content"] = content
    if headers:
        together["headers"] = headers
    return together


def _value(answer: Response) -> Any:
    return (
        orjson.loads(answer.body)
        if b"json" in (answer.content_type or b"")
        else answer.body.decode()
    )
