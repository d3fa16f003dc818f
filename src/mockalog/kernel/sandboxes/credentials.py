"""Credentials: rows that name a token by its digest, never the token itself."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    bindparam,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from mockalog.kernel.database.interfaces import Connection, Flag, IdRow, Query, Reader
from mockalog.kernel.database.models import credentials

# Credentials that one statement lists.
PAGE = 250


@lru_cache(maxsize=10_000)
def digest(credential: str) -> str:
    """Return the SHA-256 of a credential, which also names the sandbox that it opens."""
    return hashlib.sha256(credential.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Credential:
    """A known credential: registered by a test, or issued by a vendor."""

    id: int
    vendor: str
    digest: str
    sandbox: str
    permissions: frozenset[str]
    subject: Mapping[str, Any]
    issued: bool
    expires_at: int | None
    revoked: bool
    created_at: int


class CredentialRow(NamedTuple):
    """A row of `credentials`; `permissions` and `subject` are JSON."""

    id: int
    vendor: str
    digest: str
    sandbox: str
    permissions: str
    subject: str
    issued: Flag
    expires_at: int | None
    revoked: Flag
    created_at: int


class _DigestRow(NamedTuple):
    digest: str


_by_digest = select(credentials).where(credentials.c.digest == bindparam("digest"))
FIND = Query(_by_digest.where(credentials.c.vendor == bindparam("vendor")).limit(1), CredentialRow)
FIND_OF_ANY_VENDOR = Query(_by_digest.order_by(credentials.c.id).limit(1), CredentialRow)
_listed = select(credentials).where(~credentials.c.issued, credentials.c.id > bindparam("last"))
LIST = Query(_listed.order_by(credentials.c.id).limit(PAGE), CredentialRow)
_one = select(credentials).where(credentials.c.id == bindparam("credential_id"))
GET = Query(_one, CredentialRow)
_known = upsert(credentials).values(
    {column.name: bindparam(column.name) for column in credentials.c if column.name != "id"}
)
_KEY = ["vendor", "digest"]
_registered = {
    name: _known.excluded[name]
    for name in ("sandbox", "permissions", "subject", "issued", "expires_at", "revoked")
}
_register = _known.on_conflict_do_update(index_elements=_KEY, set_=_registered)
_REGISTER = Query(_register.returning(credentials.c.id), IdRow)
# Skips a credential that opens another sandbox than `home` and than the new one.
_register_at_home = _known.on_conflict_do_update(
    index_elements=_KEY,
    set_=_registered,
    where=credentials.c.sandbox.in_([bindparam("home"), _known.excluded.sandbox]),
)
_REGISTER_AT_HOME = Query(_register_at_home.returning(credentials.c.id), IdRow)
FORGET = credentials.delete().where(
    credentials.c.id == bindparam("credential_id"), ~credentials.c.issued
)
FORGET_OF_SANDBOX = FORGET.where(credentials.c.sandbox == bindparam("of"))
_of_sandbox = select(credentials).where(credentials.c.sandbox == bindparam("of"))
_OF_SANDBOX = Query(_of_sandbox.order_by(credentials.c.vendor, credentials.c.digest), CredentialRow)
# Skips a credential that opens another sandbox by now.
_PUT_BACK = _known.on_conflict_do_update(
    index_elements=_KEY,
    set_={
        name: _known.excluded[name]
        for name in ("permissions", "subject", "issued", "expires_at", "revoked", "created_at")
    },
    where=credentials.c.sandbox == _known.excluded.sandbox,
)
_is_its_own = credentials.c.digest == bindparam("own_digest")
_KEYS_TO = Query(
    select(credentials.c.digest).where(
        credentials.c.sandbox == bindparam("of"), or_(~credentials.c.issued, _is_its_own)
    ),
    _DigestRow,
)
REVOKE = (
    update(credentials).where(credentials.c.digest == bindparam("old_digest")).values(revoked=True)
)


async def of_sandbox(reader: Reader, sandbox: str) -> list[dict[str, object]]:
    """Return the credentials that open a sandbox, as JSON: digests, no tokens."""
    return [as_json(from_row(row)) for row in await reader.all(_OF_SANDBOX, {"of": sandbox})]


async def register(
    connection: Connection, values: Mapping[str, object], home: str | None
) -> int | None:
    """Store a credential; return its id, or None if it opens another sandbox than `home`."""
    statement = _REGISTER if home is None else _REGISTER_AT_HOME
    row = await connection.first(statement, {**values, "home": home})
    return None if row is None else row.id


async def may_name(connection: Connection, sandbox: str, token_digest: str) -> bool:
    """Return whether the credential opens a sandbox, or the sandbox has no owner.

    The owners of a sandbox are the registered credentials that open it. A token that a vendor
    issued there makes no owner: its client may have named the sandbox.
    """
    values = {"of": sandbox, "own_digest": token_digest}
    keys = {row.digest for row in await connection.all(_KEYS_TO, values)}
    return not keys or token_digest in keys


async def put_back(connection: Connection, known: Sequence[Mapping[str, object]]) -> int:
    """Register again the credentials that `of_sandbox` returned, each with its `sandbox`.

    Return their number. A credential that opens another sandbox by now is left as it is.
    """
    rows = [
        {
            **one,
            "permissions": json.dumps(one["permissions"]),
            "subject": json.dumps(one["subject"]),
        }
        for one in known
    ]
    return await connection.many(_PUT_BACK, rows)


def as_json(credential: Credential) -> dict[str, object]:
    """Return a credential as a state document has it, without the sandbox that it opens."""
    return {
        "vendor": credential.vendor,
        "digest": credential.digest,
        "permissions": sorted(credential.permissions),
        "subject": dict(credential.subject),
        "issued": credential.issued,
        "expires_at": credential.expires_at,
        "revoked": credential.revoked,
        "created_at": credential.created_at,
    }


def from_row(row: CredentialRow) -> Credential:
    """Return the credential of a row."""
    return Credential(
        id=row.id,
        vendor=row.vendor,
        digest=row.digest,
        sandbox=row.sandbox,
        permissions=frozenset(json.loads(row.permissions)),
        subject=json.loads(row.subject),
        issued=bool(row.issued),
        expires_at=row.expires_at,
        revoked=bool(row.revoked),
        created_at=row.created_at,
    )
