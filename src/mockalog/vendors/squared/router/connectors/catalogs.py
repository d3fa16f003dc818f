"""Operations on catalogs."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.vendors.squared.router.access import API, UPDATE, WORKSPACE, SquaredRouter
from mockalog.vendors.squared.router.params import body_of, reply
from mockalog.vendors.squared.router.paths import CatalogId
from mockalog.vendors.squared.rules.connectors import catalogs as rules
from mockalog.vendors.squared.schemas.connectors.catalogs import (
    CatalogIn,
    CatalogOut,
    FlatCatalogOut,
    catalog_of,
    flat_catalog_of,
)
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.connectors import catalogs

router = SquaredRouter(tag="Catalogs", bucket=API, headers=WORKSPACE, body=CatalogIn)


@router.post(
    "/api/v1/catalogs",
    permission="connector:create",
    # docs/vendors/squared.md#1-contradictions, rows 1 and 2.
    responses=ByDialect(docs={200: FlatCatalogOut}, server={201: CatalogOut}),
    errors=("validation", "connector-not-found"),
)
async def create_catalog(call: Call, caller: Caller) -> Response:
    """Create the catalog of a connector, or replace it.

    The stored catalog has one stream, named after the connector.
    """
    new = rules.new_catalog(body_of(call, "catalog"))
    row = await catalogs.create_catalog(call, caller, new)
    if call.setting("squared.dialect") == "docs":
        return reply(flat_catalog_of(row, new.posted))
    return reply({"data": catalog_of(row)}, 201)


@router.declare(
    UPDATE,
    "/api/v1/catalogs/{catalog_id}",
    permission="connector:update",
    # docs/vendors/squared.md#1-contradictions, rows 3 and 26: the server does not check the
    # catalog's number.
    responses=ByDialect(docs={200: CatalogOut}, server={201: CatalogOut}),
    errors=ByDialect(
        docs=("validation", "connector-not-found", "catalog-not-found"),
        server=("validation", "exception", "connector-not-found"),
    ),
)
async def update_catalog(call: Call, caller: Caller, catalog_id: CatalogId) -> Response:
    """Replace the stream of a connector's catalog; its number stays.

    PUT and PATCH do the same.
    """
    id_, new = rules.changed_catalog(body_of(call, "catalog"), catalog_id)
    row = await catalogs.update_catalog(call, caller, id_, new)
    status = 200 if call.setting("squared.dialect") == "docs" else 201
    return reply({"data": catalog_of(row)}, status)
