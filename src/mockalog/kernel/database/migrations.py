"""Migrations: bring a persistent database to the schema of this version.

Only this module imports Alembic, and only if the database is persistent. A database in memory is
created from the metadata.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from mockalog.kernel.database.interfaces import DatabaseConfigurationError, reason_of
from mockalog.kernel.database.models import metadata
from mockalog.kernel.database.urls import is_ephemeral, parse_url

if TYPE_CHECKING:
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

PACKAGE = Path(__file__).parents[2]


def scripts() -> Path:
    """Return the folder of the migrations: in the wheel if it exists, otherwise in the sources."""
    packaged = PACKAGE / "migrations"
    return packaged if packaged.is_dir() else PACKAGE.parents[1] / "migrations"


def prepare(url: str, *, migrates: bool) -> None:
    """Migrate a persistent database, or check that it needs no migration.

    Raises `DatabaseConfigurationError` if the database cannot be reached or used. Without
    `migrates`, it also raises it if the schema is of another version.
    """
    parsed = parse_url(url)
    if is_ephemeral(parsed):
        return
    engine = migration_engine(url)
    try:
        with engine.begin() as connection:
            _check(connection)
            _check_age(connection)
            if migrates:
                upgrade(connection)
            elif not is_current(connection):
                raise DatabaseConfigurationError(
                    "the database has the schema of another version: run `mockalog migrate` first"
                )
    except DBAPIError as error:
        raise DatabaseConfigurationError(
            f"the database cannot be used: {_reason(error, parsed)}"
        ) from None
    except UnicodeError:
        raise DatabaseConfigurationError(
            "the database cannot be used: the URL's host is not a valid name"
        ) from None
    finally:
        engine.dispose()


def _check(connection: Connection) -> None:
    """Raise `DatabaseConfigurationError` for a database whose texts or sessions would differ."""
    if connection.dialect.name == "sqlite":
        encoding = connection.exec_driver_sql("PRAGMA encoding").scalar_one()
        if encoding != "UTF-8":
            raise DatabaseConfigurationError(
                f"the SQLite file has the encoding {encoding}: use a new file"
            )
    else:
        from mockalog.kernel.database.postgres import sessions

        # Any: SQLAlchemy does not know the class of the driver's connection.
        raw: Any = connection.connection.driver_connection
        sessions.check(raw)


def _check_age(connection: Connection) -> None:
    """Raise `DatabaseConfigurationError` if this release does not know the schema's revision."""
    known = {script.revision for script in _scripts_of(connection).walk_revisions()}
    heads = _context(connection).get_current_heads()
    if len(heads) > 1 or not known.issuperset(heads):
        raise DatabaseConfigurationError(
            "the database has the schema of a newer release or of another program: "
            "install that release of mockalog, or use another database"
        )


def _reason(error: DBAPIError, url: URL) -> str:
    """Return the first line of the driver's error.

    If the line quotes a parameter of the URL, return only its name: the value may be a secret.
    """
    line = reason_of(error.orig or error)
    for name, values in url.normalized_query.items():
        if name in line and any(value in line for value in values):
            return f"the value of the URL's parameter {name} is invalid"
    return line


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Upgrade the schema to a revision, in the connection's transaction."""
    from alembic import command

    command.upgrade(config(connection), revision)


def downgrade(connection: Connection, revision: str = "base") -> None:
    """Downgrade the schema to a revision; data of later revisions is lost."""
    from alembic import command

    command.downgrade(config(connection), revision)


def is_current(connection: Connection) -> bool:
    """Return whether the schema is this version's."""
    head = _scripts_of(connection).get_current_head()
    return _context(connection).get_current_revision() == head


def _context(connection: Connection) -> "MigrationContext":
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection)


def _scripts_of(connection: Connection) -> "ScriptDirectory":
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(config(connection))


def config(connection: Connection) -> "Config":
    """Return Alembic's configuration for a connection, which `migrations/env.py` reads."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(scripts()).replace("%", "%%"))
    settings.attributes["connection"] = connection
    return settings


def migration_url(text: str) -> URL:
    """Return the URL of the same database with a synchronous driver, as Alembic needs it."""
    url = parse_url(text)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def migration_engine(text: str) -> Engine:
    """Return a synchronous engine for schema work; the caller disposes of it."""
    url = migration_url(text)
    if url.drivername == "sqlite":
        return create_engine(url)
    _share_conditions()
    engine = create_engine(url)
    _set_sessions_up(engine)
    return engine


def _set_sessions_up(engine: Engine) -> None:
    """Give each connection the settings of PostgreSQL's sessions."""
    import psycopg

    from mockalog.kernel.database.postgres import sessions

    # Any: SQLAlchemy's hooks have no types.
    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, record: Any, arguments: Any, options: dict[str, Any]) -> Any:
        options |= sessions.options_of(engine.url)
        try:
            raw = dialect.connect(*arguments, **options)
        except psycopg.OperationalError as error:
            options |= sessions.options_for_pooler(engine.url, error)
            return dialect.connect(*arguments, **options)
        sessions.set_newer(raw)
        return raw


def _share_conditions() -> None:
    """Copy the conditions of partial indexes from SQLite's options to PostgreSQL's.

    Declared in a model, `postgresql_where` imports PostgreSQL's dialect at every start (25 ms).
    """
    for table in metadata.tables.values():
        for index in table.indexes:
            condition = index.dialect_options["sqlite"]["where"]
            index.dialect_options["postgresql"]["where"] = condition
