"""New passwords and verified addresses (docs/vendors/squared.md#5-accounts)."""

from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import ApplicationError
from mockalog.vendors.squared.repository import USERS
from mockalog.vendors.squared.repository.accounts import accounts
from mockalog.vendors.squared.rules.accounts import recovery as rules
from mockalog.vendors.squared.rules.accounts.accounts import hash_password
from mockalog.vendors.squared.schemas.accounts.accounts import Message, message_of
from mockalog.vendors.squared.service.accounts import mails
from mockalog.vendors.squared.service.lookups import require_row


async def forgot_password(call: Call, email: str) -> Message:
    """Mail a token that allows a new password; an older one ends. Raises `UnknownEmailError`."""
    await call.repository.lock(USERS)
    row = await accounts.get_user_by_email(call.repository, email)
    user = require_row(row, rules.UnknownEmailError())
    token = mails.new_token(call)
    await accounts.store_reset_digest(call.repository, user.id, digest(token), call.now)
    await mails.send(call, rules.RESET_PASSWORD, user.email, token)
    return message_of(user.id, "Reset password instructions sent to email.")


async def reset_password(call: Call, reset: rules.Reset) -> Message:
    """Replace a password, once for each mail; live token and lock stay (inferred)."""
    await call.repository.lock(USERS)
    row = await accounts.get_user_by_reset_digest(call.repository, digest(reset.token))
    user = require_row(row, rules.InvalidResetError())
    assert user.reset_sent_at is not None  # stored with the digest
    rules.check_reset(reset.password, user.reset_sent_at, call.now)
    password_hash = hash_password(reset.password, mails.new_token(call))
    await accounts.store_password(call.repository, user.id, password_hash)
    return message_of(user.id, "Password successfully reset.")


async def verify_user(call: Call, token: str) -> Message:
    """Confirm an address, once. Raises `InvalidConfirmationError`."""
    await call.repository.lock(USERS)
    if not rules.is_token(token):
        raise rules.InvalidConfirmationError
    user = await accounts.get_user_by_confirmation_token(call.repository, token)
    if user is None or user.confirmed_at is not None:
        raise rules.InvalidConfirmationError
    await accounts.confirm_user(call.repository, user.id, call.now)
    return message_of(user.id, "Account verified successfully!")


async def resend_verification(call: Call, email: str) -> Message:
    """Mail the same token again; raises `ApplicationError` without an unverified account."""
    row = await accounts.get_user_by_email(call.repository, email)
    user = require_row(row, rules.UnknownUserError())
    if user.confirmed_at is not None:
        raise ApplicationError(422, "Account already confirmed.", id_="already-confirmed")
    assert user.confirmation_token is not None  # an unverified account has one
    await mails.send(call, rules.CONFIRMATION, user.email, user.confirmation_token)
    return message_of(call.runtime.new_uuid(), "Email verification link sent successfully!")
