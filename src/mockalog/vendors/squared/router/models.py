"""Operations on models."""

from mockalog.kernel.call import Call
from mockalog.kernel.wire import Answer
from mockalog.vendors.squared.router.index import UPDATE, router
from mockalog.vendors.squared.router.limits import API
from mockalog.vendors.squared.rules import models as rules
from mockalog.vendors.squared.rules import paging
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas import NO_CONTENT, body_of, reply
from mockalog.vendors.squared.service import models
from mockalog.vendors.squared.service.identity import identify


@router.get("/api/v1/models/{model_id}", permission="model:read", bucket=API)
async def get_model(call: Call, model_id: str) -> Answer:
    """Return one model."""
    caller = await identify(call)
    return reply({"data": await models.get_model(call, caller, path_id(model_id))})


@router.get("/api/v1/models", permission="model:read", bucket=API)
async def list_models(call: Call) -> Answer:
    """List models by pages."""
    caller = await identify(call)
    dialect = call.setting("squared.dialect")
    paging.check_page(call.query, dialect)
    wanted = rules.wanted_types(call.query, dialect)
    return reply(await models.list_models(call, caller, wanted))


@router.post("/api/v1/models", permission="model:create", bucket=API)
async def create_model(call: Call) -> Answer:
    """Create a model."""
    caller = await identify(call)
    values = rules.new_model(body_of(call, "model", rules.COLUMNS))
    return reply({"data": await models.create_model(call, caller, values)}, 201)


@router.declare(UPDATE, "/api/v1/models/{model_id}", permission="model:update", bucket=API)
async def update_model(call: Call, model_id: str) -> Answer:
    """Update a model."""
    caller = await identify(call)
    wanted, values = rules.changes(body_of(call, "model", rules.COLUMNS), model_id)
    return reply({"data": await models.update_model(call, caller, wanted, values)})


@router.delete("/api/v1/models/{model_id}", permission="model:delete", bucket=API)
async def delete_model(call: Call, model_id: str) -> Answer:
    """Delete a model."""
    caller = await identify(call)
    await models.delete_model(call, caller, path_id(model_id))
    return NO_CONTENT
