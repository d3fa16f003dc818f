"""Batches on the wire.

Source: docs/vendors/attraqt.md#7-batch-imports.
"""

from collections.abc import Sequence

from pydantic import Field

from mockalog.kernel.clock import iso_micros
from mockalog.kernel.http.responses import Response, json_response
from mockalog.vendors.attraqt.repository.batch_imports import BatchRow
from mockalog.vendors.attraqt.schemas.base import InstantOut, Out, UuidOut, shown

# The id in the examples.
BATCH_ID = "3f0c6d4e-9b1a-4d0a-8a53-0e6f1f2a7b11"


class IdOut(Out):
    """The id of the new batch or ingestion."""

    model_config = shown({"id": BATCH_ID})

    id: UuidOut


class BatchImportOut(Out):
    """A batch."""

    id: str = Field(description="A UUID, or the version of the catalog whose default batch it is.")
    created_at: InstantOut


class BatchImportsOut(Out):
    """The batches of a tenancy, newest first."""

    model_config = shown(
        {"batchImports": [{"id": BATCH_ID, "createdAt": "2025-03-01T10:00:00.100000Z"}]}
    )

    batch_imports: list[BatchImportOut]


def batch_imports_out(rows: Sequence[BatchRow]) -> Response:
    """Return the batches under their plural key (recorded; the docs show a bare array)."""
    listed = [{"id": row.name, "createdAt": iso_micros(row.created_at)} for row in rows]
    return json_response({"batchImports": listed})
