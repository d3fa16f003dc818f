"""Braze's tables."""

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from mockalog.kernel.database import metadata
from mockalog.kernel.rows import Long

# A catalog with its fields and selections is one row: whoever changes it, or an item of it,
# locks that row first, so that limits, unique names and totals hold without further constraints.
catalogs = Table(
    "braze_catalogs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sandbox_id", Integer, nullable=False),
    Column("name", String(250), nullable=False),
    # The description as JSON text, so that `null` and any character have one form.
    Column("description", Text, nullable=False),
    # The fields as the JSON that is answered: answers splice it.
    Column("fields", Text, nullable=False),
    Column("num_items", Integer, nullable=False),
    # The bytes of the items' documents.
    Column("storage_size", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    # How many tokens were given and how many fields were deleted: together they say which
    # fields a stored item knew (rules/layout.py).
    Column("tokens", Integer, nullable=False),
    Column("drops", Integer, nullable=False),
    # The selections' definitions as JSON.
    Column("selections", Text, nullable=False),
    # How many items were ever stored: the next one's position.
    Column("last_position", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "name"),
    # Jobs name a catalog by its id, which must not come back.
    sqlite_autoincrement=True,
)

items = Table(
    "braze_items",
    metadata,
    # The catalog's id and the position in it as one number (repository/positions.py): the table
    # itself is in the order of the pages, and needs no second index for it.
    Column("id", Long, primary_key=True, autoincrement=False),
    Column("sandbox_id", Integer, nullable=False),
    Column("catalog_id", Integer, nullable=False),
    Column("item_id", String(250), nullable=False),
    # The item as the JSON that is answered, with the fields that the catalog had then.
    Column("document", Text, nullable=False),
    Column("tokens", Integer, nullable=False),
    Column("drops", Integer, nullable=False),
    UniqueConstraint("sandbox_id", "catalog_id", "item_id"),
)

# How many positions of a block are empty since their item was deleted (repository/positions.py).
gaps = Table(
    "braze_gaps",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("catalog_id", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
)
