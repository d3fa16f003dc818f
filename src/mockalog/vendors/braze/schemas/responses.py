"""The response of a call without data, and the headers of every success."""

from typing import Literal

from pydantic import ConfigDict

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.declaration import Model, ResponseDoc
from mockalog.vendors.braze.schemas.base import Out

SUCCESS = {"message": "success"}
_SUCCEEDED = {status: json_response(SUCCESS, status) for status in (200, 201, 202)}

LIMITS = {
    "X-RateLimit-Limit": "Calls that one window of the rate limit allows.",
    "X-RateLimit-Remaining": "Calls that are left in this window.",
    "X-RateLimit-Reset": "UTC epoch second at which the next window begins.",
}
ETAG = {"ETag": "Weak entity tag: the first half of the body's SHA-256."}
LINK = {"Link": "Relative addresses of the pages before (`prev`) and after (`next`) this one."}


class SuccessOut(Out):
    """The request is done, or accepted to take effect shortly after."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"message": "success"}]})

    message: Literal["success"]


def success(status: int = 200) -> Response:
    """Return the response of a call without data."""
    return _SUCCEEDED[status]


def succeeds(
    model: Model, status: int = 200, headers: dict[str, str] | None = None
) -> dict[int, ResponseDoc]:
    """Return the documented success of an operation, with Braze's headers.

    `headers` are more of them, each with its description.
    """
    cached = {} if status == 202 else ETAG
    return {status: ResponseDoc(model, headers={**LIMITS, **cached, **(headers or {})})}
