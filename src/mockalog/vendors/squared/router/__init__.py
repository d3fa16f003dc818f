"""Squared's operations: paths, verbs, statuses, permissions and rate buckets.

Source: squared.md; the permissions are section 4's rights, catalogs go by the connectors'.
"""

from mockalog.vendors.squared.router import (
    accounts,
    asking,
    connectors,
    models,
    sync_runs,
    syncs,
    workspaces,
    worlds,
)
from mockalog.vendors.squared.router.index import inspections, router

__all__ = [
    "accounts",
    "asking",
    "connectors",
    "inspections",
    "models",
    "router",
    "sync_runs",
    "syncs",
    "workspaces",
    "worlds",
]
