"""Repositories: transactions, number series, and one statement for many rows.

The ids of the sandboxes are not those of other tests.
"""

from typing import Any, NamedTuple

import pytest
from sqlalchemy import bindparam, delete

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.models import series_table
from mockalog.kernel.database.repository import Repository, series, upsert
from mockalog.kernel.errors import UnstorableValueError
from tests.emulation import Emulation


def test_an_error_rolls_the_transaction_back(emulation: Emulation) -> None:
    """The number of the failed transaction is given again."""
    name = series("rolled", "back")

    database = emulation.runtime.database

    async def number_and_fail() -> None:
        async with database.transaction() as connection:
            await Repository(connection, 1_000_001).next_number(name)
            raise ZeroDivisionError

    async def work() -> int:
        with pytest.raises(ZeroDivisionError):
            await number_and_fail()
        async with database.transaction() as connection:
            return await Repository(connection, 1_000_001).next_number(name)

    assert emulation.run(work) == 1


def test_a_series_counts_from_one_and_a_lock_uses_no_number(emulation: Emulation) -> None:
    """Each number is given once."""

    async def work() -> list[int]:
        async with emulation.runtime.database.transaction() as connection:
            repository = Repository(connection, 1_000_002)
            await repository.lock("s")
            first = await repository.next_number("s")
            await repository.lock("s")
            return [first, await repository.next_number("s")]

    assert emulation.run(work) == [1, 2]


def test_series_of_different_parts_have_different_names() -> None:
    """Parts may contain any characters."""
    assert len({series("a", "b"), series("ab"), series('a", "b'), series("a b")}) == 4


class SeriesRow(NamedTuple):
    """A stored series."""

    sandbox_id: int
    name: str
    last: int


INSERT = (
    upsert(series_table)
    .values(sandbox_id=bindparam("sandbox_id"), name=bindparam("name"), last=bindparam("last"))
    .on_conflict_do_nothing(index_elements=["sandbox_id", "name"])
)
DELETE = delete(series_table).where(
    series_table.c.sandbox_id == bindparam("sandbox_id"),
    series_table.c.name == bindparam("old_name"),
)
READ = Query(
    series_table.select()
    .where(series_table.c.sandbox_id == bindparam("sandbox_id"))
    .order_by(series_table.c.name),
    SeriesRow,
)


class TestMany:
    """One statement for many rows."""

    def run_many(self, emulation: Emulation, sandbox_id: int, statement: Any, rows: Any) -> int:
        """Run a statement for rows in a transaction of its own."""

        async def work() -> int:
            async with emulation.runtime.database.transaction() as connection:
                return await Repository(connection, sandbox_id).many(statement, rows)

        count: int = emulation.run(work)
        return count

    def stored(self, emulation: Emulation, sandbox_id: int) -> list[tuple[str, int]]:
        """Return the name and the number of each series of a sandbox."""

        async def work() -> Any:
            async with emulation.runtime.database.transaction() as connection:
                return await Repository(connection, sandbox_id).all(READ)

        return [(row.name, row.last) for row in emulation.run(work)]

    def test_it_runs_for_each_row_and_counts_changed_rows(self, emulation: Emulation) -> None:
        """Each row has its own values and the repository's sandbox."""
        rows = [{"name": name, "last": last} for last, name in enumerate("abc")]

        assert self.run_many(emulation, 1_000_011, INSERT, rows) == 3

        assert self.stored(emulation, 1_000_011) == [("a", 0), ("b", 1), ("c", 2)]
        old = [{"old_name": name} for name in "acz"]
        assert self.run_many(emulation, 1_000_011, DELETE, old) == 2
        assert self.stored(emulation, 1_000_011) == [("b", 1)]

    def test_an_existing_row_is_not_counted(self, emulation: Emulation) -> None:
        """So the caller knows that a row existed, or was given twice."""
        self.run_many(emulation, 1_000_012, INSERT, [{"name": "a", "last": 1}])

        rows = [{"name": name, "last": 2} for name in ("a", "b", "b")]

        assert self.run_many(emulation, 1_000_012, INSERT, rows) == 1
        assert self.stored(emulation, 1_000_012) == [("a", 1), ("b", 2)]

    @pytest.mark.parametrize("statement", [INSERT, DELETE], ids=["INSERT", "DELETE"])
    def test_without_rows_it_changes_nothing(self, emulation: Emulation, statement: Any) -> None:
        """The statement does not run without values either."""
        assert self.run_many(emulation, 1_000_013, statement, []) == 0
        assert self.run_many(emulation, 1_000_013, statement, iter(())) == 0

        assert self.stored(emulation, 1_000_013) == []

    def test_rows_may_have_more_values_than_a_statement(self, emulation: Emulation) -> None:
        """Databases limit the parameters of a statement, not the number of rows."""
        rows = [{"name": f"{number:05}", "last": number} for number in range(5000)]
        old = [{"old_name": row["name"]} for row in rows]

        assert self.run_many(emulation, 1_000_014, INSERT, rows) == 5000
        assert self.run_many(emulation, 1_000_014, DELETE, old) == 5000

    def test_an_error_of_the_transaction_rolls_all_rows_back(self, emulation: Emulation) -> None:
        """They belong to the transaction like other writes."""

        async def insert_and_fail() -> None:
            async with emulation.runtime.database.transaction() as connection:
                rows = [{"name": name, "last": 1} for name in "abc"]
                assert await Repository(connection, 1_000_015).many(INSERT, rows) == 3
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            emulation.run(insert_and_fail)

        assert self.stored(emulation, 1_000_015) == []

    def test_an_invalid_row_rolls_the_others_back(self, emulation: Emulation) -> None:
        """The row before it is not stored."""
        rows = [{"name": "a", "last": 1}, {"name": "b", "last": None}]

        with pytest.raises(Exception, match=r"(?i)not.null"):
            self.run_many(emulation, 1_000_016, INSERT, rows)

        assert self.stored(emulation, 1_000_016) == []

    def test_an_integer_beyond_64_bits_is_unstorable(self, emulation: Emulation) -> None:
        """The row before it is not stored."""
        rows = [{"name": "a", "last": 1}, {"name": "b", "last": 2**63}]

        with pytest.raises(UnstorableValueError):
            self.run_many(emulation, 1_000_017, INSERT, rows)

        assert self.stored(emulation, 1_000_017) == []
