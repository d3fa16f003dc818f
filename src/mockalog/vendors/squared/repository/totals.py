"""How many rows a list has in all, which every page's links tell."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select

from mockalog.kernel.database.repository import Repository


async def counted(
    repository: Repository, total: Select[Any], rows: Sequence[Any], paged: Mapping[str, Any]
) -> int:
    """Return the number that `total` selects; a first page that is not full is all there is.

    `paged`: what the page's statement was given, `most` and `skipped` among it.
    """
    if paged["skipped"] == 0 and len(rows) < paged["most"]:
        return len(rows)
    row: Any = await repository.first(total, **paged)
    return int(row.total)
