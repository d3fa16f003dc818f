"""What Squared's rows owe each other."""

from sqlalchemy import and_, exists, or_

from mockalog.kernel.invariants import Invariant, counted, numbered, refers
from mockalog.kernel.repository import series_table
from mockalog.vendors.squared import repository as series
from mockalog.vendors.squared.models import (
    catalogs,
    connectors,
    mails,
    memberships,
    models,
    organizations,
    rows,
    sync_records,
    sync_runs,
    syncs,
    users,
    workspaces,
    worlds,
)
from mockalog.vendors.squared.rules.schedules import CRON, INTERVALS, UNITS

INVARIANTS = (
    numbered(users.c.id, series.USERS),
    numbered(organizations.c.id, series.ORGANIZATIONS),
    numbered(workspaces.c.id, series.WORKSPACES),
    numbered(connectors.c.id, series.CONNECTORS),
    numbered(mails.c.id, series.MAILS),
    numbered(catalogs.c.id, series.CATALOGS),
    numbered(models.c.id, series.MODELS),
    numbered(syncs.c.id, series.SYNCS),
    numbered(sync_runs.c.id, series.SYNC_RUNS),
    numbered(sync_records.c.id, series.SYNC_RECORDS),
    refers(workspaces.c.organization_id, organizations.c.id),
    refers(memberships.c.user_id, users.c.id),
    refers(memberships.c.workspace_id, workspaces.c.id),
    refers(connectors.c.workspace_id, workspaces.c.id),
    refers(catalogs.c.connector_id, connectors.c.id, "workspace_id"),
    refers(models.c.connector_id, connectors.c.id, "workspace_id"),
    refers(syncs.c.source_id, connectors.c.id, "workspace_id"),
    refers(syncs.c.destination_id, connectors.c.id, "workspace_id"),
    refers(syncs.c.model_id, models.c.id, "workspace_id"),
    refers(sync_runs.c.sync_id, syncs.c.id, "workspace_id"),
    refers(sync_records.c.sync_id, syncs.c.id, "workspace_id"),
    refers(sync_records.c.sync_run_id, sync_runs.c.id, "workspace_id"),
    refers(worlds.c.connector_id, connectors.c.id),
    counted(rows.c.number, worlds.c.last, worlds.c.connector_id == rows.c.connector_id),
    Invariant(
        syncs,
        or_(
            and_(*(syncs.c.schedule_type != kind for kind in INTERVALS)),
            and_(
                syncs.c.sync_interval > 0,
                or_(*(syncs.c.sync_interval_unit == unit for unit in UNITS)),
            ),
        ),
        "an interval needs a sync_interval and its sync_interval_unit",
    ),
    Invariant(
        syncs,
        or_(syncs.c.schedule_type != CRON, syncs.c.cron_expression.is_not(None)),
        "a schedule by cron needs its cron_expression",
    ),
    # The first user never goes: who calls without an account of their own is that one.
    Invariant(
        series_table,
        or_(
            series_table.c.name != series.USERS,
            series_table.c.last == 0,
            exists().where(users.c.sandbox_id == series_table.c.sandbox_id, users.c.id == 1),
        ),
        "the first of squared_users is missing",
    ),
)
