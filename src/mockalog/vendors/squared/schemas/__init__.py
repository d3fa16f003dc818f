"""Squared's wire shapes: exact names and key order (squared.md, sections 2.5, 5, 6, 8 and 9)."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from orjson import Fragment

from mockalog.kernel.call import Call
from mockalog.kernel.clock import SECOND, iso_millis
from mockalog.kernel.wire import Answer, dumps, loads
from mockalog.vendors.squared.errors import JSON
from mockalog.vendors.squared.rules import bodies, models, roles
from mockalog.vendors.squared.rules.runs import FAILED

FORM = "application/x-www-form-urlencoded"

# Characters of a configuration up to which a connector's answer is kept.
MAX_REMEMBERED = 4_000

NO_CONTENT = Answer(204, content_type=None)


def body_of(call: Call, wrapper: str = "", columns: Sequence[str] = ()) -> dict[str, Any]:
    """Return the request's keys; JSON gets the wrapper where it is absent, a form does not.

    A body without a content type counts as a form, as Rack has it.
    """
    content_type = call.headers.get("content-type", FORM).lower()
    if "json" in content_type:
        return bodies.wrapped(bodies.from_json(call.json), wrapper, columns)
    if FORM not in content_type:
        return {}
    text = call.body.decode("utf-8", "replace")
    return bodies.from_pairs(parse_qsl(text, keep_blank_values=True))


def reply(value: Any, status: int = 200) -> Answer:
    """Return a JSON answer."""
    return Answer(status, dumps(value), content_type=JSON)


def resource(type_: str, row: Any, attributes: dict[str, Any]) -> dict[str, Any]:
    """Return one JSON:API object: its id is text here and nowhere else."""
    return {"id": str(row.id), "type": type_, "attributes": attributes}


def connector_of(row: Any, sent: str | None = None) -> Any:
    """Return a stored connector, secrets masked.

    `sent`: its masked configuration in the order sent, which only the write itself answers.
    """
    if sent is None and len(row.masked) <= MAX_REMEMBERED:
        return _remembered(row)
    return resource("connectors", row, _connector(row, row.masked if sent is None else sent))


@lru_cache(maxsize=1024)
def _remembered(row: Any) -> Fragment:
    """Return a connector as JSON already; it follows from its row alone, so it cannot be stale."""
    return Fragment(dumps(resource("connectors", row, _connector(row, row.masked))))


def _connector(row: Any, configuration: str) -> dict[str, Any]:
    return {
        "name": row.name,
        "description": row.description,
        "connector_type": row.connector_type,
        "workspace_id": row.workspace_id,
        "created_at": iso_millis(row.created_at),
        "updated_at": iso_millis(row.updated_at),
        "configuration": Fragment(configuration),
        "connector_name": row.connector_name,
        "icon": row.icon,
    }


def model_of(row: Any, connector: Any, dialect: str, catalog: Any | None = None) -> dict[str, Any]:
    """Return a stored model with its connector: row 12 of the contradictions.

    `catalog`: the connector's, whose JSON Schema an `ai_ml` model shows.
    """
    configuration = row.configuration
    if row.query_type == "ai_ml":
        configuration = models.with_schema(configuration, connector.connector_name, catalog)
    attributes = {
        "name": row.name,
        "description": row.description,
        "query": row.query,
        "query_type": row.query_type,
        "configuration": None if configuration is None else Fragment(configuration),
        "primary_key": row.primary_key,
        "created_at": iso_millis(row.created_at),
        "updated_at": iso_millis(row.updated_at),
        "connector": {"id": connector.id, **_connector(connector, connector.masked)},
    }
    documented = {"connector_id": row.connector_id} if dialect == "docs" else {}
    return resource("models", row, {**documented, **attributes})


def catalog_of(row: Any) -> dict[str, Any]:
    """Return a stored catalog."""
    attributes = {
        "connector_id": row.connector_id,
        "workspace_id": row.workspace_id,
        "catalog": Fragment(row.catalog),
        "catalog_hash": row.catalog_hash,
    }
    return resource("catalogs", row, attributes)


def flat_catalog_of(row: Any, posted: Any) -> dict[str, Any]:
    """Return a new catalog as the create page shows it: flat, with what was posted (seed)."""
    return {
        "id": row.id,
        "connector_id": row.connector_id,
        "workspace_id": row.workspace_id,
        "catalog": Fragment(dumps(posted)),
        "created_at": iso_millis(row.created_at),
        "updated_at": iso_millis(row.updated_at),
    }


def workspace_of(row: Any) -> dict[str, Any]:
    """Return a stored workspace; nobody can upload a logo."""
    attributes = {
        "name": row.name,
        "slug": row.slug,
        "status": row.status,
        "api_key": row.api_key,
        "created_at": iso_millis(row.created_at),
        "updated_at": iso_millis(row.updated_at),
        "description": row.description,
        "region": row.region,
        "organization_id": row.organization_id,
        "organization_name": row.organization_name,
        "members_count": row.members_count,
        "workspace_logo_url": None,
        "organization_logo_url": None,
    }
    return resource("workspaces", row, attributes)


def user_of(row: Any, role: str | None, *, verification: bool) -> dict[str, Any]:
    """Return a user with the role in one workspace; nobody is invited, so all are active."""
    attributes = {
        "name": row.name,
        "email": row.email,
        "created_at": iso_millis(row.created_at),
        "role": role,
        "status": "active",
        "invitation_created_at": None,
        "invitation_due_at": None,
        "email_verification_enabled": verification,
    }
    return resource("users", row, attributes)


def token_of(token: str) -> dict[str, Any]:
    """Return a login's token, which is its own id."""
    return {"type": "token", "id": token, "attributes": {"token": token}}


