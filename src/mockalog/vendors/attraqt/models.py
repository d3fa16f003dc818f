"""Attraqt's tables, and the limits and states of their columns.

Answers are stored as JSON documents. Ids are counted per sandbox, so each primary key begins with
the sandbox.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from mockalog.kernel.database.models import (
    AT_MOST,
    MAX_COUNT,
    ONE_OF,
    VOLATILE,
    JsonText,
    counter,
    metadata,
)
from mockalog.vendors.attraqt.json_columns import (
    MAX_ID,
    MAX_NAME,
    MAX_SOURCE,
    MAX_TENANCY,
    StoredCatalog,
    StoredCategoryTree,
    StoredConfiguration,
    StoredItem,
    StoredItemSchema,
    StoredOperation,
)

CATALOG_STATES = ("INACTIVE", "ACTIVATING", "ACTIVE")
UPDATE_STATES = ("SUCCESS", "FAILURE", "PENDING")
INGESTION_STATUSES = ("pending", "running", "completed", "failed")


def _at_most_one(state: str) -> Index:
    """Return the unique index that allows one catalog in a state per tenancy."""
    only = text(f"state = '{state}'")
    return Index(
        f"uq_attraqt_catalogs_{state.lower()}",
        "sandbox_id",
        "tenant",
        "environment",
        unique=True,
        sqlite_where=only,
    )


catalogs = Table(
    "attraqt_catalogs",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("tenant", String(MAX_TENANCY), primary_key=True),
    Column("environment", String(MAX_TENANCY), primary_key=True),
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    # 1 or 2: a tenancy holds at most two catalogs.
    Column("slot", Integer, nullable=False),
    Column("state", String(10), nullable=False, info={ONE_OF: CATALOG_STATES}),
    Column("document", JsonText(StoredCatalog), nullable=False),
    UniqueConstraint(
        "sandbox_id", "tenant", "environment", "slot", name="uq_attraqt_catalogs_slot"
    ),
    CheckConstraint("slot IN (1, 2)", name="slot"),
    _at_most_one("ACTIVE"),
    _at_most_one("ACTIVATING"),
)


def _numbered() -> tuple[Column[Any], ...]:
    """Return the columns of a row that has a tenancy and a number in order of creation."""
    return (
        Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("tenant", String(MAX_TENANCY), nullable=False),
        Column("environment", String(MAX_TENANCY), nullable=False),
    )


def _versioned(name: str, form: type[Any]) -> Table:
    """Return a table of named documents; every version of a document is kept."""
    return Table(
        name,
        metadata,
        *_numbered(),
        Column("name", String(MAX_NAME), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("document", JsonText(form), nullable=False),
        # The document as lists show it, without children or attributes.
        Column("summary", JsonText, nullable=False),
        UniqueConstraint(
            "sandbox_id", "tenant", "environment", "name", "version", name=f"uq_{name}_version"
        ),
    )


item_schemas = _versioned("attraqt_item_schemas", StoredItemSchema)
category_trees = _versioned("attraqt_category_trees", StoredCategoryTree)

# The history of a catalog from its creation on. It outlives the catalog, because feedback does.
# Its id is never used again, so items and updates refer to it. A transaction that changes the items
# of a catalog, or deletes the catalog, locks this row first.
catalog_history = Table(
    "attraqt_ledgers",
    metadata,
    *_numbered(),
    Column("version", BigInteger, nullable=False),
    Column("receipt_id", String(36), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    # Whether the catalog exists.
    Column("is_open", Boolean, nullable=False),
    # The number of items in the catalog; an activation checks it.
    counter("num_items", BigInteger),
    # The positions of the next item and of the next update.
    counter("last_item", BigInteger),
    counter("last_update", BigInteger),
    UniqueConstraint("sandbox_id", "tenant", "environment", "version"),
)

activations = Table(
    "attraqt_activations",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("ledger_id", Integer, primary_key=True, autoincrement=False),
    # Activations of a catalog are counted.
    Column(
        "number",
        BigInteger,
        primary_key=True,
        autoincrement=False,
        info={AT_MOST: MAX_COUNT},
    ),
    Column("receipt_id", String(36), nullable=False),
    Column("state", String(7), nullable=False, info={ONE_OF: UPDATE_STATES}),
    Column("message", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
)

# The updates of items: done, failed or pending.
updates = Table(
    "attraqt_updates",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("ledger_id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("item_id", String(MAX_ID), nullable=False),
    # It begins with the position, so it needs no index of its own.
    Column("receipt_id", String(36), nullable=False),
    Column("state", String(7), nullable=False, info={ONE_OF: UPDATE_STATES}),
    Column("message", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Index(
        "ix_attraqt_updates_period", "sandbox_id", "ledger_id", "state", "started_at", "position"
    ),
)

items = Table(
    "attraqt_items",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("ledger_id", Integer, primary_key=True, autoincrement=False),
    # Items are numbered in the order of their arrival.
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("item_id", String(MAX_ID), nullable=False),
    Column("type", String(MAX_NAME), nullable=False),
    # The instant of the last operation; an older operation changes nothing.
    Column("changed_at", BigInteger, nullable=False),
    # The item as JSON; null once it was deleted.
    Column("document", JsonText(StoredItem)),
    # The source of the last ingestion that wrote it; null: it was streamed.
    Column("source", String(MAX_SOURCE)),
    # The last ingestion that named it; 0: it was streamed.
    Column("ingestion_id", Integer, nullable=False),
    UniqueConstraint("sandbox_id", "ledger_id", "item_id", "type"),
)

batches = Table(
    "attraqt_batches",
    metadata,
    *_numbered(),
    # A UUID; for a catalog's default batch the version of the catalog.
    Column("name", String(36), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    counter("last_item", BigInteger),
    UniqueConstraint("sandbox_id", "tenant", "environment", "name"),
)

batch_items = Table(
    "attraqt_batch_items",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("batch_id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    # The operation as JSON.
    Column("operation", JsonText(StoredOperation), nullable=False),
    # The receipt in the response to its message; feedback is found by it.
    Column("receipt_id", String(36), nullable=False),
)

ingestions = Table(
    "attraqt_ingestions",
    metadata,
    *_numbered(),
    Column("name", String(36), nullable=False),
    Column("status", String(9), nullable=False, info={ONE_OF: INGESTION_STATUSES}),
    # Configuration and counts as JSON.
    Column("configuration", JsonText(StoredConfiguration), nullable=False),
    Column("result", JsonText, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("ledger_id", Integer, nullable=False),
    # The position of its first update; there is one for each operation of the batch, in order.
    Column("first_update", BigInteger),
    # It ingests the first `size` operations of its batch, which may grow afterwards.
    Column("batch_id", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "tenant", "environment", "name"),
    Index("ix_attraqt_ingestions_ledger", "sandbox_id", "ledger_id"),
)

# The key that signs access tokens: one for all sandboxes, so no state document has it.
signing_keys = Table(
    "attraqt_signing_keys",
    metadata,
    # Always 1.
    Column("id", Integer, primary_key=True, autoincrement=False),
    # In PEM. It protects nothing real, so it is not encrypted.
    Column("private_key", Text, nullable=False),
)

# The client assertions that were used, until they expire.
assertions = Table(
    "attraqt_assertions",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    # The SHA-256 of the client id and the `jti`.
    Column("digest", String(64), primary_key=True),
    Column("expires_at", BigInteger, nullable=False),
    Index(None, "sandbox_id", "expires_at"),
    # A restored sandbox accepts its assertions again.
    info={VOLATILE: True},
)

locales = Table(
    "attraqt_locales",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("tenant", String(MAX_TENANCY), primary_key=True),
    Column("environment", String(MAX_TENANCY), primary_key=True),
    Column("locale", String(5), nullable=False),
)
