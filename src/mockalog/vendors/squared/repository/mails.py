"""Mails that the server would have sent."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select

from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import mails

_KEEP = insert(mails)
_LIST = select(mails).where(mails.c.sandbox_id == bindparam("sandbox_id")).order_by(mails.c.id)


async def keep_mail(repository: Repository, **columns: Any) -> None:
    """Store a mail."""
    await repository.run(_KEEP, **columns)


async def list_mails(repository: Repository) -> Sequence[Any]:
    """Return every mail, oldest first."""
    return await repository.all(_LIST)
