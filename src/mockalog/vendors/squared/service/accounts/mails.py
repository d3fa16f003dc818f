"""Mails: stored instead of sent, each with a token that opens its sandbox."""

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.repository import MAILS
from mockalog.vendors.squared.repository.accounts import mails
from mockalog.vendors.squared.rules.accounts.recovery import Mail


def new_token(call: Call) -> str:
    """Return a random token of 128 bits in hexadecimal digits."""
    return f"{call.runtime.randomness.getrandbits(128):032x}"


async def send(call: Call, mail: Mail, recipient: str, token: str) -> None:
    """Store a mail and register its token.

    The token is the only credential of its request, so it selects the sandbox. It has no rights.
    """
    await call.runtime.sandboxes.register(
        call.connection,
        "squared",
        token,
        sandbox=call.sandbox.name,
        permissions=frozenset(),
        subject={"mail": mail.kind},
        issued=True,
    )
    id_ = await call.repository.next_number(MAILS)
    await mails.create_mail(
        call.repository,
        id=id_,
        recipient=recipient,
        kind=mail.kind,
        subject=mail.subject,
        token=token,
        sent_at=call.now,
    )
