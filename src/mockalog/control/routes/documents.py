"""OpenAPI documents, and the pages that show them."""

import asyncio
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.keys import ADMIN
from mockalog.control.calls.models import Out, absent
from mockalog.control.calls.problems import ProblemError
from mockalog.control.calls.route import ControlRouter
from mockalog.control.pages.assets import TYPES, asset, with_etag
from mockalog.control.pages.page import CONTROL, TITLE, Shown, page
from mockalog.control.pages.servers import control_servers, vendor_servers
from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.declaration import ResponseDoc
from mockalog.kernel.vendor.fault_rules import unknown
from mockalog.kernel.vendor.vendor import ADDRESSED, Vendor

router = ControlRouter(tag="Documents", key=ADMIN)

VendorName = Annotated[str, Path(description="The vendor's name.", examples=["braze"])]
AssetName = Annotated[str, Path(description="The file's name.", examples=["docs.js"])]


class DialectIn(BaseModel):
    """The dialect of a vendor's API."""

    model_config = ConfigDict(extra="forbid", defer_build=True)

    dialect: str = Field("", description="A dialect of the vendor; by default its usual one.")


class OpenApiOut(Out):
    """An OpenAPI 3.1 document."""

    openapi: str
    info: dict[str, Any]
    servers: list[dict[str, Any]]
    paths: dict[str, Any]
    components: dict[str, Any]
    tags: list[dict[str, Any]] = Field(default_factory=absent)


_CACHE_HEADERS = {
    "ETag": "The digest of the body: a call with it in `If-None-Match` is answered 304.",
    "Cache-Control": "A browser asks each time.",
    "X-Content-Type-Options": "A browser does not guess the type.",
}
_PAGE_HEADERS = {
    **_CACHE_HEADERS,
    "Content-Security-Policy": "The page loads and calls only the server's own addresses.",
}
_DOCUMENT = {
    200: ResponseDoc(OpenApiOut, "The document.", headers=_CACHE_HEADERS),
    304: ResponseDoc(media_type=None, headers=_CACHE_HEADERS),
}
_PAGE = {
    200: ResponseDoc(None, "The page.", "text/html", _PAGE_HEADERS),
    304: ResponseDoc(media_type=None, headers=_PAGE_HEADERS),
}
_ASSET = {
    200: ResponseDoc(None, "The file.", "*/*", _CACHE_HEADERS),
    304: ResponseDoc(media_type=None, headers=_CACHE_HEADERS),
}

# The policy of a page; the addresses that it may call are appended.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "connect-src 'self'"
)


@router.get("/openapi.json", responses=_DOCUMENT)
async def get_control_document(call: ControlCall) -> Response:
    """Return the OpenAPI document of the control plane."""
    servers = control_servers(call.settings, _forwarded_prefix(call))
    return _unless_cached(call, await call.app.documents.response(CONTROL, "", servers))


@router.get("/docs", responses=_PAGE)
async def show_control_page(call: ControlCall) -> Response:
    """Show the document of the control plane as a page that can make calls."""
    servers = control_servers(call.settings, _forwarded_prefix(call))
    return _page_answer(call, Shown(CONTROL, TITLE), servers)


@router.get("/{vendor}/openapi.json", query=DialectIn, responses=_DOCUMENT, errors=("not-found",))
async def get_vendor_document(call: ControlCall, vendor: VendorName) -> Response:
    """Return the OpenAPI document of a vendor's API."""
    name = _vendor(call, vendor).name
    servers = _servers(call, name)
    return _unless_cached(
        call, await call.app.documents.response(name, call.query.dialect, servers)
    )


@router.get("/{vendor}/docs", query=DialectIn, responses=_PAGE, errors=("not-found",))
async def show_vendor_page(call: ControlCall, vendor: VendorName) -> Response:
    """Show the document of a vendor's API as a page that can make calls."""
    found = _vendor(call, vendor)
    dialects = await call.app.documents.dialects(found.name, call.query.dialect)
    shown = Shown(found.name, found.title, call.query.dialect, dialects)
    return _page_answer(call, shown, _servers(call, found.name))


@router.get("/assets/{name}", responses=_ASSET, errors=("not-found",))
async def get_asset(call: ControlCall, name: AssetName) -> Response:
    """Return a file of the pages."""
    if name not in TYPES:
        raise ProblemError(404, unknown("asset", name, TYPES))
    return _unless_cached(call, await asyncio.to_thread(asset, name))


def _vendor(call: ControlCall, name: str) -> Vendor:
    vendors = call.vendors
    if name not in vendors:
        raise ProblemError(404, unknown("vendor", name, vendors))
    return vendors[name]


def _servers(call: ControlCall, vendor: str) -> tuple[str, ...]:
    addressed = call.scope.get(ADDRESSED)
    return vendor_servers(call.settings, vendor, addressed, _forwarded_prefix(call))


def _forwarded_prefix(call: ControlCall) -> str:
    return call.headers.get("x-forwarded-prefix", "")


def _page_answer(call: ControlCall, shown: Shown, servers: tuple[str, ...]) -> Response:
    """Return a page that runs only the scripts of this server, and calls only its addresses."""
    vendors = call.vendors.values()
    others = [(CONTROL, "Control plane"), *((vendor.name, vendor.title) for vendor in vendors)]
    elsewhere = [url for url in servers if not url.startswith("/")]
    policy = " ".join([_POLICY, *elsewhere])
    headers = ((b"content-security-policy", policy.encode()),)
    response = Response(200, page(shown, others), headers, b"text/html; charset=utf-8")
    return _unless_cached(call, with_etag(response))


def _unless_cached(call: ControlCall, response: Response) -> Response:
    """Return a response; 304 without a body if the client has the same one."""
    known = call.headers.get("if-none-match", "")
    etags = {etag.strip().removeprefix("W/") for etag in known.split(",")}
    if dict(response.headers)[b"etag"].decode() in etags:
        return response._replace(status=304, body=b"", content_type=None)
    return response
