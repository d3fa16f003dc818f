"""Migrations: bringing a persistent database to the schema of this version.

Alembic is imported only here and only when there is a persistent database: an ephemeral one is
made from the metadata.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError

from mockalog.kernel.database.interfaces import DatabaseConfigurationError
from mockalog.kernel.database.models import metadata
from mockalog.kernel.database.urls import is_ephemeral, parse_url

if TYPE_CHECKING:
    from alembic.config import Config

PACKAGE = Path(__file__).parents[2]


def scripts() -> Path:
    """Return the folder of the migrations: in the wheel, else in the source tree."""
    packaged = PACKAGE / "migrations"
    return packaged if packaged.is_dir() else PACKAGE.parents[1] / "migrations"


def prepare(url: str, *, migrates: bool) -> None:
    """Migrate a persistent database, or make sure that it needs no migration.

    Raises `DatabaseConfigurationError` if it cannot be reached or its schema is not this version's.
    """
    parsed = parse_url(url)
    if is_ephemeral(parsed):
        return
    engine = migration_engine(url)
    try:
        with engine.begin() as connection:
            if migrates:
                upgrade(connection)
            elif not is_current(connection):
                raise DatabaseConfigurationError(
                    "the database has not this version's schema: run `mockalog migrate` first"
                )
    except DBAPIError as error:
        raise DatabaseConfigurationError(
            f"the database cannot be used: {_reason(error, parsed)}"
        ) from None
    except UnicodeError:
        raise DatabaseConfigurationError(
            "the database cannot be used: its host is no name"
        ) from None
    finally:
        engine.dispose()


def _reason(error: DBAPIError, url: URL) -> str:
    """Return what the driver says; of a parameter only the name, for its value may be a secret."""
    said = str(error.orig).strip().splitlines()[0]
    for name, values in url.normalized_query.items():
        if name in said and any(value in said for value in values):
            return f"the URL's parameter {name} has a value that it cannot have"
    return said


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


def migration_url(text: str) -> URL:
    """Return the synchronous URL under which Alembic reaches the same database."""
    url = parse_url(text)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def migration_engine(text: str) -> Engine:
    """Return a synchronous engine for schema work; dispose of it after use."""
    url = migration_url(text)
    if url.drivername != "sqlite":
        _share_conditions()
    return create_engine(url)


def _share_conditions() -> None:
    """Give PostgreSQL's indexes the conditions of SQLite's.

    Beside a model they would import PostgreSQL's dialect into every start, which costs 25 ms.
    """
    for table in metadata.tables.values():
        for index in table.indexes:
            condition = index.dialect_options["sqlite"]["where"]
            index.dialect_options["postgresql"]["where"] = condition
