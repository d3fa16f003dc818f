"""What a run reads from its source and writes to its destination."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.formats.json import dumps, loads
from mockalog.kernel.jobs.queue import Job
from mockalog.vendors.squared.errors import SourceFailed
from mockalog.vendors.squared.repository import connectors, models
from mockalog.vendors.squared.repository import sync_records as records
from mockalog.vendors.squared.rules.mappings import Unmappable, mapped
from mockalog.vendors.squared.rules.records import changes, from_cursor, last_cursor
from mockalog.vendors.squared.rules.runs import FAILED, SUCCESS, TEST
from mockalog.vendors.squared.rules.templates import Renderer
from mockalog.vendors.squared.service import worlds


async def read(rows: Repository, sync: Any, run: Any, job: Job) -> dict[str, Any]:
    """Read the model's rows and store those that are to be sent; return what was counted.

    Raises `SourceFailed`. A full refresh begins anew, what was sent before does not count: its old
    records go when it reads, the destination's rows when it writes (inferred). A test leaves the
    cursor alone.
    """
    model = await _model(rows, sync)
    found, cursor = await _rows(rows, sync, model, job.due_at), None
    if run.sync_run_type == TEST:
        found = _one(found)
    elif _is_full(sync, run):
        await records.delete_of_sync(rows, sync.id)
    elif sync.cursor_field:
        found = from_cursor(found, sync.cursor_field, sync.current_cursor_field)
        cursor = last_cursor(found, sync.cursor_field)
    known = await records.known_of(rows, sync.id)
    sent = changes(found, model.primary_key, known)
    await records.keep(rows, run, sent, job.due_at)
    counts = {"total_query_rows": len(found), "skipped_rows": len(found) - len(sent)}
    return {**counts, "cursor": cursor}


def _is_full(sync: Any, run: Any) -> bool:
    return bool(sync.sync_mode == "full_refresh" and run.sync_run_type != TEST)


def _one(found: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Return the one row of a test; the server picks any, here it is always the first."""
    if not found:
        raise SourceFailed("Expected exactly one record in the result, but got []")
    return found[:1]


async def _model(rows: Repository, sync: Any) -> Any:
    return await models.get_model(rows, sync.workspace_id, sync.model_id)


async def _rows(rows: Repository, sync: Any, model: Any, now: int) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a model; raises `SourceFailed` for one that is no query (inferred)."""
    if not model.query:
        raise SourceFailed(f"A model of type {model.query_type} cannot be read without a query")
    source = await connectors.get_connector(rows, sync.workspace_id, sync.source_id)
    return await worlds.select(rows, source, model.query, now=now)


async def write(rows: Repository, sync: Any, run: Any, now: int) -> dict[str, int]:
    """Write a run's records to the destination's table; return what was counted.

    A record that cannot be mapped fails alone; all fail if the destination cannot be reached.
    """
    model = await _model(rows, sync)
    attempts = _attempts(sync, await records.to_write(rows, run.id), model.primary_key, now)
    if _is_full(sync, run) or any(attempt.error is None for attempt in attempts):
        error = await _send(rows, sync, run, [one for one in attempts if one.error is None])
        attempts = [one._replace(error=one.error or error) for one in attempts]
    await records.settle(rows, [_outcome(sync, one) for one in attempts], now)
    failed = sum(one.error is not None for one in attempts)
    total = len(attempts)
    return {"total_rows": total, "successful_rows": total - failed, "failed_rows": failed}


class _Attempt(NamedTuple):
    """A record on its way to the destination, or why it does not get there."""

    record: Any
    key: str
    document: dict[str, Any]
    error: str | None


def _attempts(sync: Any, stored: Sequence[Any], primary_key: str, now: int) -> Sequence[_Attempt]:
    configuration, renderer = loads(sync.configuration), Renderer(now)
    return [_attempt(record, primary_key, configuration, renderer) for record in stored]


def _attempt(record: Any, primary_key: str, configuration: Any, renderer: Renderer) -> _Attempt:
    row = loads(record.record)
    document, error = {}, None
    try:
        document = mapped(configuration, row, renderer)
    except Unmappable as failure:
        error = str(failure)
    return _Attempt(record, str(row.get(primary_key)), document, error)


async def _send(rows: Repository, sync: Any, run: Any, attempts: Sequence[_Attempt]) -> str | None:
    """Write to the destination, which a full refresh empties first; return why not."""
    destination = await connectors.get_connector(rows, sync.workspace_id, sync.destination_id)
    documents = [(attempt.key, attempt.document) for attempt in attempts]
    try:
        if _is_full(sync, run):
            await worlds.empty(rows, destination, sync.stream_name)
        await worlds.write(rows, destination, sync.stream_name, documents)
    except SourceFailed as failure:
        return failure.detail
    return None


def _outcome(sync: Any, attempt: _Attempt) -> dict[str, Any]:
    """Return a record's status and its log, whose texts are our own."""
    record, error = attempt.record, attempt.error
    sent = dumps(attempt.document).decode()
    logs = {
        "request": f"{record.action} {sync.stream_name} {sent}",
        "response": error or "OK",
        "level": "error" if error else "info",
    }
    status = FAILED if error else SUCCESS
    return {"record_id": record.id, "new_status": status, "new_logs": dumps(logs).decode()}
