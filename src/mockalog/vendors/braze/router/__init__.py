"""Braze's operations: paths, verbs, statuses, permissions and rate buckets.

Bodies are parsed here, before the service finds the catalog, because bad syntax comes first. The
rules check their content after that: docs/vendors/braze.md#7-errors.
"""

from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.braze.router import (
    bulk_items,
    catalogs,
    control,
    fields,
    items,
    selections,
)

__all__ = ["control_routes", "router"]

router = VendorRouter.of(
    catalogs.router, items.router, bulk_items.router, fields.router, selections.router
)
control_routes = control.router
