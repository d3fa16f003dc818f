"""Operations on accounts: signup, login, logout and the current user."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.errors import ApplicationError, InvalidLoginError, envelope
from mockalog.vendors.squared.repository.accounts.accounts import find_sandboxes
from mockalog.vendors.squared.router import access
from mockalog.vendors.squared.router.access import WORKSPACE, SquaredRouter
from mockalog.vendors.squared.router.params import body_of, reply
from mockalog.vendors.squared.rules.accounts import accounts as rules
from mockalog.vendors.squared.schemas.accounts.accounts import (
    AccountMessageOut,
    LoginIn,
    SignupIn,
    TokenOut,
    UserOut,
)
from mockalog.vendors.squared.service.access import Caller
from mockalog.vendors.squared.service.accounts import accounts

router = SquaredRouter(tag="Accounts")


@router.get("/api/v1/users/me", bucket=access.API, headers=WORKSPACE, responses={200: UserOut})
async def get_me(call: Call, caller: Caller) -> Response:
    """Return the caller, with the role in the workspace."""
    return reply({"data": await accounts.get_me(call, caller)})


# The request has no token: the email selects the sandbox as a credential does. The name of a
# sandbox or a known token in the header selects it first (docs/vendors/squared.md#5-accounts).


def _login_email(call: Call) -> str:
    return rules.login(body_of(call)).email


def _signup_email(call: Call) -> str:
    return rules.signup(body_of(call)).email


@router.post(
    "/api/v1/login",
    bucket=access.LOGIN,
    credential=_login_email,
    public=True,
    find_sandboxes=find_sandboxes,
    unauthorized_error=InvalidLoginError,
    imports=("jwt",),
    body=LoginIn,
    responses={200: TokenOut},
    errors=("validation", "invalid-login", "login-locked", "account-unverified"),
)
async def login(call: Call) -> Response:
    """Return a bearer token for an email and a password.

    A token lives for 30 minutes. A login ends the user's older token. The fifth wrong password in
    a row locks the account for an hour.
    """
    outcome = await accounts.login(call, rules.login(body_of(call)))
    if isinstance(outcome, ApplicationError):
        # Returned, not raised, so that the count of failed logins is committed.
        call.exchange.error_ids = outcome.ids
        return envelope(outcome, call.exchange)
    return reply({"data": outcome})


@router.post(
    "/api/v1/signup",
    bucket=access.SIGNUP,
    credential=_signup_email,
    public=True,
    body=SignupIn,
    responses={201: UserOut},
    # 401: the email is no credential of a server in strict mode.
    errors=("validation", "unauthorized", "signup-failed", "unstorable-value"),
)
async def signup(call: Call) -> Response:
    """Create an account with an organization and a workspace, whose Admin the user is."""
    user = await accounts.signup(call, rules.signup(body_of(call)))
    return reply({"data": user}, 201)


@router.delete("/api/v1/logout", responses={200: AccountMessageOut})
async def logout(call: Call, caller: Caller) -> Response:
    """End the caller's token."""
    return reply({"data": await accounts.logout(call, caller)})
