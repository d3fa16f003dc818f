"""Squared's operations: paths, verbs, permissions, rate limits and documentation.

Sources: docs/vendors/squared.md; the permissions are the rights of docs/vendors/squared.md#4-roles,
an operation on catalogs needs those of connectors.
"""

from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.squared.router import control, models
from mockalog.vendors.squared.router.accounts import accounts, recovery, roles, workspaces
from mockalog.vendors.squared.router.connectors import catalogs, connectors, definitions, queries
from mockalog.vendors.squared.router.syncs import manual_runs, reports, sync_runs, syncs

__all__ = ["control_routes", "router"]

# In the order in which `/_mockalog/info` shows them.
router = VendorRouter.of(
    accounts.router,
    recovery.router,
    queries.router,
    connectors.router,
    definitions.router,
    catalogs.router,
    models.router,
    sync_runs.router,
    manual_runs.router,
    reports.router,
    syncs.router,
    workspaces.router,
    roles.router,
)

control_routes = control.router
