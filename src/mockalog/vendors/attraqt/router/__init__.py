"""Attraqt's operations: paths, verbs, permissions and rate buckets (attraqt.md, sections 2 to 9).

Every one needs `tenant` and `environment` in the query, but the token endpoint.
"""

from mockalog.kernel.vendor_route import VendorRouter
from mockalog.vendors.attraqt.router import batches, catalogs, feedback, items
from mockalog.vendors.attraqt.router.items import inspections

__all__ = ["inspections", "router"]

# The most used ones first.
router = VendorRouter.of(items.router, catalogs.router, batches.router, feedback.router)
