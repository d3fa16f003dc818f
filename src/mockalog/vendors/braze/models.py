"""Braze's tables. Ids are counted per sandbox, so they are half of each primary key."""

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from mockalog.kernel.database.models import JsonText, metadata
from mockalog.vendors.braze.forms import StoredField, StoredSelection

# A catalog with its fields and selections is one row: whoever changes it, or an item of it,
# locks that row first, so that limits, unique names and totals hold without further constraints.
catalogs = Table(
    "braze_catalogs",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    # Jobs name a catalog by it: it does not come back.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(250), nullable=False),
    # The description as JSON text, so that `null` and any character have one form.
    Column("description", JsonText(str | None), nullable=False),
    # The fields as the JSON that is answered: answers splice it.
    Column("fields", JsonText(list[StoredField]), nullable=False),
    Column("num_items", Integer, nullable=False),
    # The bytes of the items' documents.
    Column("storage_size", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    # How many tokens were given and how many fields were deleted: together they say which
    # fields a stored item knew (rules/layout.py).
    Column("tokens", Integer, nullable=False),
    Column("drops", Integer, nullable=False),
    # The selections' definitions as JSON.
    Column("selections", JsonText(list[StoredSelection]), nullable=False),
    # How many items were ever stored: the next one's position.
    Column("last_position", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "name"),
)

items = Table(
    "braze_items",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("catalog_id", Integer, primary_key=True, autoincrement=False),
    # Its number in the catalog (repository/positions.py): the key is in the order of the pages.
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("item_id", String(250), nullable=False),
    # The item as the JSON that is answered, with the fields that the catalog had then.
    Column("document", JsonText, nullable=False),
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
