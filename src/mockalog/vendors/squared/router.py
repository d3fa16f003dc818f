"""Squared's operations: paths, verbs, statuses, permissions and rate bucket.

Source: squared.md; the permissions are section 4's rights, catalogs go by the connectors'.
"""

from mockalog.kernel.call import Call
from mockalog.kernel.journal import Exchange
from mockalog.kernel.rack import client_address
from mockalog.kernel.rate_limit import Bucket
from mockalog.kernel.routing import Router
from mockalog.kernel.wire import Answer
from mockalog.vendors.squared.errors import Declined, InvalidLogin, envelope
from mockalog.vendors.squared.rules import accounts as account_rules
from mockalog.vendors.squared.rules import catalogs as catalog_rules
from mockalog.vendors.squared.rules import connectors as connector_rules
from mockalog.vendors.squared.rules import definitions as definition_rules
from mockalog.vendors.squared.rules import recovery as recovery_rules
from mockalog.vendors.squared.rules import workspaces as workspace_rules
from mockalog.vendors.squared.rules.registry import registry
from mockalog.vendors.squared.rules.validation import path_id
from mockalog.vendors.squared.schemas import (
    NO_CONTENT,
    body_of,
    catalog_of,
    flat_catalog_of,
    reply,
)
from mockalog.vendors.squared.service import (
    accounts,
    catalogs,
    connectors,
    definitions,
    mails,
    recovery,
    workspaces,
)
from mockalog.vendors.squared.service.identity import identify

router = Router()
# Under `/_mockalog/squared`: what the vendor's own pages and mails do, and its API does not.
inspections = Router()

# Documented: 100 a minute for the whole API; the server itself has no such limit (row 24).
API = Bucket("squared.api", limit=100, seconds=60, unless=("squared.dialect", "server"))


def _throttle(name: str, limit: int, seconds: int) -> Bucket:
    """Return the limit of one client address; the loopback is exempt (section 2.7)."""
    return Bucket(f"squared.{name}", limit, seconds, caller=_stranger)


def _stranger(exchange: Exchange) -> str | None:
    address = client_address(exchange)
    return None if address is None or address.is_loopback else str(address)


LOGIN = _throttle("login", 5, 20)
SIGNUP = _throttle("signup", 2, 60)
FORGOT_PASSWORD = _throttle("forgot_password", 2, 60)
RESET_PASSWORD = _throttle("reset_password", 2, 60)
RESEND_VERIFICATION = _throttle("resend_verification", 2, 300)

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


@router.get("/api/v1/connector_definitions", permission="connector_definition:read", bucket=API)
async def list_definitions(call: Call) -> Answer:
    """List what can be connected; not paged."""
    caller = await identify(call)
    wanted = definition_rules.wanted(call.query)
    return reply(definitions.list_definitions(call, caller, wanted))


@router.get(
    "/api/v1/connector_definitions/{connector_name}",
    permission="connector_definition:read",
    bucket=API,
)
async def get_definition(call: Call, connector_name: str) -> Answer:
    """Return one definition."""
    caller = await identify(call)
    kind = definition_rules.wanted_type(call.query)
    return reply(definitions.get_definition(call, caller, kind, connector_name))


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
    return reply({"data": await workspaces.list_workspaces(call, caller)})


@router.get("/api/v1/workspaces/{workspace_id}", bucket=API)
async def get_workspace(call: Call, workspace_id: str) -> Answer:
    """Return one of the caller's workspaces; no right and no current workspace needed."""
    caller = await identify(call)
    return reply({"data": await workspaces.get_workspace(call, caller, path_id(workspace_id))})


@router.post("/api/v1/workspaces", permission="workspace:create", bucket=API)
async def create_workspace(call: Call) -> Answer:
    """Create a workspace."""
    caller = await identify(call)
    values = workspace_rules.new_workspace(body_of(call, "workspace", workspace_rules.COLUMNS))
    return reply({"data": await workspaces.create_workspace(call, caller, values)}, 201)


