"""Answers that are stored as JSON."""

from collections.abc import Iterable

from mockalog.kernel.http.responses import Response


def list_out(key: str, documents: Iterable[str]) -> Response:
    """Return the answer with a list of JSON documents under a plural key."""
    return Response(200, f'{{"{key}":[{",".join(documents)}]}}'.encode())


def document_out(document: str) -> Response:
    """Return the answer with a JSON document."""
    return Response(200, document.encode())
