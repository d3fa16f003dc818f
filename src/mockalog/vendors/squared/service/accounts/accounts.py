"""Signup, login, logout and the current user (docs/vendors/squared.md#5-accounts)."""

from mockalog.kernel.clock import SECOND
from mockalog.kernel.sandboxes.authentication import ANYTHING
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import ApplicationError, InvalidLoginError, not_found
from mockalog.vendors.squared.repository import USERS
from mockalog.vendors.squared.repository.accounts import accounts
from mockalog.vendors.squared.rules.accounts import accounts as rules
from mockalog.vendors.squared.rules.accounts.recovery import CONFIRMATION
from mockalog.vendors.squared.rules.accounts.rows import UserRow
from mockalog.vendors.squared.rules.validation import check_storable
from mockalog.vendors.squared.schemas.accounts.accounts import (
    Message,
    message_of,
    token_of,
    user_of,
)
from mockalog.vendors.squared.schemas.base import Resource
from mockalog.vendors.squared.service.access import Caller, create_account
from mockalog.vendors.squared.service.accounts import mails
from mockalog.vendors.squared.service.lookups import require_row

VERIFICATION = "squared.email_verification"


async def signup(call: Call, new: rules.Signup) -> Resource:
    """Store an account with an organization and a workspace, and return the user."""
    check_storable((new.name, new.company_name))
    # Locked before the check: of two signups at once, the second one sees the first.
    await call.repository.lock(USERS)
    user = await accounts.get_user_by_email(call.repository, new.email)
    rules.check_account(new, taken=user is not None)
    password_hash = rules.hash_password(new.password, mails.new_token(call))
    token = mails.new_token(call) if call.setting(VERIFICATION) else None
    row = await create_account(call, new.name, new.email, password_hash, new.company_name, token)
    if token is not None:
        await mails.send(call, CONFIRMATION, row.email, token)
    # A role belongs to a workspace, and a signup has none.
    return user_of(row, None, verification=token is not None)


async def login(call: Call, credentials: rules.Login) -> Resource | ApplicationError:
    """Return a token, or the refusal.

    The refusal is returned, not raised, so that the failed login is committed.
    """
    await call.repository.lock(USERS)
    user = await accounts.get_user_by_email(call.repository, credentials.email)
    if user is None or user.password is None:
        return InvalidLoginError()
    if user.locked_until is not None and call.now < user.locked_until:
        text = "Account is locked due to multiple login attempts. Please retry after sometime"
        return ApplicationError(401, text, id_="login-locked")
    if not rules.password_matches(credentials.password, user.password):
        await _count_failure(call, user)
        return InvalidLoginError()
    if user.confirmed_at is None and call.setting(VERIFICATION):
        text = "Account not verified. Please verify your account."
        return ApplicationError(401, text, id_="account-unverified")
    return token_of(await _issue_token(call, user))


async def _count_failure(call: Call, user: UserRow) -> None:
    """Count a wrong password. The fifth in a row locks; after a lock the count is 1 again."""
    failures = 1 if user.locked_until is not None else user.failed_logins + 1
    locked = failures >= rules.MAX_FAILED_LOGINS
    until = call.now + rules.LOCKED_MICROSECONDS if locked else None
    await accounts.store_failed_login(call.repository, user.id, failures, until)


async def _issue_token(call: Call, user: UserRow) -> str:
    """Create and register a token; the user's older one ends."""
    # Imported here: most runs never log in, and a cold start must not wait for it.
    import jwt

    claims = rules.token_claims(user.id, call.now // SECOND, call.runtime.new_uuid())
    # A token is looked up by its digest and its signature is never verified.
    key = f"{call.runtime.randomness.getrandbits(256):064x}"
    token = jwt.encode(claims, key, algorithm="HS256")
    if user.token_digest is not None:
        await call.runtime.sandboxes.revoke(call.connection, user.token_digest)
    await call.runtime.sandboxes.register(
        call.connection,
        "squared",
        token,
        sandbox=call.sandbox.name,
        permissions=ANYTHING,
        subject={"user_id": user.id},
        issued=True,
        expires_at=claims["exp"] * SECOND,
    )
    await accounts.store_token(call.repository, user.id, digest(token))
    return token


async def logout(call: Call, caller: Caller) -> Message:
    """End the token of a login; any other token stays the key of its sandbox (inferred)."""
    if "user_id" in call.principal.subject:
        await call.runtime.sandboxes.revoke(call.connection, call.principal.token_digest)
        await accounts.clear_token(call.repository, caller.user_id)
    return message_of(call.runtime.new_uuid(), "Successfully logged out")


async def get_me(call: Call, caller: Caller) -> Resource:
    """Return the caller with the role in the workspace."""
    caller.authorised_workspace(call)
    row = await accounts.get_user(call.repository, caller.user_id)
    user = require_row(row, not_found("User"))
    return user_of(user, caller.role, verification=call.setting(VERIFICATION))
