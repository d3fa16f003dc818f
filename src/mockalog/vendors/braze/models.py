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
    Column("storage_size", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    UniqueConstraint("sandbox_id", "name"),
)
