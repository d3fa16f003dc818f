"""Queries on the outbox: mails that the vendor's server would have sent."""

from collections.abc import Sequence

from sqlalchemy import bindparam, insert, select

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import mails
from mockalog.vendors.squared.rules.accounts.rows import MailRow

_CREATE = insert(mails)
_LIST = Query(
    select(mails).where(mails.c.sandbox_id == bindparam("sandbox_id")).order_by(mails.c.id),
    MailRow,
)


async def create_mail(repository: Repository, **columns: object) -> None:
    """Store a mail."""
    await repository.run(_CREATE, **columns)


async def list_mails(repository: Repository) -> Sequence[MailRow]:
    """Return every mail, oldest first."""
    return await repository.all(_LIST)
