"""Mails: written down instead of sent, each with a token that opens this sandbox again."""

from typing import Any

from mockalog.kernel.vendor.call import Call
from mockalog.vendors.squared.repository import MAILS, mails
from mockalog.vendors.squared.rules.recovery import Mail
from mockalog.vendors.squared.schemas.accounts import mail_of


def new_token(call: Call) -> str:
    """Return a token that nobody can guess."""
    return f"{call.runtime.randomness.getrandbits(128):032x}"


async def send(call: Call, mail: Mail, recipient: str, token: str) -> None:
    """Write a mail down.

    Whoever brings its token back has no other credential, so it has to lead to the sandbox;
    it has no rights there.
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
    await mails.keep_mail(
        call.repository,
        id=id_,
        recipient=recipient,
        kind=mail.kind,
        subject=mail.subject,
        token=token,
        sent_at=call.now,
    )


async def outbox(call: Call) -> list[dict[str, Any]]:
    """Return every mail of the sandbox, oldest first."""
    return [mail_of(row) for row in await mails.list_mails(call.repository)]
