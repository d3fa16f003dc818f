"""Signing up, logging in and out, and who one is (docs/vendors/squared.md#5-accounts)."""

from typing import Any

from mockalog.kernel.clock import SECOND
from mockalog.kernel.sandboxes.authentication import ANYTHING
from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import Declined, InvalidLogin
from mockalog.vendors.squared.repository import USERS, accounts
from mockalog.vendors.squared.rules import accounts as rules
from mockalog.vendors.squared.rules.recovery import CONFIRMATION
from mockalog.vendors.squared.rules.validation import check_storable
from mockalog.vendors.squared.schemas.accounts import message_of, token_of, user_of
from mockalog.vendors.squared.service import mails
from mockalog.vendors.squared.service.identity import Caller, create_account

VERIFICATION = "squared.email_verification"


async def signup(call: Call, wanted: rules.Signup) -> dict[str, Any]:
    """Store an account with an organization and a workspace, and return the user."""
    check_storable((wanted.name, wanted.company_name))
    # Taken before the check, so that of two at once the second one sees the first.
    await call.repository.lock(USERS)
    known = await accounts.user_of(call.repository, wanted.email)
    rules.check_account(wanted, taken=known is not None)
    password = salted(call, wanted.password)
    token = mails.new_token(call) if call.setting(VERIFICATION) else None
    row = await create_account(
        call, wanted.name, wanted.email, password, wanted.company_name, token
    )
    if token is not None:
        await mails.send(call, CONFIRMATION, row.email, token)
    # The role belongs to a workspace, so there is none here.
    return user_of(row, None, verification=token is not None)


def salted(call: Call, password: str) -> str:
    """Return what is kept of a new password."""
    return rules.hashed(password, f"{call.runtime.randomness.getrandbits(128):032x}")


async def login(call: Call, wanted: rules.Login) -> dict[str, Any] | Declined:
    """Return a token, or why there is none.

    A refusal is returned instead of raised because the failed login has to be committed.
    """
    await call.repository.lock(USERS)
    user = await accounts.user_of(call.repository, wanted.email)
    if user is None or user.password is None:
        return InvalidLogin()
    if user.locked_until is not None and call.now < user.locked_until:
        text = "Account is locked due to multiple login attempts. Please retry after sometime"
        return Declined(401, text, id_="login-locked")
    if not rules.matches(wanted.password, user.password):
        await _count_failure(call, user)
        return InvalidLogin()
    if user.confirmed_at is None and call.setting(VERIFICATION):
        text = "Account not verified. Please verify your account."
        return Declined(401, text, id_="account-unverified")
    return token_of(await _issue(call, user))


async def _count_failure(call: Call, user: Any) -> None:
    """Count a wrong password; the fifth in a row locks, an hour later the count starts over."""
    failures = 1 if user.locked_until is not None else user.failed_logins + 1
    locked = failures >= rules.MAX_FAILED_LOGINS
    until = call.now + rules.LOCKED_MICROSECONDS if locked else None
    await accounts.keep_failure(call.repository, user.id, failures, until)


async def _issue(call: Call, user: Any) -> str:
    """Make and register a token; the user's older one ends here."""
    # Imported here because most runs never log in and a cold start must not pay for it.
    import jwt

    claims = rules.claims(user.id, call.now // SECOND, call.runtime.new_uuid())
    # Nobody verifies the signature: a token is known by its digest, so any key will do.
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
    await accounts.keep_token(call.repository, user.id, digest(token))
    return token


async def logout(call: Call, caller: Caller) -> dict[str, Any]:
    """End the live token; one that no login issued stays, as the key of its sandbox (inferred)."""
    if "user_id" in call.principal.subject:
        await call.runtime.sandboxes.revoke(call.connection, call.principal.token_digest)
        await accounts.end_token(call.repository, caller.user_id)
    return message_of(call.runtime.new_uuid(), "Successfully logged out")


async def me(call: Call, caller: Caller) -> dict[str, Any]:
    """Return the caller with their role in the workspace."""
    _ = caller.workspace_id
    row = await accounts.get_user(call.repository, caller.user_id)
    return user_of(row, caller.role, verification=call.setting(VERIFICATION))
