"""Squared's tables. Ids are counted per sandbox, so they are half of each primary key."""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from mockalog.kernel.database.models import ONE_OF, JsonText, metadata
from mockalog.vendors.squared.forms import StoredCatalog, StoredMapping, StoredWorld
from mockalog.vendors.squared.rules.runs import ACTIVE, RECORD_STATUSES, RUN_STATUSES


def _sandbox() -> Column[int]:
    return Column("sandbox_id", Integer, primary_key=True, autoincrement=False)


# What an index takes of a name, which may be as long as it likes.
NAME_START = text("substr(name, 1, 64)")


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
    Index("ix_squared_connectors_list", "sandbox_id", "workspace_id", "updated_at", "id"),
    Index("ix_squared_connectors_name", "sandbox_id", "workspace_id", "connector_type", NAME_START),
)

catalogs = Table(
    "squared_catalogs",
    metadata,
    _sandbox(),
    _id(),
    Column("workspace_id", BigInteger, nullable=False),
    Column("connector_id", BigInteger, nullable=False),
    # JSON text, the streams object.
    Column("catalog", JsonText(StoredCatalog), nullable=False),
    Column("catalog_hash", String(40), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "connector_id"),
)

models = Table(
    "squared_models",
    metadata,
    _sandbox(),
    _id(),
    Column("workspace_id", BigInteger, nullable=False),
    Column("connector_id", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text),
    Column("query", Text),
    Column("query_type", String(20), nullable=False),
    # An object; NULL where none was given.
    Column("configuration", JsonText),
    Column("primary_key", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("ix_squared_models_list", "sandbox_id", "workspace_id", "updated_at", "id"),
)

# What each connector finds at the other end, once a test loaded or a sync wrote something.
worlds = Table(
    "squared_worlds",
    metadata,
    _sandbox(),
    _id("connector_id"),
    # Primary key and columns of each table, by name.
    Column("tables", JsonText(StoredWorld), nullable=False),
    # The last number that a row got.
    Column("last", BigInteger, nullable=False),
)

rows = Table(
    "squared_rows",
    metadata,
    _sandbox(),
    _id("connector_id"),
    # The table's name, or its hash.
    Column("stream", String(64), primary_key=True),
    _id("number"),
    # What a row is replaced by; NULL for one that never is.
    Column("key", String(64)),
    Column("document", JsonText, nullable=False),
    UniqueConstraint("sandbox_id", "connector_id", "stream", "key"),
)

# Deleting one is for good: whoever looks cannot tell a hidden row from none.
syncs = Table(
    "squared_syncs",
    metadata,
    _sandbox(),
    _id(),
    Column("workspace_id", BigInteger, nullable=False),
    Column("source_id", BigInteger, nullable=False),
    Column("destination_id", BigInteger, nullable=False),
    Column("model_id", BigInteger, nullable=False),
    Column("configuration", JsonText(StoredMapping), nullable=False),
    Column("schedule_type", String(20), nullable=False),
    Column("sync_mode", String(20), nullable=False),
    Column("sync_interval", BigInteger),
    Column("sync_interval_unit", String(10)),
    Column("cron_expression", Text),
    Column("stream_name", Text, nullable=False),
    Column("status", String(20), nullable=False),
    Column("cursor_field", Text),
    Column("current_cursor_field", Text),
    # When the schedule makes the next run; a job that is due at another time is of an older one.
    Column("next_run_at", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("ix_squared_syncs_list", "sandbox_id", "workspace_id", "updated_at", "id"),
)

_active = text(f"status IN {ACTIVE}")

sync_runs = Table(
    "squared_sync_runs",
    metadata,
    _sandbox(),
    _id(),
    Column("workspace_id", BigInteger, nullable=False),
    Column("sync_id", BigInteger, nullable=False),
    Column("source_id", BigInteger, nullable=False),
    Column("destination_id", BigInteger, nullable=False),
    Column("status", String(20), nullable=False, info={ONE_OF: RUN_STATUSES}),
    Column("sync_run_type", String(10), nullable=False),
    Column("started_at", BigInteger),
    Column("finished_at", BigInteger),
    Column("total_query_rows", BigInteger, nullable=False),
    Column("total_rows", BigInteger, nullable=False),
    Column("skipped_rows", BigInteger, nullable=False),
    Column("successful_rows", BigInteger, nullable=False),
    Column("failed_rows", BigInteger, nullable=False),
    Column("error", Text),
    # The last value of the sync's cursor field; the sync takes it over when the run succeeds.
    Column("cursor", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("ix_squared_sync_runs_sync", "sandbox_id", "sync_id"),
    Index(
        "uq_squared_sync_runs_active",
        "sandbox_id",
        "sync_id",
        unique=True,
        sqlite_where=_active,
    ),
)

# One for each row that a sync ever read; its run is the latest that sent it.
sync_records = Table(
    "squared_sync_records",
    metadata,
    _sandbox(),
    _id(),
    Column("workspace_id", BigInteger, nullable=False),
    Column("sync_id", BigInteger, nullable=False),
    Column("sync_run_id", BigInteger, nullable=False),
    # SHA-1 of the primary key's text, which may be longer than an index allows.
    Column("key_digest", String(40), nullable=False),
    # SHA-1 of the row; NULL if it was never written, so that the next run sends it again.
    Column("fingerprint", String(40)),
    # The row as it was read.
    Column("record", JsonText, nullable=False),
    Column("status", String(20), nullable=False, info={ONE_OF: RECORD_STATUSES}),
    Column("action", String(20), nullable=False),
    # An object; NULL before it was written.
    Column("logs", JsonText),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "sync_id", "key_digest"),
    Index("ix_squared_sync_records_run", "sandbox_id", "sync_run_id"),
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
