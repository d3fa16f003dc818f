"""Users."""

from typing import Any

from sqlalchemy import BindParameter, Select, and_, bindparam, insert, select, update

from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import memberships, users

_SANDBOX_ID: BindParameter[int] = bindparam("sandbox_id")


def _caller(*conditions: Any) -> Select[Any]:
    """Return a user with a workspace of theirs and the role: NULL if they have none that fits."""
    theirs = and_(
        memberships.c.sandbox_id == users.c.sandbox_id,
        memberships.c.user_id == users.c.id,
        *conditions,
    )
    return (
        select(
            users.c.id,
            users.c.token_digest,
            users.c.locked_until,
            memberships.c.workspace_id,
            memberships.c.role,
        )
        .select_from(users.outerjoin(memberships, theirs))
        .where(users.c.sandbox_id == _SANDBOX_ID, users.c.id == bindparam("user_id"))
        .order_by(memberships.c.workspace_id)
        .limit(1)
    )


_CALLER = _caller()
_CALLER_IN = _caller(memberships.c.workspace_id == bindparam("wanted"))
_USER = select(users).where(users.c.sandbox_id == _SANDBOX_ID, users.c.email == bindparam("email"))
_USER_WITH = select(users).where(users.c.sandbox_id == _SANDBOX_ID)
_USER_TO_RESET = _USER_WITH.where(users.c.reset_digest == bindparam("digest"))
_USER_TO_CONFIRM = _USER_WITH.where(users.c.confirmation_token == bindparam("token"))
_CREATE_USER = insert(users).returning(users)
_THE_USER = users.c.sandbox_id == _SANDBOX_ID, users.c.id == bindparam("user_id")
_KEEP_TOKEN = (
    update(users)
    .where(*_THE_USER)
    .values(token_digest=bindparam("digest"), failed_logins=0, locked_until=None)
)
_KEEP_FAILURE = (
    update(users)
    .where(*_THE_USER)
    .values(failed_logins=bindparam("failures"), locked_until=bindparam("until"))
)
_GET = select(users).where(*_THE_USER)
_END_TOKEN = update(users).where(*_THE_USER).values(token_digest=None)
_EXPECT_RESET = (
    update(users)
    .where(*_THE_USER)
    .values(reset_digest=bindparam("digest"), reset_sent_at=bindparam("sent_at"))
)
_KEEP_PASSWORD = (
    update(users)
    .where(*_THE_USER)
    .values(password=bindparam("new_password"), reset_digest=None, reset_sent_at=None)
)
_CONFIRM = update(users).where(*_THE_USER).values(confirmed_at=bindparam("at"))


async def caller(repository: Repository, user_id: int, workspace_id: int | None) -> Any | None:
    """Return a user with their first workspace, or with the one that is wanted."""
    if workspace_id is None:
        return await repository.first(_CALLER, user_id=user_id)
    return await repository.first(_CALLER_IN, user_id=user_id, wanted=workspace_id)


async def user_of(repository: Repository, email: str) -> Any | None:
    """Return the user of an email, which must match in case."""
    return await repository.first(_USER, email=email)


async def get_user(repository: Repository, user_id: int) -> Any | None:
    """Return a user."""
    return await repository.first(_GET, user_id=user_id)


async def user_to_reset(repository: Repository, digest: str) -> Any | None:
    """Return the user whose password the token of that digest may replace."""
    return await repository.first(_USER_TO_RESET, digest=digest)


async def user_to_confirm(repository: Repository, token: str) -> Any | None:
    """Return the user whose address the token verifies."""
    return await repository.first(_USER_TO_CONFIRM, token=token)


async def create_user(repository: Repository, **columns: Any) -> Any:
    """Store a user who never logged in and return the row."""
    unused = {
        "token_digest": None,
        "failed_logins": 0,
        "locked_until": None,
        "reset_digest": None,
        "reset_sent_at": None,
    }
    return await repository.first(_CREATE_USER, **unused, **columns)


async def keep_token(repository: Repository, user_id: int, digest: str) -> None:
    """Store which token is the live one; a login that succeeds forgets the failed ones."""
    await repository.run(_KEEP_TOKEN, user_id=user_id, digest=digest)


async def keep_failure(
    repository: Repository, user_id: int, failures: int, until: int | None
) -> None:
    """Store how many logins failed in a row, and until when the account is locked."""
    await repository.run(_KEEP_FAILURE, user_id=user_id, failures=failures, until=until)


async def end_token(repository: Repository, user_id: int) -> None:
    """Store that no token is live."""
    await repository.run(_END_TOKEN, user_id=user_id)


async def expect_reset(repository: Repository, user_id: int, digest: str, sent_at: int) -> None:
    """Store which token allows a new password; an older one ends here."""
    await repository.run(_EXPECT_RESET, user_id=user_id, digest=digest, sent_at=sent_at)


async def keep_password(repository: Repository, user_id: int, password: str) -> None:
    """Store a new password; the token that allowed it allows no other."""
    await repository.run(_KEEP_PASSWORD, user_id=user_id, new_password=password)


async def confirm(repository: Repository, user_id: int, at: int) -> None:
    """Store that the address is verified."""
    await repository.run(_CONFIRM, user_id=user_id, at=at)
