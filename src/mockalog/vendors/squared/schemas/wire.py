"""A request's body as its keys, and an answer's frame."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from mockalog.kernel.formats.json import dumps
from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import JSON
from mockalog.vendors.squared.rules import bodies

FORM = "application/x-www-form-urlencoded"

NO_CONTENT = Response(204, content_type=None)


def body_of(call: Call, wrapper: str = "", columns: Sequence[str] = ()) -> dict[str, Any]:
    """Return the request's keys; JSON gets the wrapper where it is absent, a form does not.

    A body without a content type counts as a form, as Rack has it.
    """
    content_type = call.headers.get("content-type", FORM).lower()
    if "json" in content_type:
        return bodies.wrapped(bodies.from_json(call.json), wrapper, columns)
    if FORM not in content_type:
        return {}
    text = call.body.decode("utf-8", "replace")
    return bodies.from_pairs(parse_qsl(text, keep_blank_values=True))


def reply(value: Any, status: int = 200) -> Response:
    """Return a JSON answer."""
    return Response(status, dumps(value), content_type=JSON)


def resource(type_: str, row: Any, attributes: dict[str, Any]) -> dict[str, Any]:
    """Return one JSON:API object: its id is text here and nowhere else."""
    return {"id": str(row.id), "type": type_, "attributes": attributes}
