"""The interfaces of a database, a transaction on it, and a query."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, overload

from sqlalchemy import Executable

Values = Mapping[str, Any]


NOTHING: Values = {}


class ConstraintViolationError(Exception):
    """One of many rows is none that the constraints allow; the transaction is lost."""


class DatabaseUnavailableError(Exception):
    """The database's own trouble: unreachable, locked, full. The transaction can be tried again."""


class DatabaseConfigurationError(Exception):
    """The database cannot be used; the text is one clear line for the person at the shell."""


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


class IdRow(NamedTuple):
    """A row of which only the id is asked."""

    id: int


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

        Raises `ConstraintViolationError` if a constraint refuses one of them.
        """
        ...

    async def begin_writing(self) -> None:
        """Begin the writing part of the transaction before the first write does.

        On SQLite nobody else writes from here on, so that what is read stays true; PostgreSQL
        locks rows instead (`SELECT … FOR UPDATE`).
        """
        ...

    async def fail_fast_on_locks(self) -> None:
        """Raise `DatabaseUnavailableError` at a lock instead of waiting until a deadlock.

        For background work, which is tried again. Call it before any other statement.
        """
        ...

    async def snapshot_isolation(self) -> None:
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
        Raises `DatabaseUnavailableError` and `UnstorableValueError` in place of the driver's
        errors of these two kinds.
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
