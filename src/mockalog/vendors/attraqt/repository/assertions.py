"""Used client assertions: each may be used once in its life."""

from typing import NamedTuple

from sqlalchemy import bindparam, delete

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository, upsert
from mockalog.vendors.attraqt.models import assertions


class _DigestRow(NamedTuple):
    digest: str


_new = upsert(assertions).values(
    sandbox_id=bindparam("sandbox_id"),
    digest=bindparam("digest"),
    expires_at=bindparam("expires_at"),
)
_first_use = _new.on_conflict_do_nothing(index_elements=["sandbox_id", "digest"])
_USE = Query(_first_use.returning(assertions.c.digest), _DigestRow)
_FORGET = delete(assertions).where(
    assertions.c.sandbox_id == bindparam("sandbox_id"), assertions.c.expires_at <= bindparam("now")
)


async def use_assertion(repository: Repository, digest: str, expires_at: int, now: int) -> bool:
    """Mark a client assertion as used; return whether this is its first use.

    Those that have expired are forgotten, so their number stays small.
    """
    await repository.run(_FORGET, now=now)
    return await repository.first(_USE, digest=digest, expires_at=expires_at) is not None
