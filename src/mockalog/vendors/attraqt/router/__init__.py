"""Attraqt's operations: paths, verbs, permissions and rate buckets.

Every operation outside of a realm needs `tenant` and `environment` in the query.

Source: docs/vendors/attraqt.md.
"""

from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.router import (
    batch_imports,
    batch_items,
    catalogs,
    category_trees,
    control,
    feedback,
    ingestions,
    item_schemas,
    items,
    locales,
    realms,
    tokens,
)
from mockalog.vendors.attraqt.router.realms import oauth_error

__all__ = ["control_routes", "oauth_error", "router"]

# The most used ones first.
router = VendorRouter.of(
    items.router,
    tokens.router,
    realms.router,
    catalogs.router,
    item_schemas.router,
    category_trees.router,
    batch_imports.router,
    batch_items.router,
    ingestions.router,
    locales.router,
    feedback.router,
)

control_routes = control.router
