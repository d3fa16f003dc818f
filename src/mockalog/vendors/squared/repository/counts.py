"""The number of rows of a whole list, of which an answer shows a page."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from mockalog.kernel.database.interfaces import Query
from mockalog.kernel.database.repository import Repository


class TotalRow(NamedTuple):
    """The number of rows that a list has."""

    total: int


async def count_total(
    repository: Repository,
    total: Query[TotalRow],
    rows: Sequence[object],
    values: Mapping[str, Any],
) -> int:
    """Return the number that `total` selects; a first page with room left needs no statement.

    `rows`: the page. `values`: the values of the page's statement, `most` and `skipped` included.
    """
    if values["skipped"] == 0 and len(rows) < values["most"]:
        return len(rows)
    row = await repository.first(total, **values)
    assert row is not None  # an aggregate has a row always
    return row.total