@router.add(UPDATE, "/api/v1/workspaces/{workspace_id}", permission="workspace:update", bucket=API)
async def update_workspace(call: Call, workspace_id: str) -> Answer:
    """Update a workspace."""
    caller = await identify(call)
    body = body_of(call, "workspace", workspace_rules.COLUMNS)
    wanted, values = workspace_rules.changes(body, workspace_id)
    return reply({"data": await workspaces.update_workspace(call, caller, wanted, values)})


@router.delete("/api/v1/workspaces/{workspace_id}", permission="workspace:delete", bucket=API)
async def delete_workspace(call: Call, workspace_id: str) -> Answer:
    """Delete a workspace with all that is in it."""
    caller = await identify(call)
    await workspaces.delete_workspace(call, caller, path_id(workspace_id))
    return NO_CONTENT


@router.get("/api/v1/users/me", bucket=API)
async def get_me(call: Call) -> Answer:
    """Return the caller, with the role in the workspace; no right needed."""
    caller = await identify(call)
    return reply({"data": await accounts.me(call, caller)})


# Who is not known yet: the email, or the token of a mail, opens the sandbox as a credential does.


def _login_email(call: Call) -> str:
    return account_rules.login(body_of(call)).email


def _signup_email(call: Call) -> str:
    return account_rules.signup(body_of(call)).email


def _email(call: Call) -> str:
    return recovery_rules.email(body_of(call))


def _reset_token(call: Call) -> str:
    return recovery_rules.reset(body_of(call)).token


def _confirmation_token(call: Call) -> str:
    return recovery_rules.confirmation_token(call.query)


@router.post("/api/v1/login", bucket=LOGIN, credential=_login_email, unauthorized=InvalidLogin)
async def login(call: Call) -> Answer:
    """Answer with a token."""
    outcome = await accounts.login(call, account_rules.login(body_of(call)))
    if isinstance(outcome, Declined):
        return envelope(outcome, call.exchange)
    return reply({"data": outcome})


@router.post("/api/v1/signup", bucket=SIGNUP, credential=_signup_email)
async def signup(call: Call) -> Answer:
    """Create an account."""
    user = await accounts.signup(call, account_rules.signup(body_of(call)))
    return reply({"data": user}, 201)


@router.delete("/api/v1/logout")
async def logout(call: Call) -> Answer:
    """End the live token."""
    caller = await identify(call)
    return reply({"data": await accounts.logout(call, caller)})


@router.post(
    "/api/v1/forgot_password",
    bucket=FORGOT_PASSWORD,
    credential=_email,
    unauthorized=recovery_rules.UnknownEmail,
)
async def forgot_password(call: Call) -> Answer:
    """Mail a token that allows a new password."""
    return reply({"data": await recovery.forgot_password(call, _email(call))})


@router.post(
    "/api/v1/reset_password",
    bucket=RESET_PASSWORD,
    credential=_reset_token,
    unauthorized=recovery_rules.InvalidReset,
)
async def reset_password(call: Call) -> Answer:
    """Replace a password."""
    wanted = recovery_rules.reset(body_of(call))
    return reply({"data": await recovery.reset_password(call, wanted)})


@router.get(
    "/api/v1/verify_user",
    credential=_confirmation_token,
    unauthorized=recovery_rules.InvalidConfirmation,
)
async def verify_user(call: Call) -> Answer:
    """Confirm an address: row 27 of the contradictions, alike in both dialects."""
    return reply({"data": await recovery.verify_user(call, _confirmation_token(call))})


@router.post(
    "/api/v1/resend_verification",
    bucket=RESEND_VERIFICATION,
    credential=_email,
    unauthorized=recovery_rules.UnknownUser,
)
async def resend_verification(call: Call) -> Answer:
    """Mail the confirmation's token again."""
    return reply({"data": await recovery.resend_verification(call, _email(call))})


@inspections.get("/outbox")
async def list_mails(call: Call) -> Answer:
    """List the mails that would have been sent, oldest first."""
    return reply({"mails": await mails.outbox(call)})


@inspections.put("/workspaces/{workspace_id}/members/{user_id}")
async def keep_role(call: Call, workspace_id: str, user_id: str) -> Answer:
    """Give a user the role of the body: the vendor's API cannot, its own pages can."""
    role = workspace_rules.role(body_of(call))
    ids = path_id(workspace_id), path_id(user_id)
    return reply(await workspaces.keep_role(call, *ids, role))
