"""Tables of Braze. Ids are counted for each sandbox, so a primary key begins with the sandbox."""

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from mockalog.kernel.database.models import AT_MOST, JsonText, counter, metadata
from mockalog.vendors.braze.json_columns import StoredField, StoredSelection

# A catalog with its fields and selections is one row. Every change of a catalog or of its items
# locks that row first, so limits, unique names and totals hold without further constraints.
catalogs = Table(
    "braze_catalogs",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    # Jobs name a catalog by its id, because an id is never used twice.
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(250), nullable=False),
    # The description as JSON text, so that `null` and any character have one form.
    Column("description", JsonText(str | None), nullable=False),
    # The fields as JSON in the form of the responses, which include the text as it is.
    Column("fields", JsonText(list[StoredField]), nullable=False),
    counter("num_items"),
    # Bytes of the items' documents.
    Column("storage_size", BigInteger, nullable=False, info={AT_MOST: 2**62}),
    Column("updated_at", BigInteger, nullable=False),
    # The number of tokens ever given to fields, and the number of fields ever deleted. Both
    # together identify the fields that the catalog had at a time (rules/catalog_schema.py).
    counter("tokens"),
    counter("drops"),
    # The selections' definitions as JSON.
    Column("selections", JsonText(list[StoredSelection]), nullable=False),
    # The number of items ever stored, which is the position of the next item.
    counter("last_position", BigInteger),
    UniqueConstraint("sandbox_id", "name"),
)

items = Table(
    "braze_items",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("catalog_id", Integer, primary_key=True, autoincrement=False),
    # The item's number in its catalog (repository/positions.py). The key has the order of pages.
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("item_id", String(250), nullable=False),
    # The item as JSON in the form of the responses, with the catalog's fields at that time.
    Column("document", JsonText, nullable=False),
    # The catalog's `tokens` and `drops` at that time.
    Column("tokens", Integer, nullable=False),
    Column("drops", Integer, nullable=False),
    UniqueConstraint("sandbox_id", "catalog_id", "item_id"),
)

# The number of deleted items in each block of positions (repository/positions.py).
gaps = Table(
    "braze_gaps",
    metadata,
    Column("sandbox_id", Integer, primary_key=True, autoincrement=False),
    Column("catalog_id", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("block", Integer, primary_key=True, autoincrement=False),
    counter("count"),
)
