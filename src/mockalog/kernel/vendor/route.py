"""An operation as a route: declared in one place, documented by FastAPI, answered by its `handle`.

FastAPI lets a router bring a route class of its own. FastAPI's own part of a route (it reads
signatures and models) costs most of a millisecond and serves documents alone: it is made when it is
first used.
"""

from typing import Any

from fastapi.routing import APIRoute

from mockalog.kernel.late_imports import import_in_thread, missing
from mockalog.kernel.vendor.declaration import Declaration, DeclaredOperation, Endpoint
from mockalog.kernel.vendor.route_documents import describe


class Route(DeclaredOperation, APIRoute):
    """One operation with the options of its declaration."""

    def __init__(
        self, path: str, endpoint: Endpoint, verbs: tuple[str, ...], declaration: Declaration
    ) -> None:
        DeclaredOperation.__init__(self, path, endpoint, verbs, declaration)
        self.methods = set(verbs)

    def __getattr__(self, name: str) -> Any:
        """Return an attribute of FastAPI's part of the route, made at first use."""
        if name.startswith("__"):
            raise AttributeError(name)
        self.__dict__ = vars(describe(self, self.verbs[0])) | self.__dict__
        if name not in self.__dict__:
            raise AttributeError(name)
        return self.__dict__[name]

    async def import_late(self, call: object) -> None:
        """Import the libraries that this call is the first to need."""
        if late := missing(self.libraries(call)):
            await import_in_thread(late)
