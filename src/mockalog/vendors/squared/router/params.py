"""The body and the page of a request, and the frame of an answer."""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from mockalog.kernel.formats.json import dumps
from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import JSON
from mockalog.vendors.squared.rules import params
from mockalog.vendors.squared.schemas.paging import PageRequest

FORM = "application/x-www-form-urlencoded"

NO_CONTENT = Response(204, content_type=None)


def body_of(call: Call, wrapper: str = "", columns: Sequence[str] = ()) -> dict[str, object]:
    """Return the keys of a request; JSON gets a missing wrapper, a form does not.

    A body without a content type counts as a form, as in Rack.
    """
    content_type = call.headers.get("content-type", FORM).lower()
    if "json" in content_type:
        return params.add_wrapper(params.from_json(call.json), wrapper, columns)
    if FORM not in content_type:
        return {}
    text = call.body.decode("utf-8", "replace")
    return params.from_pairs(parse_qsl(text, keep_blank_values=True))


def page_request(call: Call) -> PageRequest:
    """Return the request of a page in a list."""
    url = call.base_url + call.exchange.raw_path
    return PageRequest(url, call.query, call.setting("squared.dialect"))


def reply(value: object, status: int = 200) -> Response:
    """Return a JSON answer."""
    return Response(status, dumps(value), content_type=JSON)
