"""Squared's wire shapes: exact names and key order (squared.md, sections 2.5, 5, 6, 8 and 9)."""

from collections.abc import Sequence
from typing import Any, Literal
from urllib.parse import parse_qsl

from orjson import Fragment

from mockalog.kernel.call import Call
from mockalog.kernel.clock import iso_millis
from mockalog.kernel.options import Options
from mockalog.kernel.wire import Answer, dumps
from mockalog.vendors.squared.errors import JSON
from mockalog.vendors.squared.rules import bodies, models, roles

FORM = "application/x-www-form-urlencoded"

NO_CONTENT = Answer(204, content_type=None)


class SquaredOptions(Options):
    """What a test may set for Squared."""

    # Which of two answers to give where documentation and server disagree.
    dialect: Literal["docs", "server"] = "docs"
    # Whether a new account has to verify its address before it can log in.
    email_verification: bool = False


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


def connector_of(row: Any, sent: str | None = None) -> dict[str, Any]:
    """Return a stored connector, secrets masked.

    `sent`: its masked configuration in the order sent, which only the write itself answers.
    """
    return resource("connectors", row, _connector(row, row.masked if sent is None else sent))


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
