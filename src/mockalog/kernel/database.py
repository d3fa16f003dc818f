"""The database: one code path over SQLite (embedded) and PostgreSQL (shared).

Statements are SQLAlchemy Core, built once at import; a `Connection` runs them. One request is
one transaction, and only `Database.transaction` ends it.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, overload

from sqlalchemy import URL, Engine, Executable, MetaData, Text, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from mockalog.kernel.forms import OBJECT

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Values = Mapping[str, Any]


class JsonText(Text):
    """The type of a column that holds JSON as text, of a form (kernel/forms.py).

    What is read in from outside must be of that form, which is an object's where none is given.
    """

    def __init__(self, form: Any = OBJECT) -> None:
        super().__init__()
        self.form = form


NOTHING: Values = {}


class Collision(Exception):  # noqa: N818 - an event, which may be expected
    """One of many rows is none that the constraints allow; the transaction is lost."""


class Outage(Exception):  # noqa: N818 - as above
    """The database's own trouble: unreachable, locked, full. The transaction can be tried again."""


Row = TypeVar("Row", bound=tuple[Any, ...])

# A value of a Boolean column. SQLite has no such type and gives 0 or 1.
Flag = bool | int


@dataclass(frozen=True, eq=False)
class Query(Generic[Row]):
    """A statement that returns rows, and the class of its rows.

    `row` is a `NamedTuple` with a field for each column of the statement, in their order, or
    `tuple` if the columns are known at run time only.
    """

    statement: Executable
    row: type[Row]


class Connection(Protocol):
    """What runs prepared statements within a transaction."""

    @overload
    async def all(self, query: Query[Row], values: Values) -> Sequence[Row]: ...
    @overload
    async def all(self, query: Executable, values: Values) -> Sequence[Any]: ...
    async def all(self, query: Executable | Query[Any], values: Values) -> Sequence[Any]:
        """Return every row."""
        ...

    @overload
    async def first(self, query: Query[Row], values: Values) -> Row | None: ...
    @overload
    async def first(self, query: Executable, values: Values) -> Any | None: ...
    async def first(self, query: Executable | Query[Any], values: Values) -> Any | None:
        """Return the first row, None if there is none."""
        ...

    async def run(self, statement: Executable, values: Values) -> int:
        """Run a statement that returns no rows; return how many it touched."""
        ...

    async def many(self, statement: Executable, rows: Sequence[Values]) -> int:
        """Run a statement once for each of `rows`, if any; return how many it touched.

        Raises `Collision` if a constraint refuses one of them.
        """
        ...

    async def begin_writing(self) -> None:
        """Begin the writing part of the transaction before the first write does.

        On SQLite nobody else writes from here on, so that what is read stays true; PostgreSQL
        locks rows instead (`SELECT … FOR UPDATE`).
        """
        ...

    async def give_way(self) -> None:
        """Rather fail with `Outage` than wait for others' locks until one of the two must die.

        For work behind the scenes, which can be tried again; called before anything else.
        """
        ...

    async def stand_still(self) -> None:
        """See one moment in the whole transaction; called before anything else in it.

        Such a transaction writes only rows that nobody else does.
        """
        ...


class Database(Protocol):
    """An open database; `SQLiteDatabase` and `PostgresDatabase` are the two there are."""

    shared: bool
    """Whether other processes may serve the same rows."""

    def transaction(self) -> AbstractAsyncContextManager[Connection]:
        """Return a transaction: committed at the end of the block, rolled back on any error.

        Within the block await nothing but the connection: on SQLite it holds the event loop.
        Raises `Outage` and `Unstorable` in place of the driver's errors of these two kinds.
        """
        ...

    def version(self) -> int | None:
        """Return a number that changes when another process wrote, None if that is unknown.

        Per-process caches hold exactly as long as this number does.
        """
        ...

    async def start(self) -> None:
        """Connect; an ephemeral database gets its tables here."""
        ...

    async def close(self) -> None:
        """Give every connection back."""
        ...


class DatabaseProblem(Exception):  # noqa: N818 - named like its text
    """The database cannot be used; the text is one clear line for the person at the shell."""


_UNREADABLE = (
    "the database URL cannot be read; in a password, @ : / ? and # are written %40 %3A %2F %3F %23"
)


def parse_url(text: str) -> URL:
    """Return the URL of `sqlite://`, `sqlite:///FILE` or `postgresql://…`.

    Raises `DatabaseProblem` for anything else, and never shows a value: with a sign that is not
    encoded, a part of the password is taken for the host or the port.
    """
    try:
        text.encode()
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise DatabaseProblem(_UNREADABLE) from None
    if url.drivername == "postgresql" and text.partition("?")[0].count("@") > 1:
        raise DatabaseProblem(_UNREADABLE)
    if url.drivername == "sqlite" and (url.host or url.query):
        raise DatabaseProblem(
            "the database URL of SQLite has neither host nor parameters: sqlite:////path/file.db"
        )
    if url.drivername not in ("sqlite", "postgresql"):
        raise DatabaseProblem(
            f"the database URL must begin with sqlite:// or postgresql://, not {url.drivername}://"
        )
    return url


def is_ephemeral(url: URL) -> bool:
    """Return whether the database lives in memory and ends with the process."""
    return url.drivername == "sqlite" and url.database in (None, "", ":memory:")


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


def open_database(text: str) -> Database:
    """Return the database of a plain URL, not yet started."""
    url = parse_url(text)
    if url.drivername == "sqlite":
        from mockalog.kernel.sqlite import SQLiteDatabase

        return SQLiteDatabase(url)
    # Imported here because psycopg costs a fifth of a cold start.
    from mockalog.kernel.postgres import PostgresDatabase

    return PostgresDatabase(url)
