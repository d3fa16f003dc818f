"""Tokens, catalogs, item schemas and category trees (attraqt.md, sections 2 to 5)."""

from mockalog.kernel.call import Call
from mockalog.kernel.rate_limit import Bucket
from mockalog.kernel.vendor_route import VendorRouter
from mockalog.kernel.wire import Answer, answer
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import InvalidClient
from mockalog.vendors.attraqt.service import activations, catalogs, tokens, versions
from mockalog.vendors.attraqt.service.versions import CATEGORY_TREE, ITEM_SCHEMA

router = VendorRouter()

TOKENS = Bucket("attraqt.tokens", limit=10, seconds=1)


@router.post(
    "/auth/realms/{tenant}/protocol/openid-connect/token",
    bucket=TOKENS,
    credential=tokens.credential,
    unauthorized=InvalidClient,
)
async def create_token(call: Call, tenant: str) -> Answer:
    """Give a client an access token."""
    return answer(await tokens.create_token(call, tenant))


@router.get("/catalogs", permission="catalogs:READ")
async def list_catalogs(call: Call) -> Answer:
    """List the catalogs, newest first."""
    return schemas.list_out("catalogs", await catalogs.list_catalogs(call))


@router.get("/catalogs/active", permission="catalogs:READ")
async def get_active_catalog(call: Call) -> Answer:
    """Show the ACTIVE catalog."""
    return schemas.document_out(await catalogs.get_active_catalog(call))


@router.post("/catalogs", permission="catalogs:WRITE")
async def create_catalog(call: Call) -> Answer:
    """Create an INACTIVE catalog, with `createBatchImport` also its default batch."""
    return answer({"version": await catalogs.create_catalog(call)})


@router.post("/catalogs/activate/{version}", permission="catalogs:WRITE", schedules=True)
async def activate_catalog(call: Call, version: str) -> Answer:
    """Start an activation; whether it comes off is seen later."""
    await activations.activate_catalog(call, version)
    return answer({})


@router.delete("/catalogs/{version}", permission="catalogs:WRITE")
async def delete_catalog(call: Call, version: str) -> Answer:
    """Delete an INACTIVE catalog with its items."""
    await catalogs.delete_catalog(call, version)
    return answer({})


@router.get("/item-schemas", permission="item-schemas:READ")
async def list_item_schemas(call: Call) -> Answer:
    """List every version of every schema, attributes left out."""
    return schemas.list_out("itemSchemas", await versions.list_versions(call, ITEM_SCHEMA))


@router.post("/item-schemas", permission="item-schemas:WRITE")
async def create_item_schema(call: Call) -> Answer:
    """Create a schema under a new name."""
    return answer({"version": await versions.create_version(call, ITEM_SCHEMA)})


@router.put("/item-schemas/{name}", permission="item-schemas:WRITE")
async def replace_item_schema(call: Call, name: str) -> Answer:
    """Store a full new version of a schema."""
    return answer({"version": await versions.replace_version(call, ITEM_SCHEMA, name)})


@router.get("/item-schemas/{name}/{version}", permission="item-schemas:READ")
async def get_item_schema(call: Call, name: str, version: str) -> Answer:
    """Show one version, defaults filled in."""
    return schemas.document_out(await versions.get_version(call, ITEM_SCHEMA, name, version))


@router.delete("/item-schemas/{name}/{version}", permission="item-schemas:WRITE")
async def delete_item_schema(call: Call, name: str, version: str) -> Answer:
    """Delete one version that no catalog uses."""
    await versions.delete_version(call, ITEM_SCHEMA, name, version)
    return answer({})


@router.get("/category-trees", permission="category-trees:READ")
async def list_category_trees(call: Call) -> Answer:
    """List every version of every tree, children left out."""
    pattern = call.query.get("nameSearchPattern", "")
    entries = await versions.list_versions(call, CATEGORY_TREE, pattern)
    return schemas.list_out("categoryTrees", entries)


@router.post("/category-trees", permission="category-trees:WRITE")
async def create_category_tree(call: Call) -> Answer:
    """Create a tree under a new name."""
    return answer({"version": await versions.create_version(call, CATEGORY_TREE)})


@router.put("/category-trees/{name}", permission="category-trees:WRITE")
async def replace_category_tree(call: Call, name: str) -> Answer:
    """Store a full new version of a tree."""
    return answer({"version": await versions.replace_version(call, CATEGORY_TREE, name)})


@router.get("/category-trees/{name}/{version}", permission="category-trees:READ")
async def get_category_tree(call: Call, name: str, version: str) -> Answer:
    """Show one version, all of its nodes."""
    return schemas.document_out(await versions.get_version(call, CATEGORY_TREE, name, version))


@router.delete("/category-trees/{name}/{version}", permission="category-trees:WRITE")
async def delete_category_tree(call: Call, name: str, version: str) -> Answer:
    """Delete one version that no catalog uses."""
    await versions.delete_version(call, CATEGORY_TREE, name, version)
    return answer({})
