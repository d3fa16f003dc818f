"""Operations on accounts: who comes in, goes out and comes back, and the mails about it."""

from mockalog.kernel.call import Call
from mockalog.kernel.wire import Answer
from mockalog.vendors.squared.errors import Declined, InvalidLogin, envelope
from mockalog.vendors.squared.router import limits
from mockalog.vendors.squared.router.index import inspections, router
from mockalog.vendors.squared.rules import accounts as account_rules
from mockalog.vendors.squared.rules import recovery as recovery_rules
from mockalog.vendors.squared.schemas import body_of, reply
from mockalog.vendors.squared.service import accounts, mails, recovery
from mockalog.vendors.squared.service.identity import identify


@router.get("/api/v1/users/me", bucket=limits.API)
async def get_me(call: Call) -> Answer:
    """Return the caller, with the role in the workspace; no right needed."""
    caller = await identify(call)
    return reply({"data": await accounts.me(call, caller)})


# Who is not known yet: the email, or the token of a mail, opens the sandbox as a credential does,
# unless the request carries or names what opens one.


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


@router.post(
    "/api/v1/login",
    bucket=limits.LOGIN,
    credential=_login_email,
    public=True,
    unauthorized=InvalidLogin,
)
async def login(call: Call) -> Answer:
    """Answer with a token."""
    outcome = await accounts.login(call, account_rules.login(body_of(call)))
    if isinstance(outcome, Declined):
        return envelope(outcome, call.exchange)
    return reply({"data": outcome})


@router.post("/api/v1/signup", bucket=limits.SIGNUP, credential=_signup_email, public=True)
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
    bucket=limits.FORGOT_PASSWORD,
    credential=_email,
    public=True,
    unauthorized=recovery_rules.UnknownEmail,
)
async def forgot_password(call: Call) -> Answer:
    """Mail a token that allows a new password."""
    return reply({"data": await recovery.forgot_password(call, _email(call))})


@router.post(
    "/api/v1/reset_password",
    bucket=limits.RESET_PASSWORD,
    credential=_reset_token,
    public=True,
    unauthorized=recovery_rules.InvalidReset,
)
async def reset_password(call: Call) -> Answer:
    """Replace a password."""
    wanted = recovery_rules.reset(body_of(call))
    return reply({"data": await recovery.reset_password(call, wanted)})


@router.get(
    "/api/v1/verify_user",
    credential=_confirmation_token,
    public=True,
    unauthorized=recovery_rules.InvalidConfirmation,
)
async def verify_user(call: Call) -> Answer:
    """Confirm an address: row 27 of the contradictions, alike in both dialects."""
    return reply({"data": await recovery.verify_user(call, _confirmation_token(call))})


@router.post(
    "/api/v1/resend_verification",
    bucket=limits.RESEND_VERIFICATION,
    credential=_email,
    public=True,
    unauthorized=recovery_rules.UnknownUser,
)
async def resend_verification(call: Call) -> Answer:
    """Mail the confirmation's token again."""
    return reply({"data": await recovery.resend_verification(call, _email(call))})


@inspections.get("/outbox")
async def list_mails(call: Call) -> Answer:
    """List the mails that would have been sent, oldest first."""
    return reply({"mails": await mails.outbox(call)})
