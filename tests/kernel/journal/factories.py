"""Exchanges for tests of the journal."""

from typing import Any

from mockalog.kernel.http.exchange import Exchange


def exchange(**changes: Any) -> Exchange:
    """Return an exchange with the given attributes."""
    scope = {
        "scheme": "http",
        "method": "POST",
        "path": "/catalogs",
        "query_string": b"",
        "headers": [(b"host", b"x")],
    }
    new = Exchange(scope)
    for name, value in changes.items():
        setattr(new, name, value)
    return new
