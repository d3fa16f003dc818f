"""Squared's tables. Ids are counted per sandbox, so they are half of each primary key."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, Text, UniqueConstraint

from mockalog.kernel.database import JsonText, metadata


def _sandbox() -> Column[int]:
    return Column("sandbox_id", Integer, primary_key=True, autoincrement=False)


def _id(name: str = "id") -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


organizations = Table(
    "squared_organizations",
    metadata,
    _sandbox(),
    _id(),
    Column("name", Text, nullable=False),
)

workspaces = Table(
    "squared_workspaces",
    metadata,
    _sandbox(),
    _id(),
    Column("organization_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("api_key", String(64), nullable=False),
    Column("description", Text),
    Column("region", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

users = Table(
    "squared_users",
    metadata,
    _sandbox(),
    _id(),
    Column("name", Text, nullable=False),
    Column("email", String(254), nullable=False),
    # Salt and hash; NULL for the user that a bare bearer token brings along: it cannot log in.
    Column("password", String(200)),
    # SHA-256 of the one live token, NULL before the first login.
    Column("token_digest", String(64)),
    Column("failed_logins", Integer, nullable=False),
    Column("locked_until", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "email"),
    # SHA-256 of the token that allows a new password, and when it was sent.
    Column("reset_digest", String(64)),
    Column("reset_sent_at", BigInteger),
    # In clear, because a mail that is sent again brings the same one.
    Column("confirmation_token", String(32)),
    # NULL until the address is verified.
    Column("confirmed_at", BigInteger),
)

memberships = Table(
    "squared_memberships",
    metadata,
    _sandbox(),
    _id("user_id"),
    _id("workspace_id"),
    Column("role", String(100), nullable=False),
)

# No constraint on the name: it is unique per type on create only, an update may repeat it.
connectors = Table(
    "squared_connectors",
    metadata,
    _sandbox(),
    _id(),
    Column("workspace_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("connector_type", String(20), nullable=False),
    Column("connector_name", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("sub_category", Text, nullable=False),
    Column("icon", Text, nullable=False),
    # JSON text, secrets in clear: what the connector would connect with.
    Column("configuration", JsonText, nullable=False),
    # JSON text as every answer shows it, so that no read has to mask anything.
    Column("masked", JsonText, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
)

catalogs = Table(
    "squared_catalogs",
    metadata,
    _sandbox(),
    _id(),
    Column("workspace_id", BigInteger, nullable=False),
    Column("connector_id", BigInteger, nullable=False),
    # JSON text, the streams object.
    Column("catalog", JsonText, nullable=False),
    Column("catalog_hash", String(40), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "connector_id"),
)

# What the server would have mailed; nothing leaves the emulator.
mails = Table(
    "squared_mails",
    metadata,
    _sandbox(),
    _id(),
    Column("recipient", String(254), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("subject", Text, nullable=False),
    Column("token", String(32), nullable=False),
    Column("sent_at", BigInteger, nullable=False),
)
