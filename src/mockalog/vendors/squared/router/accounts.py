"""Operations on accounts: signing up, logging in and out."""

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.pipeline import VendorRouter
from mockalog.vendors.squared.errors import Declined, InvalidLogin, envelope
from mockalog.vendors.squared.router import limits
from mockalog.vendors.squared.router.declarations import KEY, WORKSPACE
from mockalog.vendors.squared.rules import accounts as rules
from mockalog.vendors.squared.schemas.accounts import (
    AccountMessageOut,
    LoginIn,
    SignupIn,
    TokenOut,
    UserOut,
)
from mockalog.vendors.squared.schemas.wire import body_of, reply
from mockalog.vendors.squared.service import accounts
from mockalog.vendors.squared.service.identity import identify

router = VendorRouter(tag="Accounts", key=KEY)


@router.get("/api/v1/users/me", bucket=limits.API, headers=WORKSPACE, responses={200: UserOut})
async def get_me(call: Call) -> Response:
    """Return the caller, with the role in the workspace."""
    caller = await identify(call)
    return reply({"data": await accounts.me(call, caller)})


# An account that is not known yet: the email opens the sandbox as a credential does, unless the
# request carries a credential or names a sandbox.


def _login_email(call: Call) -> str:
    return rules.login(body_of(call)).email


def _signup_email(call: Call) -> str:
    return rules.signup(body_of(call)).email


@router.post(
    "/api/v1/login",
    bucket=limits.LOGIN,
    credential=_login_email,
    public=True,
    unauthorized_error=InvalidLogin,
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
    if isinstance(outcome, Declined):
        # Returned, because what the failed login counted has to be committed.
        call.exchange.error_ids = outcome.ids
        return envelope(outcome, call.exchange)
    return reply({"data": outcome})


@router.post(
    "/api/v1/signup",
    bucket=limits.SIGNUP,
    credential=_signup_email,
    public=True,
    body=SignupIn,
    responses={201: UserOut},
    # 401: a server that takes registered credentials only does not know the email.
    errors=("validation", "unauthorized", "signup-failed", "unstorable-value"),
)
async def signup(call: Call) -> Response:
    """Create an account with an organization and a workspace, whose Admin the user is."""
    user = await accounts.signup(call, rules.signup(body_of(call)))
    return reply({"data": user}, 201)


@router.delete("/api/v1/logout", responses={200: AccountMessageOut})
async def logout(call: Call) -> Response:
    """End the caller's token."""
    caller = await identify(call)
    return reply({"data": await accounts.logout(call, caller)})
