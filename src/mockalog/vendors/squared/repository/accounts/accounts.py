"""Queries on users."""

from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, insert, select, update

from mockalog.kernel.database.interfaces import Connection, Query
from mockalog.kernel.database.models import TEMPLATE, sandboxes
from mockalog.kernel.database.repository import Repository
from mockalog.vendors.squared.models import memberships, users
from mockalog.vendors.squared.rules.accounts.rows import UserRow

_SANDBOX_ID: BindParameter[int] = bindparam("sandbox_id")


class CallerRow(NamedTuple):
    """A user with one of the user's workspaces and the role in it, None without a workspace."""

    id: int
    token_digest: str | None
    locked_until: int | None
    workspace_id: int | None
    role: str | None


class NameRow(NamedTuple):
    """The name of a sandbox."""

    name: str


async def find_sandboxes(connection: Connection, email: str) -> list[str]:
    """Return the names of the sandboxes that have a user with an email, two at most."""
    return [row.name for row in await connection.all(_OF_EMAIL, {"email": email})]


def _caller(*conditions: ColumnElement[bool]) -> Query[CallerRow]:
    membership = and_(
        memberships.c.sandbox_id == users.c.sandbox_id,
        memberships.c.user_id == users.c.id,
        *conditions,
    )
    statement = (
        select(
            users.c.id,
            users.c.token_digest,
            users.c.locked_until,
            memberships.c.workspace_id,
            memberships.c.role,
        )
        .select_from(users.outerjoin(memberships, membership))
        .where(users.c.sandbox_id == _SANDBOX_ID, users.c.id == bindparam("user_id"))
        .order_by(memberships.c.workspace_id)
        .limit(1)
    )
    return Query(statement, CallerRow)


_CALLER = _caller()
_CALLER_IN = _caller(memberships.c.workspace_id == bindparam("wanted"))
_USERS = select(users).where(users.c.sandbox_id == _SANDBOX_ID)
_GET_BY_EMAIL = Query(_USERS.where(users.c.email == bindparam("email")), UserRow)
_GET_BY_RESET_DIGEST = Query(_USERS.where(users.c.reset_digest == bindparam("digest")), UserRow)
_GET_BY_CONFIRMATION_TOKEN = Query(
    _USERS.where(users.c.confirmation_token == bindparam("token")), UserRow
)
# The users of living sandboxes but the template. A third would change nothing.
_OF_EMAIL = Query(
    select(sandboxes.c.name)
    .join(users, users.c.sandbox_id == sandboxes.c.id)
    .where(
        users.c.email == bindparam("email"),
        sandboxes.c.name.is_not(None),
        sandboxes.c.name != TEMPLATE,
    )
    .limit(2),
    NameRow,
)
_CREATE_USER = Query(insert(users).returning(users), UserRow)
_THE_USER = users.c.sandbox_id == _SANDBOX_ID, users.c.id == bindparam("user_id")
_STORE_TOKEN = (
    update(users)
    .where(*_THE_USER)
    .values(token_digest=bindparam("digest"), failed_logins=0, locked_until=None)
)
_STORE_FAILED_LOGIN = (
    update(users)
    .where(*_THE_USER)
    .values(failed_logins=bindparam("failures"), locked_until=bindparam("until"))
)
_GET = Query(select(users).where(*_THE_USER), UserRow)
_CLEAR_TOKEN = update(users).where(*_THE_USER).values(token_digest=None)
_STORE_RESET_DIGEST = (
    update(users)
    .where(*_THE_USER)
    .values(reset_digest=bindparam("digest"), reset_sent_at=bindparam("sent_at"))
)
_STORE_PASSWORD = (
    update(users)
    .where(*_THE_USER)
    .values(password=bindparam("new_password"), reset_digest=None, reset_sent_at=None)
)
_CONFIRM = update(users).where(*_THE_USER).values(confirmed_at=bindparam("at"))


async def get_caller(
    repository: Repository, user_id: int, workspace_id: int | None
) -> CallerRow | None:
    """Return a user with a workspace: `workspace_id`, or for None the first one."""
    if workspace_id is None:
        return await repository.first(_CALLER, user_id=user_id)
    return await repository.first(_CALLER_IN, user_id=user_id, wanted=workspace_id)


async def get_user_by_email(repository: Repository, email: str) -> UserRow | None:
    """Return the user with an email address; its case counts."""
    return await repository.first(_GET_BY_EMAIL, email=email)


async def get_user(repository: Repository, user_id: int) -> UserRow | None:
    """Return a user."""
    return await repository.first(_GET, user_id=user_id)


async def get_user_by_reset_digest(repository: Repository, digest: str) -> UserRow | None:
    """Return the user that a mail with a new password's token was sent to, by its digest."""
    return await repository.first(_GET_BY_RESET_DIGEST, digest=digest)


async def get_user_by_confirmation_token(repository: Repository, token: str) -> UserRow | None:
    """Return the user whose address the token verifies."""
    return await repository.first(_GET_BY_CONFIRMATION_TOKEN, token=token)


async def create_user(repository: Repository, **columns: object) -> UserRow:
    """Store a user without logins and return the row."""
    unused = {
        "token_digest": None,
        "failed_logins": 0,
        "locked_until": None,
        "reset_digest": None,
        "reset_sent_at": None,
    }
    return await repository.one(_CREATE_USER, **unused, **columns)


async def store_token(repository: Repository, user_id: int, digest: str) -> None:
    """Store the digest of the one valid token and reset the count of failed logins."""
    await repository.run(_STORE_TOKEN, user_id=user_id, digest=digest)


async def store_failed_login(
    repository: Repository, user_id: int, failures: int, until: int | None
) -> None:
    """Store the number of failed logins in a row and the end of the lock, None without one."""
    await repository.run(_STORE_FAILED_LOGIN, user_id=user_id, failures=failures, until=until)


async def clear_token(repository: Repository, user_id: int) -> None:
    """Make the user's token invalid."""
    await repository.run(_CLEAR_TOKEN, user_id=user_id)


async def store_reset_digest(
    repository: Repository, user_id: int, digest: str, sent_at: int
) -> None:
    """Store the digest of the token that allows a new password, in place of an older one."""
    await repository.run(_STORE_RESET_DIGEST, user_id=user_id, digest=digest, sent_at=sent_at)


async def store_password(repository: Repository, user_id: int, password: str) -> None:
    """Store the hash of a new password and make the token that allowed it invalid."""
    await repository.run(_STORE_PASSWORD, user_id=user_id, new_password=password)


async def confirm_user(repository: Repository, user_id: int, at: int) -> None:
    """Store that the user's address is verified, at an instant in microseconds."""
    await repository.run(_CONFIRM, user_id=user_id, at=at)
