"""The limit that Squared adds to a query."""

import re

from mockalog.kernel.formats.json import dumps

_ENDS_IN_LIMIT = re.compile(r"LIMIT \s*\d+\s*$", re.IGNORECASE | re.MULTILINE)


def add_limit(query: str, limit: object) -> str:
    """Add a LIMIT to a query; no line of it may end in one.

    The server inserts the request's limit without validation, whatever its type.

    Source: docs/vendors/squared.md#87-query-a-source.
    """
    query = query.removesuffix(";")
    if _ENDS_IN_LIMIT.search(query):
        return query
    return f"{query} LIMIT {limit if isinstance(limit, str) else dumps(limit).decode()}"
