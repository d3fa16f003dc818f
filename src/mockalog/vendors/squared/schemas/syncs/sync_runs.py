"""Runs and records of syncs on the wire.

Sources: docs/vendors/squared.md#113-manual-runs, docs/vendors/squared.md#114-runs-and-records and
docs/vendors/squared.md#117-enterprise-operations.
"""

from typing import Annotated, Literal

from orjson import Fragment
from pydantic import Field

from mockalog.kernel.clock import SECOND, iso_millis
from mockalog.kernel.formats.json import loads
from mockalog.vendors.squared.models import FAILED, RECORD_STATUSES, RUN_STATUSES
from mockalog.vendors.squared.rules.syncs.rows import SyncRecordRow, SyncRunRow
from mockalog.vendors.squared.schemas.base import (
    Anything,
    IdText,
    Out,
    Resource,
    Timestamp,
    absent,
    choice,
    exampled,
    resource,
)
from mockalog.vendors.squared.schemas.paging import LINKS, DocsPageIn, LinksOut, ServerPageIn

# Seconds: the duration of a run that takes no time on the sandbox's clock.
SHORTEST = 0.001

RunStatus = Annotated[str, choice(*RUN_STATUSES)]
RecordStatus = Annotated[str, choice(*RECORD_STATUSES)]


class SyncRunsQueryIn(DocsPageIn):
    """The filter and the page of a list of runs."""

    status: RunStatus = absent()


class ServerSyncRunsQueryIn(ServerPageIn):
    """The filter and the page of a list of runs."""

    status: RunStatus = absent()


class SyncRecordsQueryIn(DocsPageIn):
    """The filter and the page of a list of records."""

    status: RecordStatus = absent()


class ServerSyncRecordsQueryIn(ServerPageIn):
    """The filter and the page of a list of records."""

    status: RecordStatus = absent()


class SyncRunAttributesOut(Out):
    """A run."""

    sync_id: int
    status: RunStatus
    sync_run_type: Literal["general", "test"]
    started_at: Timestamp | None
    finished_at: Timestamp | None = Field(description="Null also for a run that was canceled")
    duration: float | None = Field(ge=SHORTEST, description="Seconds from the start to the end")
    total_query_rows: int = Field(description="Rows that the source gave")
    total_rows: int = Field(description="Rows that the run tried to write")
    skipped_rows: int = Field(description="Rows without a primary key or without a change")
    successful_rows: int
    failed_rows: int
    error: str | None
    created_at: Timestamp
    updated_at: Timestamp


class SyncRunResourceOut(Out):
    """A run as a JSON:API object."""

    id: IdText
    type: Literal["sync_runs"]
    attributes: SyncRunAttributesOut


_RUN = {
    "id": "21",
    "type": "sync_runs",
    "attributes": {
        "sync_id": 1,
        "status": "success",
        "sync_run_type": "general",
        "started_at": "2026-03-02T10:05:00.000Z",
        "finished_at": "2026-03-02T10:05:05.000Z",
        "duration": 5.0,
        "total_query_rows": 3,
        "total_rows": 3,
        "skipped_rows": 0,
        "successful_rows": 2,
        "failed_rows": 1,
        "error": None,
        "created_at": "2026-03-02T10:04:59.000Z",
        "updated_at": "2026-03-02T10:05:05.000Z",
    },
}


class SyncRunOut(Out):
    """One run."""

    model_config = exampled({"data": _RUN})

    data: SyncRunResourceOut


class SyncRunsOut(Out):
    """One page of runs, the one that changed last first."""

    model_config = exampled({"data": [_RUN], "links": LINKS})

    data: list[SyncRunResourceOut]
    links: LinksOut


class LogsOut(Out):
    """The exchange with the destination about a record."""

    request: str
    response: str
    level: Literal["info", "error"]


class ServerSyncRecordAttributesOut(Out):
    """A record: one row of the model."""

    sync_id: int
    sync_run_id: int = Field(description="The latest run that sent the row")
    record: Anything = Field(description="The row as the source gave it")
    status: RecordStatus
    action: Literal["destination_insert", "destination_update"]
    logs: LogsOut | None = Field(description="Null before the record was written")
    created_at: Timestamp
    updated_at: Timestamp


