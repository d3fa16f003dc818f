"""Braze's operations: paths, verbs, statuses, permissions and rate buckets.

Bodies are read here, before the service looks for the catalog, because bad syntax comes first:
docs/vendors/braze.md#7-errors.
"""

from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.braze.router import bulk, catalogs, fields, items, selections
from mockalog.vendors.braze.router.inspections import router as inspections

__all__ = ["inspections", "router"]

router = VendorRouter.of(
    catalogs.router, items.router, bulk.router, fields.router, selections.router
)
