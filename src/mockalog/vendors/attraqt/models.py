"""Attraqt's tables. What is answered stands in them as the JSON that is answered."""

from sqlalchemy import (
    BigInteger,
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

from mockalog.kernel.database import metadata
from mockalog.vendors.attraqt.rules.catalogs import MAX_NAME
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
        postgresql_where=only,
    )


catalogs = Table(
    "attraqt_catalogs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sandbox_id", Integer, nullable=False),
    Column("tenant", String(MAX_TENANCY), nullable=False),
    Column("environment", String(MAX_TENANCY), nullable=False),
    Column("version", BigInteger, nullable=False),
    # Which of the two places of its tenancy the catalog holds: the limit as a constraint.
    Column("slot", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint(
        "sandbox_id", "tenant", "environment", "version", name="uq_attraqt_catalogs_version"
    ),
    UniqueConstraint(
        "sandbox_id", "tenant", "environment", "slot", name="uq_attraqt_catalogs_slot"
    ),
    CheckConstraint("slot IN (1, 2)", name="slot"),
    _at_most_one("ACTIVE"),
    _at_most_one("ACTIVATING"),
)


def _versioned(name: str) -> Table:
    """Return a table of named documents of which every version is kept."""
    return Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True),
        Column("sandbox_id", Integer, nullable=False),
        Column("tenant", String(MAX_TENANCY), nullable=False),
        Column("environment", String(MAX_TENANCY), nullable=False),
        Column("name", String(MAX_NAME), nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("document", Text, nullable=False),
        # The document as lists show it: without what makes it large.
        Column("summary", Text, nullable=False),
        UniqueConstraint(
            "sandbox_id", "tenant", "environment", "name", "version", name=f"uq_{name}_version"
        ),
        sqlite_autoincrement=True,
    )


item_schemas = _versioned("attraqt_item_schemas")
category_trees = _versioned("attraqt_category_trees")
