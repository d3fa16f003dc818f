"""Attraqt's operations: paths, verbs, permissions and rate buckets.

Source: docs/vendors/attraqt.md.

Every one needs `tenant` and `environment` in the query, but the token endpoint.
"""

from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.attraqt.router import (
    batch_imports,
    batch_items,
    catalogs,
    category_trees,
    feedback,
    ingestions,
    item_schemas,
    items,
    locales,
    tokens,
)
from mockalog.vendors.attraqt.router.inspections import inspections

__all__ = ["inspections", "router"]

# The most used ones first.
router = VendorRouter.of(
    items.router,
    tokens.router,
    catalogs.router,
    item_schemas.router,
    category_trees.router,
    batch_imports.router,
    batch_items.router,
    ingestions.router,
    locales.router,
    feedback.router,
)
