"""New passwords and verified addresses (docs/vendors/squared.md#5-accounts)."""

from typing import Any

from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import Declined
from mockalog.vendors.squared.repository import USERS, accounts
from mockalog.vendors.squared.rules import recovery as rules
from mockalog.vendors.squared.schemas.accounts import message_of
from mockalog.vendors.squared.service import mails
from mockalog.vendors.squared.service.accounts import salted


async def forgot_password(call: Call, email: str) -> dict[str, Any]:
    """Mail a token that allows a new password; an older one ends. Raises `UnknownEmail`."""
    await call.repository.lock(USERS)
    user = await accounts.user_of(call.repository, email)
    if user is None:
        raise rules.UnknownEmail
    token = mails.new_token(call)
    await accounts.expect_reset(call.repository, user.id, digest(token), call.now)
    await mails.send(call, rules.RESET_PASSWORD, user.email, token)
    return message_of(user.id, "Reset password instructions sent to email.")


async def reset_password(call: Call, wanted: rules.Reset) -> dict[str, Any]:
    """Replace a password, once for each mail; live token and lock stay (inferred)."""
    await call.repository.lock(USERS)
    user = await accounts.user_to_reset(call.repository, digest(wanted.token))
    if user is None:
        raise rules.InvalidReset
    rules.check_reset(wanted.password, user.reset_sent_at, call.now)
    await accounts.keep_password(call.repository, user.id, salted(call, wanted.password))
    return message_of(user.id, "Password successfully reset.")


async def verify_user(call: Call, token: str) -> dict[str, Any]:
    """Confirm an address, once. Raises `InvalidConfirmation`."""
    await call.repository.lock(USERS)
    known = rules.is_token(token)
    user = await accounts.user_to_confirm(call.repository, token) if known else None
    if user is None or user.confirmed_at is not None:
        raise rules.InvalidConfirmation
    await accounts.confirm(call.repository, user.id, call.now)
    return message_of(user.id, "Account verified successfully!")


async def resend_verification(call: Call, email: str) -> dict[str, Any]:
    """Mail the same token again. Raises `Declined` if there is nobody or nothing to confirm."""
    user = await accounts.user_of(call.repository, email)
    if user is None:
        raise rules.UnknownUser
    if user.confirmed_at is not None:
        raise Declined(422, "Account already confirmed.", id_="already-confirmed")
    await mails.send(call, rules.CONFIRMATION, user.email, user.confirmation_token)
    return message_of(call.runtime.new_uuid(), "Email verification link sent successfully!")
