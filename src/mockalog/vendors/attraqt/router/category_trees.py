"""Category trees.

Source: docs/vendors/attraqt.md#5-category-trees.
"""

from mockalog.kernel.http.responses import Response, json_response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.errors import CATEGORY_TREE_TENANT_ENV
from mockalog.vendors.attraqt.router.access import KEY, has_fhr_validation, tenancy_of
from mockalog.vendors.attraqt.rules.locales import ISO_CODES
from mockalog.vendors.attraqt.schemas.base import EmptyOut, FhrIn, TenancyIn, VersionOut
from mockalog.vendors.attraqt.schemas.category_trees import (
    CategoryTreeIn,
    CategoryTreeName,
    CategoryTreeOut,
    CategoryTreesOut,
    CategoryTreesQueryIn,
    CategoryTreeVersion,
    ReplacedCategoryTreeIn,
)
from mockalog.vendors.attraqt.service import versions
from mockalog.vendors.attraqt.service.versions import CATEGORY_TREE

router = VendorRouter(
    tag="Category trees", key=KEY, query=TenancyIn, errors=("CATEGORY_TREE_TENANT_ENV",)
)


@router.get(
    "/category-trees",
    permission="category-trees:READ",
    query=CategoryTreesQueryIn,
    responses={200: CategoryTreesOut},
)
async def list_category_trees(call: Call) -> Response:
    """List every version of every category tree, newest first, children left out."""
    tenancy = tenancy_of(call, CATEGORY_TREE_TENANT_ENV)
    pattern = call.query.get("nameSearchPattern", "")
    entries = await versions.list_versions(call, CATEGORY_TREE, tenancy, pattern)
    return schemas.list_out("categoryTrees", entries)


@router.post(
    "/category-trees",
    permission="category-trees:WRITE",
    imports=(ISO_CODES,),
    query=FhrIn,
    body=CategoryTreeIn,
    responses={200: VersionOut},
    errors=(
        "CATEGORY_TREE_TENANT_ENV",
        "CATEGORY_TREE_NAME",
        "CATEGORY_TREE_LOCALE",
        "CATEGORY_TREE_LEAF",
        "CATEGORY_TREE_ALREADY_EXISTS",
    ),
)
async def create_category_tree(call: Call) -> Response:
    """Create a category tree under a new name.

    Its JSON may have at most 4 MB. Names of nodes are unique in the tree.
    """
    tenancy = tenancy_of(call, CATEGORY_TREE_TENANT_ENV)
    fhr = has_fhr_validation(call)
    version = await versions.create_version(call, CATEGORY_TREE, tenancy, call.json, fhr=fhr)
    return json_response({"version": version})


@router.put(
    "/category-trees/{name}",
    permission="category-trees:WRITE",
    imports=(ISO_CODES,),
    query=FhrIn,
    body=ReplacedCategoryTreeIn,
    optional_body=True,
    responses={200: VersionOut},
    errors=(
        "CATEGORY_TREE_TENANT_ENV",
        "CATEGORY_TREE_NOT_FOUND",
        "CATEGORY_TREE_NAME",
        "CATEGORY_TREE_LOCALE",
        "CATEGORY_TREE_LEAF",
    ),
)
async def replace_category_tree(call: Call, name: CategoryTreeName) -> Response:
    """Store a full new version of a category tree.

    Earlier versions stay as they are, and so do the catalogs that use them.
    """
    tenancy = tenancy_of(call, CATEGORY_TREE_TENANT_ENV)
    fhr = has_fhr_validation(call)
    version = await versions.replace_version(
        call, CATEGORY_TREE, tenancy, name, read_body=lambda: call.json, fhr=fhr
    )
    return json_response({"version": version})


@router.get(
    "/category-trees/{name}/{version}",
    permission="category-trees:READ",
    responses={200: CategoryTreeOut},
    errors=("CATEGORY_TREE_TENANT_ENV", "CATEGORY_TREE_NOT_FOUND"),
)
async def get_category_tree(
    call: Call, name: CategoryTreeName, version: CategoryTreeVersion
) -> Response:
    """Show one version with all of its nodes."""
    tenancy = tenancy_of(call, CATEGORY_TREE_TENANT_ENV)
    document = await versions.get_version(call, CATEGORY_TREE, tenancy, name, version)
    return schemas.document_out(document)


@router.delete(
    "/category-trees/{name}/{version}",
    permission="category-trees:WRITE",
    responses={200: EmptyOut},
    errors=(
        "CATEGORY_TREE_TENANT_ENV",
        "CATEGORY_TREE_NOT_FOUND",
        "CATEGORY_TREE_DELETION_USE",
    ),
)
async def delete_category_tree(
    call: Call, name: CategoryTreeName, version: CategoryTreeVersion
) -> Response:
    """Delete one version that no catalog uses."""
    tenancy = tenancy_of(call, CATEGORY_TREE_TENANT_ENV)
    await versions.delete_version(call, CATEGORY_TREE, tenancy, name, version)
    return json_response({})
