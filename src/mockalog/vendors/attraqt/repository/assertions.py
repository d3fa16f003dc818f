"""Used client assertions: each may be used once."""

from mockalog.kernel.database.repository import Repository, series


async def use_assertion(repository: Repository, key: str) -> bool:
    """Mark a client assertion as used; return whether this is its first use."""
    return await repository.next_number(series("attraqt.assertions", key)) == 1
