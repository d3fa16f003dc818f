"""The files of the pages: Swagger UI's, from the package fastapi-swagger, and two of our own."""

from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from mockalog.kernel.http.responses import Response

_OWN = Path(__file__).with_name("static")

_JAVASCRIPT = b"text/javascript; charset=utf-8"
_CSS = b"text/css; charset=utf-8"

# The content type of each file.
TYPES = {
    "docs.js": _JAVASCRIPT,
    "docs.css": _CSS,
    "swagger-ui-bundle.js": _JAVASCRIPT,
    "swagger-ui.css": _CSS,
    "favicon-32x32.png": b"image/png",
}


@cache
def asset(name: str) -> Response:
    """Return a file of `TYPES`. It is read once and blocks: call it in a thread."""
    own = _OWN / name
    file = own if own.exists() else _swagger_ui() / name
    return with_etag(Response(200, file.read_bytes(), content_type=TYPES[name]))


def with_etag(response: Response) -> Response:
    """Return a response with an ETag: a client may reuse its copy after a 304."""
    etag = f'"{sha256(response.body).hexdigest()[:32]}"'.encode()
    headers = (*response.headers, (b"etag", etag), (b"cache-control", b"no-cache"))
    return response._replace(headers=(*headers, (b"x-content-type-options", b"nosniff")))


def _swagger_ui() -> Path:
    """Return the folder of Swagger UI's files, without an import of the package."""
    spec = find_spec("fastapi_swagger")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).with_name("resources")
