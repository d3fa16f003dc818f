"""The interfaces of a database, of a transaction on it, and of a query."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy import Executable

from mockalog.kernel.errors import UserError

# The values of a statement's parameters, by name.
Values = Mapping[str, object]

NO_VALUES: Values = {}


class ConstraintViolationError(Exception):
    """A row violates a constraint. The transaction can only be rolled back."""


class DatabaseUnavailableError(Exception):
    """The database is unreachable, locked, full or damaged.

    The caller may try the transaction again. The text is one line and shows no secret.
    """


class DatabaseConfigurationError(UserError):
    """The configured database cannot be used. The text is one line and shows no secret."""


def reason_of(error: BaseException) -> str:
    """Return the first line of a driver's error, or the name of its class if it has no text.

    Further lines are hints, positions and details, which may quote stored values.
    """
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].strip()


Row = TypeVar("Row", bound=tuple[object, ...])


# A value of a Boolean column. SQLite has no such type and gives 0 or 1.
Flag = bool | int


@dataclass(frozen=True, eq=False)
class Query(Generic[Row]):
    """A statement that returns rows, and the class of its rows.

    `row` is a `NamedTuple` with one field per column of the statement, in the same order. It is
    `tuple` if the columns are known only at run time.
    """

    statement: Executable
    row: type[Row]


# A statement, with or without the class of its rows.
Statement = Executable | Query[Any]


class IdRow(NamedTuple):
    """A row of a query that selects only the id."""

    id: int


class Connection(Protocol):
    """Runs statements in a transaction."""

    async def all(self, query: Query[Row], values: Values) -> Sequence[Row]:
        """Return every row."""
        ...

    async def first(self, query: Query[Row], values: Values) -> Row | None:
        """Return the first row, or None if no row exists."""
        ...

    async def run(self, statement: Executable, values: Values) -> int:
        """Run a statement that returns no rows; return the number of rows that it changed."""
        ...

    async def many(self, statement: Executable, rows: Sequence[Values]) -> int:
        """Run a statement once for each of `rows`; return the number of rows that it changed.

        Raises `ConstraintViolationError` if a row violates a constraint.
        """
        ...

    async def begin_writing(self) -> None:
        """Take SQLite's write lock now, before the first write.

        No other process writes until the commit, so rows that are read from here on stay current.
        PostgreSQL does nothing: it locks rows with `SELECT … FOR UPDATE`.
        """
        ...

    async def fail_fast_on_locks(self) -> None:
        """Raise `DatabaseUnavailableError` soon if a row is locked, before a deadlock is detected.

        Background work calls this before its first statement, and is tried again later.
        """
        ...

    async def snapshot_isolation(self) -> None:
        """Read one snapshot of the database in the whole transaction.

        Call it before the first statement. The transaction may write only rows that no other
        transaction writes.
        """
        ...


class Reader(Protocol):
    """Reads rows in many short statements, between which other calls run."""

    async def all(self, query: Query[Row], values: Values) -> Sequence[Row]:
        """Return every row."""
        ...

    def hold(self, sandbox_id: int) -> AbstractAsyncContextManager[None]:
        """Keep the sandbox's rows as they are for this reader until the end of the block."""
        ...


class Database(Protocol):
    """A database. `SQLiteDatabase` and `PostgresDatabase` implement it."""

    shared: bool
    """Whether other processes may serve the same rows."""

    def transaction(self, sandbox_id: int | None = None) -> AbstractAsyncContextManager[Connection]:
        """Return a transaction: committed at the end of the block, rolled back on an error.

        Inside the block await only the connection, because on SQLite every other request waits.
        `sandbox_id`: the sandbox whose rows it may write; it waits while the sandbox is held.
        Raises `DatabaseUnavailableError` and `UnstorableValueError` for the driver's own errors.
        """
        ...

    async def check(self) -> None:
        """Raise `DatabaseUnavailableError` if the database cannot be read or written now."""
        ...

    def reading(self) -> AbstractAsyncContextManager[Reader]:
        """Return a reader of one snapshot of the database.

        On SQLite in memory, the snapshot is one of each sandbox, from its `hold` on.
        """
        ...

    def hold(self, sandbox_id: int) -> AbstractAsyncContextManager[None]:
        """Delay this process's transactions on a sandbox until the end of the block.

        PostgreSQL delays none: a transaction there delays no other caller, however long it takes.
        """
        ...

    def version(self) -> int | None:
        """Return a number that changes when another process writes, or None if that is unknown.

        A cache of this process is valid until the number changes.
        """
        ...

    async def start(self) -> None:
        """Connect; create the tables of a database in memory."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...
