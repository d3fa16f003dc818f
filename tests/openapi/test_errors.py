"""The error catalogue in a document: examples that an envelope makes, and answers by status."""

from typing import Any

from pydantic import BaseModel

from mockalog.kernel.errors import (
    ApiError,
    BodyTooLargeError,
    ForbiddenError,
    MalformedBodyError,
    RateLimitedError,
    UnauthorizedError,
    UnknownOperationError,
)
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.vendor import Documentation, ErrorDoc
from mockalog.openapi.errors import IDS, error_components, error_responses


class MessageOut(BaseModel):
    """A message."""

    message: str


class ReasonOut(BaseModel):
    """A reason."""

    reason: str


def envelope(error: ApiError, exchange: Exchange) -> Response:
    """Word a refusal: as JSON of two shapes, as a text, or without a body."""
    match error:
        case UnauthorizedError() | ForbiddenError():
            return json_response({"message": "no"}, 403)
        case MalformedBodyError(reason):
            return json_response({"reason": reason}, 403, ((b"x-reason", b"1"),))
        case RateLimitedError():
            return Response(403, b"later", content_type=b"text/plain; charset=utf-8")
        case BodyTooLargeError():
            return Response(413, content_type=None)
    return Response(413, content_type=None)


ERRORS = {
    "unauthorized": ErrorDoc(UnauthorizedError(), MessageOut, "No credential."),
    "forbidden": ErrorDoc(ForbiddenError("x"), MessageOut, "No permission."),
    "malformed-body": ErrorDoc(MalformedBodyError("it ends"), ReasonOut, "No JSON."),
    "rate-limited": ErrorDoc(RateLimitedError(1), None, "Too often."),
    "body-too-large": ErrorDoc(BodyTooLargeError(1), None, "Too large."),
    "unknown": ErrorDoc(UnknownOperationError(), None, "Unknown."),
}
COMPONENTS = error_components(
    Documentation(description="", tags={}, errors=ERRORS, common=lambda route: ()), envelope
)


def shown(*ids: str) -> dict[str, Any]:
    """Return the refusals of an operation by their status."""
    return error_responses(ids, COMPONENTS["responses"])


def test_an_example_is_the_envelopes() -> None:
    """JSON as it is, a text as a text; an answer without a body has none."""
    examples = COMPONENTS["examples"]

    assert examples["malformed-body"] == {"summary": "No JSON.", "value": {"reason": "it ends"}}
    assert examples["rate-limited"]["value"] == "later"
    assert "body-too-large" not in examples
    assert "content" not in COMPONENTS["responses"]["body-too-large"]


def test_one_error_of_a_status_is_referred_to() -> None:
    """By its id."""
    assert shown("forbidden", "body-too-large") == {
        "403": {"$ref": "#/components/responses/forbidden"},
        "413": {"$ref": "#/components/responses/body-too-large"},
    }


def test_errors_of_one_status_and_shape_share_the_shape() -> None:
    """Each has its own example, and a line of the description."""
    together = shown("unauthorized", "forbidden")["403"]

    assert together[IDS] == ["unauthorized", "forbidden"]
    assert together["description"].splitlines()[1:] == [
        "* `unauthorized`: No credential.",
        "* `forbidden`: No permission.",
    ]
    content = together["content"]["application/json"]
    assert content["schema"] == {"$ref": "#/components/schemas/MessageOut"}
    assert list(content["examples"]) == ["unauthorized", "forbidden"]
    assert "headers" not in together


def test_errors_of_one_status_may_differ_in_shape_type_and_headers() -> None:
    """The answer is then any of them."""
    together = shown("forbidden", "malformed-body", "rate-limited")["403"]

    assert together["content"]["application/json"]["schema"] == {
        "anyOf": [
            {"$ref": "#/components/schemas/MessageOut"},
            {"$ref": "#/components/schemas/ReasonOut"},
        ]
    }
    assert together["content"]["text/plain"]["schema"] == {"type": "string"}
    assert together["headers"] == {"x-reason": {"schema": {"type": "string"}}}


def test_errors_without_a_body_have_no_content_together_either() -> None:
    """Only what they mean is said."""
    together = shown("body-too-large", "unknown")["413"]

    assert together.keys() == {"description", IDS}
