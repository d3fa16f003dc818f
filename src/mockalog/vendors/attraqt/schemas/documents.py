"""Answers of documents that are stored as the JSON that is answered."""

from collections.abc import Iterable

from mockalog.kernel.http.responses import Response


def list_out(key: str, documents: Iterable[str]) -> Response:
    """Return a list under its plural key; the documents are JSON already."""
    return Response(200, f'{{"{key}":[{",".join(documents)}]}}'.encode())


def document_out(document: str) -> Response:
    """Return what is stored as it is stored."""
    return Response(200, document.encode())
