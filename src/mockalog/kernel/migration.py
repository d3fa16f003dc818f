"""Migrations: bringing a persistent database to the schema of this version.

Alembic is imported only here and only when there is a persistent database: an ephemeral one is
made from the metadata.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from mockalog.kernel.database import (
    DatabaseProblem,
    is_ephemeral,
    migration_engine,
    parse_url,
)

if TYPE_CHECKING:
    from alembic.config import Config

PACKAGE = Path(__file__).parents[1]


def scripts() -> Path:
    """Return the folder of the migrations: in the wheel, else in the source tree."""
    packaged = PACKAGE / "migrations"
    return packaged if packaged.is_dir() else PACKAGE.parents[1] / "migrations"


def prepare(url: str, *, migrates: bool) -> None:
    """Migrate a persistent database, or make sure that it needs no migration.

    Raises `DatabaseProblem` if it cannot be reached or its schema is not this version's.
    """
    if is_ephemeral(parse_url(url)):
        return
    engine = migration_engine(url)
    try:
        with engine.begin() as connection:
            if migrates:
                upgrade(connection)
            elif not is_current(connection):
                raise DatabaseProblem(
                    "the database has not this version's schema: run `mockalog migrate` first"
                )
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise DatabaseProblem(f"the database cannot be used: {reason}") from None
    finally:
        engine.dispose()


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the schema up to a revision, within the connection's transaction."""
    from alembic import command

    command.upgrade(config(connection), revision)


def downgrade(connection: Connection, revision: str = "base") -> None:
    """Take the schema back to a revision; what only later revisions hold is lost."""
    from alembic import command

    command.downgrade(config(connection), revision)


def is_current(connection: Connection) -> bool:
    """Return whether the schema is this version's."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    head = ScriptDirectory.from_config(config(connection)).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def config(connection: Connection) -> "Config":
    """Return Alembic's configuration for a connection; `migrations/env.py` takes it up."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings
