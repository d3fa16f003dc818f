"""Squared's operations: paths, verbs, statuses, permissions and rate bucket.

Source: squared.md; the permissions are section 4's rights, catalogs go by the connectors'.
"""

from mockalog.kernel.call import Call
from mockalog.kernel.rate_limit import Bucket
from mockalog.kernel.routing import Router
from mockalog.kernel.wire import Answer
from mockalog.vendors.squared.errors import Declined, InvalidLogin, envelope
from mockalog.vendors.squared.rules import accounts as account_rules
from mockalog.vendors.squared.rules import catalogs as catalog_rules
from mockalog.vendors.squared.rules import connectors as connector_rules
from mockalog.vendors.squared.rules.registry import registry
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas import (
    NO_CONTENT,
    body_of,
    catalog_of,
    flat_catalog_of,
    reply,
)
from mockalog.vendors.squared.service import accounts, catalogs, connectors
from mockalog.vendors.squared.service.identity import identify

router = Router()

# Documented: 100 a minute for the whole API; the server itself has no such limit (row 24).
API = Bucket("squared.api", limit=100, seconds=60, unless=("squared.dialect", "server"))

UPDATE = ("PUT", "PATCH")


@router.get("/api/v1/connectors/{connector_id}", permission="connector:read", bucket=API)
async def get_connector(call: Call, connector_id: str) -> Answer:
    """Return one connector."""
    caller = await identify(call)
    return reply({"data": await connectors.get_connector(call, caller, path_id(connector_id))})


@router.get("/api/v1/connectors", permission="connector:read", bucket=API)
async def list_connectors(call: Call) -> Answer:
    """List connectors by pages."""
    caller = await identify(call)
    wanted = connector_rules.filters(call.query)
    return reply(await connectors.list_connectors(call, caller, wanted))


@router.post("/api/v1/connectors", permission="connector:create", bucket=API)
async def create_connector(call: Call) -> Answer:
    """Create a connector."""
    caller = await identify(call)
    body = body_of(call, "connector", connector_rules.COLUMNS)
    values = connector_rules.new_connector(body, call.setting("squared.dialect"), registry())
    return reply({"data": await connectors.create_connector(call, caller, values)}, 201)


@router.add(UPDATE, "/api/v1/connectors/{connector_id}", permission="connector:update", bucket=API)
async def update_connector(call: Call, connector_id: str) -> Answer:
    """Update a connector."""
    caller = await identify(call)
    body = body_of(call, "connector", connector_rules.COLUMNS)
    dialect = call.setting("squared.dialect")
    wanted, values = connector_rules.changes(body, connector_id, dialect, registry())
    return reply({"data": await connectors.update_connector(call, caller, wanted, values)})


@router.delete("/api/v1/connectors/{connector_id}", permission="connector:delete", bucket=API)
async def delete_connector(call: Call, connector_id: str) -> Answer:
    """Delete a connector with all that hangs on it."""
    caller = await identify(call)
    await connectors.delete_connector(call, caller, path_id(connector_id))
    return NO_CONTENT


@router.post("/api/v1/catalogs", permission="connector:create", bucket=API)
async def create_catalog(call: Call) -> Answer:
    """Create a connector's catalog, or replace it: rows 1 and 2 of the contradictions."""
    caller = await identify(call)
    wanted = catalog_rules.new_catalog(body_of(call, "catalog"))
    row = await catalogs.create_catalog(call, caller, wanted)
    if call.setting("squared.dialect") == "docs":
        return reply(flat_catalog_of(row, wanted.posted))
    return reply({"data": catalog_of(row)}, 201)


@router.add(UPDATE, "/api/v1/catalogs/{catalog_id}", permission="connector:update", bucket=API)
async def update_catalog(call: Call, catalog_id: str) -> Answer:
    """Update a connector's catalog: rows 3 and 4 of the contradictions."""
    caller = await identify(call)
    wanted_id, wanted = catalog_rules.changed_catalog(body_of(call, "catalog"), catalog_id)
    row = await catalogs.update_catalog(call, caller, wanted_id, wanted)
    status = 200 if call.setting("squared.dialect") == "docs" else 201
    return reply({"data": catalog_of(row)}, status)


@router.get("/api/v1/workspaces", bucket=API)
async def list_workspaces(call: Call) -> Answer:
    """List the caller's workspaces; no right and no workspace needed."""
    caller = await identify(call)
    return reply({"data": await accounts.list_workspaces(call, caller)})


def _login_email(call: Call) -> str:
    """Return what a login stands for before it has a token."""
    return account_rules.login(body_of(call)).email


def _signup_email(call: Call) -> str:
    """Return what a signup stands for."""
    return account_rules.signup(body_of(call)).email


@router.post("/api/v1/login", credential=_login_email, unauthorized=InvalidLogin)
async def login(call: Call) -> Answer:
    """Answer with a token; the email opens the sandbox, as any credential does."""
    outcome = await accounts.login(call, account_rules.login(body_of(call)))
    if isinstance(outcome, Declined):
        return envelope(outcome, call.exchange)
    return reply({"data": outcome})


@router.post("/api/v1/signup", credential=_signup_email)
async def signup(call: Call) -> Answer:
    """Create an account; the email opens the sandbox, as any credential does."""
    user = await accounts.signup(call, account_rules.signup(body_of(call)))
    return reply({"data": user}, 201)