def message_of(id_: int | str, message: str) -> dict[str, Any]:
    """Return what an operation says that has nothing to show: the id is a user's or a UUID."""
    return {"type": "message", "id": id_, "attributes": {"message": message}}


def mail_of(row: Any) -> dict[str, Any]:
    """Return a mail as the outbox shows it."""
    return {
        "id": row.id,
        "to": row.recipient,
        "kind": row.kind,
        "subject": row.subject,
        "token": row.token,
        "sent_at": iso_millis(row.sent_at),
    }


def role_of(number: int, role: str, created_at: int) -> dict[str, Any]:
    """Return a role with its rights (section 11.7); `created_at` in microseconds."""
    attributes = {
        "role_name": role,
        "role_desc": roles.DESCRIPTIONS[role],
        "policies": roles.policies(role),
        "updated_at": iso_millis(created_at),
        "created_at": iso_millis(created_at),
    }
    return {"id": str(number), "type": "roles", "attributes": attributes}


_SYNC = (
    "source_id",
    "destination_id",
    "model_id",
    "configuration",
    "schedule_type",
    "sync_mode",
    "sync_interval",
    "sync_interval_unit",
    "cron_expression",
    "stream_name",
    "status",
    "cursor_field",
    "current_cursor_field",
)


def sync_of(row: Any, page: Any, dialect: str) -> dict[str, Any]:
    """Return a stored sync with its connectors, whose configuration is left out, and its model.

    `page`: the models, connectors and catalogs of all syncs that are shown, by id.
    """
    model = page.models[row.model_id]
    catalog = page.catalogs.get(model.connector_id)
    shown = model_of(model, page.connectors[model.connector_id], dialect, catalog)
    attributes = {
        **{name: getattr(row, name) for name in _SYNC},
        "configuration": Fragment(row.configuration),
        "updated_at": iso_millis(row.updated_at),
        "created_at": iso_millis(row.created_at),
        "source": _end(page.connectors[row.source_id]),
        "destination": _end(page.connectors[row.destination_id]),
        "model": {"id": model.id, **shown["attributes"]},
    }
    return resource("syncs", row, attributes)


def shown_sync(sync: dict[str, Any], dialect: str) -> dict[str, Any]:
    """Return what an update answers: row 17 of the contradictions (the message is inferred)."""
    if dialect == "server":
        return {"data": sync}
    return {"success": True, "message": "Sync updated successfully", "data": sync}


def _end(connector: Any) -> dict[str, Any]:
    shown = _connector(connector, connector.masked)
    del shown["configuration"]
    return {"id": connector.id, **shown}


def run_of(row: Any) -> dict[str, Any]:
    """Return a run; rows 20 and 22 of the contradictions: both dialects get every field."""
    started, finished = row.started_at, row.finished_at
    duration = None if started is None or finished is None else (finished - started) / SECOND
    attributes = {
        "sync_id": row.sync_id,
        "status": row.status,
        "sync_run_type": row.sync_run_type,
        "started_at": None if started is None else iso_millis(started),
        "finished_at": None if finished is None else iso_millis(finished),
        "duration": duration,
        "total_query_rows": row.total_query_rows,
        "total_rows": row.total_rows,
        "skipped_rows": row.skipped_rows,
        "successful_rows": row.successful_rows,
        "failed_rows": row.failed_rows,
        "error": row.error,
        "created_at": iso_millis(row.created_at),
        "updated_at": iso_millis(row.updated_at),
    }
    return resource("sync_runs", row, attributes)


def record_of(row: Any) -> dict[str, Any]:
    """Return a record with the docs' `error` and the server's `logs`: row 21."""
    logs = None if row.logs is None else loads(row.logs)
    attributes = {
        "sync_id": row.sync_id,
        "sync_run_id": row.sync_run_id,
        "record": Fragment(row.record),
        "status": row.status,
        "action": row.action,
        "error": None if logs is None or row.status != FAILED else logs["response"],
        "logs": logs,
        "created_at": iso_millis(row.created_at),
        "updated_at": iso_millis(row.updated_at),
    }
    return resource("sync_records", row, attributes)
