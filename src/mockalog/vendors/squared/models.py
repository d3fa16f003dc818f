"""Squared's tables. Each sandbox counts its own ids, so primary keys include the sandbox."""

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

from mockalog.kernel.database.models import ONE_OF, JsonText, counter, metadata
from mockalog.vendors.squared.json_columns import StoredCatalog, StoredMapping, StoredTables

# The kinds of jobs.
ADVANCE_RUN = "squared.advance_run"
SCHEDULED_RUN = "squared.scheduled_run"

# The statuses of syncs, of their runs and of their records.
PENDING = "pending"
STARTED = "started"
QUERYING = "querying"
QUEUED = "queued"
IN_PROGRESS = "in_progress"
PAUSED = "paused"
SUCCESS = "success"
FAILED = "failed"
CANCELED = "canceled"
HEALTHY = "healthy"
DISABLED = "disabled"

# In these statuses a run is active: its sync cannot begin another one.
ACTIVE = (PENDING, STARTED, QUERYING, QUEUED, IN_PROGRESS)

RUN_STATUSES = (*ACTIVE, PAUSED, SUCCESS, FAILED, CANCELED)
RECORD_STATUSES = (PENDING, SUCCESS, FAILED)


def _sandbox() -> Column[int]:
    return Column("sandbox_id", Integer, primary_key=True, autoincrement=False)


# The part of a name in an index: names have no maximum length, index entries do.
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
    # Salt and hash; NULL for the first user of a sandbox, which cannot log in.
    Column("password", String(200)),
    # SHA-256 of the one valid token, NULL before the first login.
    Column("token_digest", String(64)),
    counter("failed_logins"),
    Column("locked_until", BigInteger),
    Column("created_at", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "email"),
    # SHA-256 of the token that allows a new password, and the instant of its mail.
    Column("reset_digest", String(64)),
    Column("reset_sent_at", BigInteger),
    # In clear, because a repeated mail contains the same token.
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

# No constraint on the name: only a create checks that it is unique, an update may repeat it.
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
    # Empty for a connector that the registry does not have.
    Column("icon", Text, nullable=False),
    # JSON text with the secrets in clear.
    Column("configuration", JsonText, nullable=False),
    # JSON text as responses show it, so that reads need not mask it.
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
    # JSON text of an object with streams.
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
    # An object, or NULL.
    Column("configuration", JsonText),
    Column("primary_key", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("ix_squared_models_list", "sandbox_id", "workspace_id", "updated_at", "id"),
)

# The tables of a connector that a test loaded or a sync wrote to; others have initial tables.
source_tables = Table(
    "squared_worlds",
    metadata,
    _sandbox(),
    _id("connector_id"),
    # Primary key and columns of each table, by name.
    Column("tables", JsonText(StoredTables), nullable=False),
    # The last number that a row got.
    counter("last", BigInteger),
)

source_rows = Table(
    "squared_rows",
    metadata,
    _sandbox(),
    _id("connector_id"),
    # The table's name, or its hash if it is long.
    Column("stream", String(64), primary_key=True),
    _id("number"),
    # A new row with this key replaces the row; NULL: no row does.
    Column("key", String(64)),
    Column("document", JsonText, nullable=False),
    UniqueConstraint("sandbox_id", "connector_id", "stream", "key"),
)

# A delete removes the row: the API shows no difference to a hidden one.
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
    # The instant of the next scheduled run; a job with another instant is of an older schedule.
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
    # The last value of the cursor field; a run that succeeds copies it to its sync.
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

# One for each row that a sync has read; its run is the latest one that sent the row.
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
    # SHA-1 of the row; NULL if the row was not written: the next run sends it again.
    Column("fingerprint", String(40)),
    # JSON text of the row.
    Column("record", JsonText, nullable=False),
    Column("status", String(20), nullable=False, info={ONE_OF: RECORD_STATUSES}),
    Column("action", String(20), nullable=False),
    # An object; NULL before the record was written.
    Column("logs", JsonText),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "sync_id", "key_digest"),
    Index("ix_squared_sync_records_run", "sandbox_id", "sync_run_id"),
)

# Mails that the vendor's server would send; the emulator only stores them.
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
