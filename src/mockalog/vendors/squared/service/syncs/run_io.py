"""The input and output of a run: rows of its source, records at its destination."""

from collections.abc import Sequence
from typing import NamedTuple

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.jobs.queue import Job
from mockalog.vendors.squared.errors import SourceError
from mockalog.vendors.squared.json_columns import StoredMapping
from mockalog.vendors.squared.models import FAILED, SUCCESS
from mockalog.vendors.squared.repository import models
from mockalog.vendors.squared.repository.connectors.connectors import get_connector
from mockalog.vendors.squared.repository.syncs import sync_records as records
from mockalog.vendors.squared.rules.connectors.rows import ConnectorRow
from mockalog.vendors.squared.rules.rows import ModelRow
from mockalog.vendors.squared.rules.syncs.mappings import MappingError, map_row
from mockalog.vendors.squared.rules.syncs.rows import SyncRecordRow, SyncRow, SyncRunRow
from mockalog.vendors.squared.rules.syncs.state_machines import TEST
from mockalog.vendors.squared.rules.syncs.sync_records import (
    Row,
    changed_rows,
    last_cursor,
    rows_from_cursor,
)
from mockalog.vendors.squared.rules.syncs.templates import Renderer
from mockalog.vendors.squared.service.connectors import source_tables


async def read(
    repository: Repository, sync: SyncRow, run: SyncRunRow, job: Job
) -> dict[str, object]:
    """Read the model's rows, store those to send as records, and return the run's counts.

    Raises `SourceError`. A full refresh deletes the old records now, and the destination's rows
    with the write (inferred). A test run leaves the cursor unchanged.
    """
    model = await _model(repository, sync)
    rows, cursor = await _rows(repository, sync, model, job.due_at), None
    if run.sync_run_type == TEST:
        rows = _first_row(rows)
    elif _is_full(sync, run):
        await records.delete_records(repository, sync.id)
    elif sync.cursor_field:
        rows = rows_from_cursor(rows, sync.cursor_field, sync.current_cursor_field)
        cursor = last_cursor(rows, sync.cursor_field)
    sent = await records.get_sent_rows(repository, sync.id)
    changes = changed_rows(rows, model.primary_key, sent)
    await records.store_records(repository, run, changes, job.due_at)
    counts = {"total_query_rows": len(rows), "skipped_rows": len(rows) - len(changes)}
    return {**counts, "cursor": cursor}


def _is_full(sync: SyncRow, run: SyncRunRow) -> bool:
    return sync.sync_mode == "full_refresh" and run.sync_run_type != TEST


def _first_row(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the one row of a test run; the server picks any row, the emulator the first."""
    if not rows:
        raise SourceError("Expected exactly one record in the result, but got []")
    return rows[:1]


async def _model(repository: Repository, sync: SyncRow) -> ModelRow:
    model = await models.get_model(repository, sync.workspace_id, sync.model_id)
    assert model is not None  # a sync is deleted with its model, and imports check it
    return model


async def _connector(repository: Repository, sync: SyncRow, connector_id: int) -> ConnectorRow:
    connector = await get_connector(repository, sync.workspace_id, connector_id)
    assert connector is not None  # a sync is deleted with its connectors, and imports check it
    return connector


async def _rows(repository: Repository, sync: SyncRow, model: ModelRow, now: int) -> Sequence[Row]:
    """Return the rows of a model; raises `SourceError` for a model without a query (inferred)."""
    if not model.query:
        raise SourceError(f"A model of type {model.query_type} cannot be read without a query")
    source = await _connector(repository, sync, sync.source_id)
    return await source_tables.select(repository, source, model.query, now=now)


async def write(repository: Repository, sync: SyncRow, run: SyncRunRow, now: int) -> dict[str, int]:
    """Write a run's records to the destination's table and return the run's counts.

    A record that cannot be mapped fails alone. All fail if the destination cannot be reached.
    """
    model = await _model(repository, sync)
    pending = await records.list_pending_records(repository, run.id)
    attempts = _attempts(sync, pending, model.primary_key, now)
    if _is_full(sync, run) or any(attempt.error is None for attempt in attempts):
        error = await _send(repository, sync, run, [one for one in attempts if one.error is None])
        attempts = [one._replace(error=one.error or error) for one in attempts]
    await records.store_outcomes(repository, [_outcome(sync, one) for one in attempts], now)
    failed = sum(one.error is not None for one in attempts)
    total = len(attempts)
    return {"total_rows": total, "successful_rows": total - failed, "failed_rows": failed}


class _Attempt(NamedTuple):
    """A record with its document for the destination, or the error of its mapping."""

    record: SyncRecordRow
    key: str
    document: dict[str, object]
    error: str | None


def _attempts(
    sync: SyncRow, pending: Sequence[SyncRecordRow], primary_key: str | None, now: int
) -> Sequence[_Attempt]:
    configuration, renderer = loads(sync.configuration), Renderer(now)
    return [_attempt(record, primary_key, configuration, renderer) for record in pending]


def _attempt(
    record: SyncRecordRow,
    primary_key: str | None,
    configuration: StoredMapping,
    renderer: Renderer,
) -> _Attempt:
    row = loads(record.record)
    document, error = {}, None
    try:
        document = map_row(configuration, row, renderer)
    except MappingError as failure:
        error = str(failure)
    return _Attempt(record, str(row.get(primary_key)), document, error)


async def _send(
    repository: Repository, sync: SyncRow, run: SyncRunRow, attempts: Sequence[_Attempt]
) -> str | None:
    """Write to the destination; a full refresh empties it first. Return the error, or None."""
    destination = await _connector(repository, sync, sync.destination_id)
    documents = [(attempt.key, attempt.document) for attempt in attempts]
    try:
        if _is_full(sync, run):
            await source_tables.empty(repository, destination, sync.stream_name)
        await source_tables.write(repository, destination, sync.stream_name, documents)
    except SourceError as failure:
        return failure.detail
    return None


def _outcome(sync: SyncRow, attempt: _Attempt) -> dict[str, object]:
    """Return the new status of a record and its log; the log's texts are the emulator's."""
    record, error = attempt.record, attempt.error
    sent = dumps(attempt.document).decode()
    logs = {
        "request": f"{record.action} {sync.stream_name} {sent}",
        "response": error or "OK",
        "level": "error" if error else "info",
    }
    status = FAILED if error else SUCCESS
    return {"record_id": record.id, "new_status": status, "new_logs": dumps(logs).decode()}
