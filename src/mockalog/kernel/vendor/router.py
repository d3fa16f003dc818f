"""A vendor's operations, declared on FastAPI's router, and the index that finds one.

The index stands in front of Starlette's linear matching. It splits the raw path and decodes each
segment afterwards, so `%2F` stays inside its segment. A trailing slash is no segment. HEAD finds
the operation of GET.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Self, Unpack
from urllib.parse import unquote

from fastapi import APIRouter

from mockalog.kernel.errors import UnknownOperationError
from mockalog.kernel.vendor.declaration import Declaration, Endpoint, segments
from mockalog.kernel.vendor.route import Route

# The methods of operations; HEAD finds the operation of GET.
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

Declare = Callable[[Endpoint], Endpoint]


@dataclass(slots=True)
class _Node:
    """A segment in the tree of paths: literal children win over the parameter.

    `rest`: a `{name:path}`, which takes all remaining segments except a literal after it.
    """

    literals: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    rest: "_Node | None" = None
    routes: dict[str, Route] = field(default_factory=dict)


class Router(APIRouter):
    """FastAPI's router with an index; its decorators take the options of a `Declaration`."""

    kind: ClassVar[type[Route]] = Route
    # Drop empty segments.
    merges_slashes: ClassVar[bool] = True

    def __init__(self, prefix: str = "", **defaults: Unpack[Declaration]) -> None:
        """Take the options of all its routes; a route's own options win."""
        super().__init__(prefix=prefix, route_class=self.kind)
        self._defaults = defaults
        self._root = _Node()
        self.operations: list[Route] = []

    # FastAPI's own options differ: a route here takes those of a `Declaration`.
    def get(self, path: str, **options: Unpack[Declaration]) -> Declare:  # type: ignore[override]
        """Declare a reading operation, named after its function."""
        return self.declare(("GET",), path, **options)

    def post(self, path: str, **options: Unpack[Declaration]) -> Declare:  # type: ignore[override]
        """Declare a POST."""
        return self.declare(("POST",), path, **options)

    def put(self, path: str, **options: Unpack[Declaration]) -> Declare:  # type: ignore[override]
        """Declare a PUT."""
        return self.declare(("PUT",), path, **options)

    def patch(self, path: str, **options: Unpack[Declaration]) -> Declare:  # type: ignore[override]
        """Declare a PATCH."""
        return self.declare(("PATCH",), path, **options)

    def delete(  # type: ignore[override]
        self, path: str, **options: Unpack[Declaration]
    ) -> Declare:
        """Declare a DELETE."""
        return self.declare(("DELETE",), path, **options)

    def declare(self, verbs: tuple[str, ...], path: str, **options: Unpack[Declaration]) -> Declare:
        """Declare an operation that several methods share, named after its function."""

        def declare(endpoint: Endpoint) -> Endpoint:
            declaration: Declaration = {**self._defaults, **options}
            self._place(self.kind(self.prefix + path, endpoint, verbs, declaration))
            return endpoint

        return declare

    @classmethod
    def of(cls, *routers: "Router") -> Self:
        """Return one router with the operations of several."""
        whole = cls()
        for router in routers:
            for route in router.operations:
                whole._place(route)
        return whole

    def _place(self, route: Route) -> None:
        node = self._grow(segments(route.path))
        node.routes.update(dict.fromkeys(route.verbs, route))
        self.operations.append(route)
        self.routes.append(route)

    def _grow(self, path: list[str]) -> _Node:
        node = self._root
        for segment in path:
            if segment.endswith(":path}"):
                node.rest = node = node.rest or _Node()
            elif segment.startswith("{"):
                node.parameter = node = node.parameter or _Node()
            else:
                node = node.literals.setdefault(segment, _Node())
        return node

    def find(self, method: str, raw_path: str) -> tuple[Route, dict[str, str]]:
        """Return the operation and its path parameters; raises `UnknownOperationError`."""
        node = self._root
        values = []
        parts = raw_path.split("/")
        for number, raw in enumerate(parts):
            if not raw and (self.merges_slashes or not number):
                continue
            segment = unquote(raw) if "%" in raw else raw
            following = node.literals.get(segment)
            if following is None:
                following = node.parameter if segment else None
                values.append(segment)
            if following is None:
                return _find_rest(node.rest, method, self._decoded(parts[number:]))
            node = following
        route = node.routes.get("GET" if method == "HEAD" else method)
        if route is None:
            raise UnknownOperationError
        return route, dict(zip(route.parameters, values, strict=True))

    def _decoded(self, parts: list[str]) -> list[str]:
        return [unquote(part) for part in parts if part or not self.merges_slashes]

    def allowed(self, raw_path: str) -> list[str]:
        """Return the methods of a path, none if no operation has it."""
        return [method for method in METHODS if self._has(method, raw_path)]

    def _has(self, method: str, raw_path: str) -> bool:
        try:
            self.find(method, raw_path)
        except UnknownOperationError:
            return False
        return True


def _find_rest(node: _Node | None, method: str, parts: list[str]) -> tuple[Route, dict[str, str]]:
    """Return the operation whose last parameter takes the remaining segments of a path."""
    if node is None:
        raise UnknownOperationError
    *others, last = parts
    method = "GET" if method == "HEAD" else method
    end = node.literals.get(last)
    if end is not None and others and method in end.routes:
        route, values = end.routes[method], others
    elif method in node.routes:
        route, values = node.routes[method], [*others, last]
    else:
        raise UnknownOperationError
    return route, {route.parameters[-1]: "/".join(values)}
