"""Alembic's environment: migrates the connection it is handed, or the database of the variable."""

import os

from alembic import context
from sqlalchemy import Connection

from mockalog.kernel.database.migrations import migration_engine
from mockalog.schema import metadata


def migrate(connection: Connection) -> None:
    """Run the migrations that are asked for on a connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        # SQLite alters a table by copying it.
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    engine = migration_engine(os.environ["MOCKALOG_DATABASE_URL"])
    with engine.begin() as own:
        migrate(own)
    engine.dispose()
