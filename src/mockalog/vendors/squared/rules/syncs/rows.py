"""The rows of syncs, their runs and records. Instants are microseconds since 1970."""

from typing import NamedTuple


class SyncRow(NamedTuple):
    """A sync; `configuration` is JSON text, a `StoredMapping`."""

    sandbox_id: int
    id: int
    workspace_id: int
    source_id: int
    destination_id: int
    model_id: int
    configuration: str
    schedule_type: str
    sync_mode: str
    sync_interval: int | None
    sync_interval_unit: str | None
    cron_expression: str | None
    stream_name: str
    status: str
    cursor_field: str | None
    current_cursor_field: str | None
    next_run_at: int | None
    created_at: int
    updated_at: int


class SyncRunRow(NamedTuple):
    """A run of a sync."""

    sandbox_id: int
    id: int
    workspace_id: int
    sync_id: int
    source_id: int
    destination_id: int
    status: str
    sync_run_type: str
    started_at: int | None
    finished_at: int | None
    total_query_rows: int
    total_rows: int
    skipped_rows: int
    successful_rows: int
    failed_rows: int
    error: str | None
    cursor: str | None
    created_at: int
    updated_at: int


class SyncRecordRow(NamedTuple):
    """A record of a sync; `record` and `logs` are JSON texts."""

    sandbox_id: int
    id: int
    workspace_id: int
    sync_id: int
    sync_run_id: int
    key_digest: str
    fingerprint: str | None
    record: str
    status: str
    action: str
    logs: str | None
    created_at: int
    updated_at: int