class SyncRecordAttributesOut(ServerSyncRecordAttributesOut):
    """A record: one row of the model."""

    error: str | None


class ServerSyncRecordResourceOut(Out):
    """A record as a JSON:API object."""

    id: IdText
    type: Literal["sync_records"]
    attributes: ServerSyncRecordAttributesOut


class SyncRecordResourceOut(Out):
    """A record as a JSON:API object."""

    id: IdText
    type: Literal["sync_records"]
    attributes: SyncRecordAttributesOut


_ATTRIBUTES = {
    "sync_id": 1,
    "sync_run_id": 21,
    "record": {"id": 1, "email": "a@x.io"},
    "status": "success",
    "action": "destination_insert",
    "logs": {"request": "destination_insert profile {}", "response": "OK", "level": "info"},
    "created_at": "2026-03-02T10:05:02.000Z",
    "updated_at": "2026-03-02T10:05:02.000Z",
}
_SERVER_RECORD = {"id": "55", "type": "sync_records", "attributes": _ATTRIBUTES}
_RECORD = {**_SERVER_RECORD, "attributes": {**_ATTRIBUTES, "error": None}}


class ServerSyncRecordsOut(Out):
    """One page of records, the oldest first."""

    model_config = exampled({"data": [_SERVER_RECORD], "links": LINKS})

    data: list[ServerSyncRecordResourceOut]
    links: LinksOut


class SyncRecordsOut(Out):
    """One page of records, the oldest first."""

    model_config = exampled({"data": [_RECORD], "links": LINKS})

    data: list[SyncRecordResourceOut]
    links: LinksOut


class MessageOut(Out):
    """A confirmation."""

    model_config = exampled({"message": "Sync scheduled successfully"})

    message: str


def run_of(row: SyncRunRow) -> Resource:
    """Return a run with every field, in both dialects.

    Source: docs/vendors/squared.md#1-contradictions, rows 20 and 22.
    """
    started, finished = row.started_at, row.finished_at
    attributes: dict[str, object] = {
        "sync_id": row.sync_id,
        "status": row.status,
        "sync_run_type": row.sync_run_type,
        "started_at": None if started is None else iso_millis(started),
        "finished_at": None if finished is None else iso_millis(finished),
        "duration": _duration(started, finished),
        "total_query_rows": row.total_query_rows,
        "total_rows": row.total_rows,
        "skipped_rows": row.skipped_rows,
        "successful_rows": row.successful_rows,
        "failed_rows": row.failed_rows,
        "error": row.error,
        "created_at": iso_millis(row.created_at),
        "updated_at": iso_millis(row.updated_at),
    }
    return resource("sync_runs", row.id, attributes)


def _duration(started: int | None, finished: int | None) -> float | None:
    """Return the seconds of a run on the sandbox's clock, at least a millisecond.

    The vendor's pages show an unwanted 0 otherwise (docs/vendors/squared.md#114-runs-and-records).
    """
    if started is None or finished is None:
        return None
    return max((finished - started) / SECOND, SHORTEST)


def record_of(row: SyncRecordRow, dialect: str) -> Resource:
    """Return a record with the server's `logs`, in the docs dialect with the docs' `error` too.

    Source: docs/vendors/squared.md#1-contradictions, row 21.
    """
    logs = None if row.logs is None else loads(row.logs)
    error = logs["response"] if logs and row.status == FAILED else None
    attributes: dict[str, object] = {
        "sync_id": row.sync_id,
        "sync_run_id": row.sync_run_id,
        "record": Fragment(row.record),
        "status": row.status,
        "action": row.action,
        **({"error": error} if dialect == "docs" else {}),
        "logs": logs,
        "created_at": iso_millis(row.created_at),
        "updated_at": iso_millis(row.updated_at),
    }
    return resource("sync_records", row.id, attributes)
