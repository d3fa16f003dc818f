"""Invariants of Squared's rows, which are checked on import."""

from sqlalchemy import and_, exists, or_

from mockalog.kernel.database.models import series_table
from mockalog.kernel.documents.invariants import Invariant, counted, numbered, refers
from mockalog.vendors.squared.models import (
    catalogs,
    connectors,
    mails,
    models,
    organizations,
    source_rows,
    source_tables,
    sync_records,
    sync_runs,
    syncs,
    users,
    workspaces,
)
from mockalog.vendors.squared.repository import (
    CATALOGS,
    CONNECTORS,
    MAILS,
    MODELS,
    ORGANIZATIONS,
    SYNC_RECORDS,
    SYNC_RUNS,
    SYNCS,
    USERS,
    WORKSPACES,
)
from mockalog.vendors.squared.rules.syncs.schedules import AUTOMATED, CRON, INTERVAL, UNITS

_number, _unit = syncs.c.sync_interval, syncs.c.sync_interval_unit
_known_unit = or_(*(_unit == unit for unit in UNITS))
_has_interval = and_(_number > 0, _known_unit)
_may_have_interval = and_(or_(_number.is_(None), _number > 0), or_(_unit.is_(None), _known_unit))
_has_first_user = exists().where(users.c.sandbox_id == series_table.c.sandbox_id, users.c.id == 1)

INVARIANTS = (
    numbered(users.c.id, USERS),
    numbered(organizations.c.id, ORGANIZATIONS),
    numbered(workspaces.c.id, WORKSPACES),
    numbered(connectors.c.id, CONNECTORS),
    numbered(mails.c.id, MAILS),
    numbered(catalogs.c.id, CATALOGS),
    numbered(models.c.id, MODELS),
    numbered(syncs.c.id, SYNCS),
    numbered(sync_runs.c.id, SYNC_RUNS),
    numbered(sync_records.c.id, SYNC_RECORDS),
    counted(
        source_rows.c.number,
        source_tables.c.last,
        source_tables.c.connector_id == source_rows.c.connector_id,
    ),
    Invariant(
        syncs,
        or_(syncs.c.schedule_type != INTERVAL, _has_interval),
        "an interval needs a sync_interval and its sync_interval_unit",
    ),
    Invariant(
        syncs,
        or_(syncs.c.schedule_type != AUTOMATED, _may_have_interval),
        "an automated schedule has a wrong sync_interval or sync_interval_unit",
    ),
    Invariant(
        syncs,
        or_(syncs.c.schedule_type != CRON, syncs.c.cron_expression.is_not(None)),
        "a schedule by cron needs its cron_expression",
    ),
    refers(models, connectors, id="connector_id", workspace_id="workspace_id"),
    refers(syncs, models, id="model_id", workspace_id="workspace_id"),
    refers(syncs, connectors, id="source_id", workspace_id="workspace_id"),
    refers(syncs, connectors, id="destination_id", workspace_id="workspace_id"),
    # The first user is never deleted: a caller without an account acts as this user.
    Invariant(
        series_table,
        or_(series_table.c.name != USERS, series_table.c.last == 0, _has_first_user),
        "the first of squared_users is missing",
    ),
)
