"""Attraqt's tables. What is answered stands in them as the JSON that is answered.

Ids are counted per sandbox, so they are half of each primary key.
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

from mockalog.kernel.database.models import ONE_OF, JsonText, metadata
from mockalog.vendors.attraqt.forms import (
    StoredCatalog,
    StoredCategoryTree,
    StoredConfiguration,
    StoredItem,
    StoredItemSchema,
    StoredOperation,
)
from mockalog.vendors.attraqt.rules.batches import MAX_SOURCE, STATUSES
from mockalog.vendors.attraqt.rules.catalogs import CATALOG_STATES, MAX_NAME
from mockalog.vendors.attraqt.rules.feedback import STATES
from mockalog.vendors.attraqt.rules.items import MAX_ID
from mockalog.vendors.attraqt.rules.tenancy import MAX_TENANCY


def _at_most_one(state: str) -> Index:
    """Return what allows one catalog in a state per tenancy."""
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
    # Which of the two places of its tenancy the catalog holds: the limit as a constraint.
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
    """Return the columns of what is numbered in order of creation, and belongs to a tenancy."""
    return (
        Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("tenant", String(MAX_TENANCY), nullable=False),
        Column("environment", String(MAX_TENANCY), nullable=False),
    )


def _versioned(name: str, form: Any) -> Table:
    """Return a table of named documents of which every version is kept."""
    return Table(
        name,
        metadata,
        *_numbered(),
        Column("name", String(MAX_NAME), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("document", JsonText(form), nullable=False),
        # The document as lists show it: without what makes it large.
        Column("summary", JsonText, nullable=False),
        UniqueConstraint(
            "sandbox_id", "tenant", "environment", "name", "version", name=f"uq_{name}_version"
        ),
    )


item_schemas = _versioned("attraqt_item_schemas", StoredItemSchema)
category_trees = _versioned("attraqt_category_trees", StoredCategoryTree)

# What a catalog has been through, from its creation on. It outlives the catalog, because feedback
# does; its number never comes back, so that items and updates are named by it. Whoever changes
# the items of a catalog locks this row first, and whoever deletes the catalog does so too.
ledgers = Table(
    "attraqt_ledgers",
    metadata,
    *_numbered(),
    Column("version", BigInteger, nullable=False),
    Column("receipt_id", String(36), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    # Whether the catalog is still there.
    Column("is_open", Boolean, nullable=False),
    # The items that there are: what an activation asks for, counted as they come and go.
    Column("num_items", BigInteger, nullable=False),
    # How many items were ever stored and how many updates recorded: the next ones' positions.
    Column("last_item", BigInteger, nullable=False),
    Column("last_update", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "tenant", "environment", "version"),
)

activations = Table(
    "attraqt_activations",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("ledger_id", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("receipt_id", String(36), nullable=False),
    Column("state", String(7), nullable=False, info={ONE_OF: STATES}),
    Column("message", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
)

# What was done, or is to be done, to each item: the feedback.
updates = Table(
    "attraqt_updates",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("ledger_id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("item_id", String(MAX_ID), nullable=False),
    # It begins with the position, so that no index over random numbers has to grow.
    Column("receipt_id", String(36), nullable=False),
    Column("state", String(7), nullable=False, info={ONE_OF: STATES}),
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
    # Items are numbered in the order in which they came.
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("item_id", String(MAX_ID), nullable=False),
    Column("type", String(MAX_NAME), nullable=False),
    # The instant of the last operation, which an older one does not undo.
    Column("changed_at", BigInteger, nullable=False),
    # The item as JSON; null once it was deleted.
    Column("document", JsonText(StoredItem)),
    # Who brought it last, in its ingestion's own words (null: it was streamed), and the last
    # ingestion that named it.
    Column("source", String(MAX_SOURCE)),
    Column("ingestion_id", Integer, nullable=False),
    UniqueConstraint("sandbox_id", "ledger_id", "item_id", "type"),
)

batches = Table(
    "attraqt_batches",
    metadata,
    *_numbered(),
    # A UUID; of a catalog's default batch the catalog's version.
    Column("name", String(36), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("last_item", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "tenant", "environment", "name"),
)

batch_items = Table(
    "attraqt_batch_items",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("batch_id", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    # The operation as JSON, in the form of rules/items.py.
    Column("operation", JsonText(StoredOperation), nullable=False),
    # What the message that brought it was answered with; feedback is asked by it.
    Column("receipt_id", String(36), nullable=False),
)

ingestions = Table(
    "attraqt_ingestions",
    metadata,
    *_numbered(),
    Column("name", String(36), nullable=False),
    Column("status", String(9), nullable=False, info={ONE_OF: STATUSES}),
    # Configuration and counts as JSON.
    Column("configuration", JsonText(StoredConfiguration), nullable=False),
    Column("result", JsonText, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("ledger_id", Integer, nullable=False),
    # Where its updates begin in the ledger, one for each operation of the batch, in their order.
    Column("first_update", BigInteger),
    # What it takes in: so many operations of a batch, which may grow.
    Column("batch_id", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "tenant", "environment", "name"),
    Index("ix_attraqt_ingestions_ledger", "sandbox_id", "ledger_id"),
)

locales = Table(
    "attraqt_locales",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("tenant", String(MAX_TENANCY), primary_key=True),
    Column("environment", String(MAX_TENANCY), primary_key=True),
    Column("locale", String(5), nullable=False),
)
