"""Squared's operations: paths, verbs, permissions, rate limits and documentation.

Sources: docs/vendors/squared.md; the permissions are the rights of docs/vendors/squared.md#4-roles,
catalogs go by the connectors'.
"""

from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.squared.router import (
    accounts,
    asking,
    catalogs,
    connectors,
    definitions,
    manual_runs,
    models,
    recovery,
    reports,
    roles,
    sync_runs,
    syncs,
    workspaces,
)
from mockalog.vendors.squared.router.inspections import inspections

__all__ = ["inspections", "router"]

# In the order in which `/_mockalog/info` shows them.
router = VendorRouter.of(
    accounts.router,
    recovery.router,
    asking.router,
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
