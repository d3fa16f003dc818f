"""Queries of sources and their rows on the wire.

Sources: docs/vendors/squared.md#87-query-a-source and docs/vendors/squared.md#88-execute-a-model.
"""

from typing import Any

from pydantic import Field

from mockalog.vendors.squared.schemas.base import Anything, In, Out, absent, exampled

_ROWS = [{"id": "1", "email": "a@x.io"}]


class QueryIn(In):
    """A query in the source's own SQL, or the payload of an AI model."""

    model_config = exampled({"query": "SELECT id, email FROM users", "limit": 20})

    query: str = Field(min_length=1)
    limit: Any = absent(
        description="The LIMIT that is added, unseen, unless the query ends in one; 50 by default",
        examples=[20],
    )


class ExecuteModelIn(In):
    """The payload of an AI model."""

    model_config = exampled({"payload": '{"messages":[{"role":"user"}]}'})

    payload: str = Field(
        min_length=1,
        description="A JSON text",
        json_schema_extra={"contentMediaType": "application/json"},
    )


class RowsOut(Out):
    """The rows that a source finds."""

    model_config = exampled({"data": _ROWS})

    data: list[Anything]
