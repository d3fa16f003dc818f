"""Operations on models."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect
from mockalog.vendors.squared.router.access import (
    API,
    UPDATE,
    WORKSPACE,
    SquaredRouter,
    update_errors,
)
from mockalog.vendors.squared.router.params import NO_CONTENT, body_of, page_request, reply
from mockalog.vendors.squared.router.paths import ModelId
from mockalog.vendors.squared.rules import models as rules
from mockalog.vendors.squared.rules import paging
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas import models as schemas
from mockalog.vendors.squared.service import models
from mockalog.vendors.squared.service.access import Caller

router = SquaredRouter(tag="Models", bucket=API, headers=WORKSPACE)

# docs/vendors/squared.md#1-contradictions, row 12.
_MODEL = ByDialect(docs={200: schemas.ModelOut}, server={200: schemas.ServerModelOut})


@router.get(
    "/api/v1/models/{model_id}",
    permission="model:read",
    responses=_MODEL,
    errors=("validation", "record-not-found"),
)
async def get_model(call: Call, caller: Caller, model_id: ModelId) -> Response:
    """Return one model."""
    return reply({"data": await models.get_model(call, caller, path_id(model_id))})


@router.get(
    "/api/v1/models",
    permission="model:read",
    query=ByDialect(docs=schemas.ModelsQueryIn, server=schemas.ServerModelsQueryIn),
    responses=ByDialect(docs={200: schemas.ModelsOut}, server={200: schemas.ServerModelsOut}),
    errors=("validation", "exception"),
)
async def list_models(call: Call, caller: Caller) -> Response:
    """List models by pages."""
    dialect = call.setting("squared.dialect")
    paging.check_page(call.query, dialect)
    types = rules.query_types(call.query, dialect)
    return reply(await models.list_models(call, caller, types, page_request(call)))


@router.post(
    "/api/v1/models",
    permission="model:create",
    body=schemas.CreateModelIn | schemas.NewModelIn,
    responses=ByDialect(docs={201: schemas.ModelOut}, server={201: schemas.ServerModelOut}),
    errors=("validation", "exception", "unstorable-value", "record-not-found", "unprocessable"),
)
async def create_model(call: Call, caller: Caller) -> Response:
    """Create a model of a connector.

    The keys may stand in `model` or at the top of the body.
    """
    values = rules.new_model(body_of(call, "model", rules.COLUMNS))
    return reply({"data": await models.create_model(call, caller, values)}, 201)


@router.declare(
    UPDATE,
    "/api/v1/models/{model_id}",
    permission="model:update",
    body=schemas.UpdateModelIn | schemas.ModelChangesIn,
    responses=_MODEL,
    errors=update_errors("record-not-found"),
)
async def update_model(call: Call, caller: Caller, model_id: ModelId) -> Response:
    """Replace parts of a model.

    The keys may stand in `model` or at the top of the body. PUT and PATCH do the same.
    """
    id_, values = rules.changes(body_of(call, "model", rules.COLUMNS), model_id)
    return reply({"data": await models.update_model(call, caller, id_, values)})


@router.delete(
    "/api/v1/models/{model_id}",
    permission="model:delete",
    responses={204: None},
    errors=("validation", "record-not-found"),
)
async def delete_model(call: Call, caller: Caller, model_id: ModelId) -> Response:
    """Delete a model with its syncs."""
    await models.delete_model(call, caller, path_id(model_id))
    return NO_CONTENT
