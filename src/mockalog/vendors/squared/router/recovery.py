"""Operations on forgotten passwords and unverified addresses."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.squared.router import limits
from mockalog.vendors.squared.rules import recovery as rules
from mockalog.vendors.squared.schemas.accounts import (
    AccountMessageOut,
    ConfirmationQueryIn,
    EmailIn,
    ResetPasswordIn,
)
from mockalog.vendors.squared.schemas.wire import body_of, reply
from mockalog.vendors.squared.service import recovery

router = VendorRouter(tag="Accounts", public=True, responses={200: AccountMessageOut})


# The caller has no token: the email, or the token of a mail, opens the sandbox as a credential
# does, unless the request carries a credential or names a sandbox.


def _email(call: Call) -> str:
    return rules.email(body_of(call))


def _reset_token(call: Call) -> str:
    return rules.reset(body_of(call)).token


def _confirmation_token(call: Call) -> str:
    return rules.confirmation_token(call.query)


@router.post(
    "/api/v1/forgot_password",
    bucket=limits.FORGOT_PASSWORD,
    credential=_email,
    unauthorized_error=rules.UnknownEmail,
    body=EmailIn,
    errors=("validation", "email-not-found"),
)
async def forgot_password(call: Call) -> Response:
    """Send a mail with a token that allows a new password for six hours."""
    return reply({"data": await recovery.forgot_password(call, _email(call))})


@router.post(
    "/api/v1/reset_password",
    bucket=limits.RESET_PASSWORD,
    credential=_reset_token,
    unauthorized_error=rules.InvalidReset,
    body=ResetPasswordIn,
    errors=("validation", "invalid-reset", "reset-expired"),
)
async def reset_password(call: Call) -> Response:
    """Replace a password by means of the token of a mail."""
    wanted = rules.reset(body_of(call))
    return reply({"data": await recovery.reset_password(call, wanted)})


@router.get(
    "/api/v1/verify_user",
    credential=_confirmation_token,
    unauthorized_error=rules.InvalidConfirmation,
    query=ConfirmationQueryIn,
    errors=("validation", "invalid-confirmation"),
)
async def verify_user(call: Call) -> Response:
    """Confirm an address by means of the token of a mail."""
    return reply({"data": await recovery.verify_user(call, _confirmation_token(call))})


@router.post(
    "/api/v1/resend_verification",
    bucket=limits.RESEND_VERIFICATION,
    credential=_email,
    unauthorized_error=rules.UnknownUser,
    body=EmailIn,
    errors=("validation", "unknown-user", "already-confirmed"),
)
async def resend_verification(call: Call) -> Response:
    """Send the mail with the confirmation's token again."""
    return reply({"data": await recovery.resend_verification(call, _email(call))})
