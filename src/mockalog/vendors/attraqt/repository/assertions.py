"""Client assertions that were used: each may be only once."""

from mockalog.kernel.database.repository import Repository, series


async def use_assertion(repository: Repository, key: str) -> bool:
    """Mark a client assertion as used; return whether it is the first time."""
    return await repository.next_number(series("attraqt.assertions", key)) == 1
