"""The control plane's errors: `application/problem+json` (RFC 9457), whatever went wrong."""

import logging
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException

from mockalog.control.methods import methods_of
from mockalog.kernel.arming import Unarmable
from mockalog.kernel.documents import InvalidDocument
from mockalog.kernel.errors import Unstorable
from mockalog.kernel.options import InvalidOption
from mockalog.kernel.rights import UnknownPermission
from mockalog.kernel.snapshots import UnknownSnapshot
from mockalog.kernel.wire import dumps

logger = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818 - named after what RFC 9457 calls it
    """A control call that is refused: an HTTP status and one sentence."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def install(app: FastAPI) -> None:
    """Make every error of the app a problem document."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(InvalidOption, _bad_request)
    app.add_exception_handler(Unarmable, _bad_request)
    app.add_exception_handler(UnknownPermission, _bad_request)
    app.add_exception_handler(InvalidDocument, _bad_request)
    app.add_exception_handler(UnknownSnapshot, _not_found)
    app.add_exception_handler(Unstorable, _unstorable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return render(error.status, error.detail)


async def _bad_request(request: Request, error: Exception) -> Response:
    return render(400, str(error))


async def _not_found(request: Request, error: Exception) -> Response:
    return render(404, str(error))


async def _unstorable(request: Request, error: Exception) -> Response:
    return render(400, "a value is one that no database keeps")


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if isinstance(first["input"], bytes):  # handed on unread: it is not said to be JSON
        return render(415, _wrong_type(request))
    if first["type"] == "json_invalid":
        at = f"{first['ctx']['error']} (character {first['loc'][1]})"
        return render(400, f"the body is not JSON: {at}")
    where = ".".join(str(part) for part in first["loc"])
    return render(400, f"{where}: {first['msg'].removeprefix('Value error, ')}")


def _wrong_type(request: Request) -> str:
    given = request.headers.get("content-type", "none")
    return f"the body must be JSON, with Content-Type: application/json; it has {given}"


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    if error.status_code == 400:  # FastAPI's, of a body that Python's parser gave up
        return render(400, f"the body is not JSON: {_given_up(error)}")
    return no_call(request)


def _given_up(error: Exception) -> str:
    if isinstance(error.__cause__, RecursionError):
        return "it is nested too deeply"
    return str(error.__cause__)


def no_call(request: Request) -> Response:
    """Say that there is no such control call: 405 where the path takes other methods, else 404."""
    path = request.url.path
    said = f"{request.method} {path} is no control call"
    if methods := ", ".join(methods_of(request)):
        answer = render(405, f"{said}: this path takes {methods}")
        answer.headers["Allow"] = methods
        return answer
    if path.endswith("/"):
        said += f": they have no slash at their end, as {path.rstrip('/')}"
    return render(404, said)


async def _unexpected(request: Request, error: Exception) -> Response:
    logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return render(500, "mockalog itself failed; its log says how")


def render(status: int, detail: str) -> Response:
    """Return a problem document."""
    title = HTTPStatus(status).phrase
    body = dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
    return Response(body, status, media_type="application/problem+json")
