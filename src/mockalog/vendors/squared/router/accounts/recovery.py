"""Operations on forgotten passwords and unverified addresses."""

from mockalog.kernel.errors import ApiError
from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Bucket, Call
from mockalog.kernel.vendor.router import Declare
from mockalog.vendors.squared.repository.accounts.accounts import find_sandboxes
from mockalog.vendors.squared.router import access
from mockalog.vendors.squared.router.access import SquaredRouter
from mockalog.vendors.squared.router.params import body_of, reply
from mockalog.vendors.squared.rules.accounts import recovery as rules
from mockalog.vendors.squared.schemas.accounts.accounts import (
    AccountMessageOut,
    ConfirmationQueryIn,
    EmailIn,
    ResetPasswordIn,
)
from mockalog.vendors.squared.service.accounts import recovery

router = SquaredRouter(tag="Accounts", public=True, responses={200: AccountMessageOut})


# The request has no token: the email, or the token of a mail, selects the sandbox as a credential
# does. The name of a sandbox or a known token in the header selects it first
# (docs/vendors/squared.md#5-accounts).


def _email(call: Call) -> str:
    return rules.email(body_of(call))


def _reset_token(call: Call) -> str:
    return rules.reset(body_of(call)).token


def _confirmation_token(call: Call) -> str:
    return rules.confirmation_token(call.query)


def _post_email(path: str, bucket: Bucket, unknown: type[ApiError], *errors: str) -> Declare:
    """Declare an operation whose body is an email; `unknown`: raised for an unknown one."""
    return router.post(
        path,
        bucket=bucket,
        credential=_email,
        find_sandboxes=find_sandboxes,
        unauthorized_error=unknown,
        body=EmailIn,
        errors=("validation", *errors),
    )


@_post_email(
    "/api/v1/forgot_password", access.FORGOT_PASSWORD, rules.UnknownEmailError, "email-not-found"
)
async def forgot_password(call: Call) -> Response:
    """Send a mail with a token that allows a new password for six hours."""
    return reply({"data": await recovery.forgot_password(call, _email(call))})


@router.post(
    "/api/v1/reset_password",
    bucket=access.RESET_PASSWORD,
    credential=_reset_token,
    unauthorized_error=rules.InvalidResetError,
    body=ResetPasswordIn,
    errors=("validation", "invalid-reset", "reset-expired"),
)
async def reset_password(call: Call) -> Response:
    """Replace a password by means of the token of a mail."""
    reset = rules.reset(body_of(call))
    return reply({"data": await recovery.reset_password(call, reset)})


@router.get(
    "/api/v1/verify_user",
    credential=_confirmation_token,
    unauthorized_error=rules.InvalidConfirmationError,
    query=ConfirmationQueryIn,
    errors=("validation", "invalid-confirmation"),
)
async def verify_user(call: Call) -> Response:
    """Confirm an address by means of the token of a mail."""
    return reply({"data": await recovery.verify_user(call, _confirmation_token(call))})


@_post_email(
    "/api/v1/resend_verification",
    access.RESEND_VERIFICATION,
    rules.UnknownUserError,
    "unknown-user",
    "already-confirmed",
)
async def resend_verification(call: Call) -> Response:
    """Send the mail with the confirmation's token again."""
    return reply({"data": await recovery.resend_verification(call, _email(call))})
