"""A vendor's operations and the index that finds one by method and path.

The index splits the path as it came over the wire and decodes each segment afterwards, so
`%2F` stays inside its segment; a trailing slash is no segment; HEAD finds what GET finds.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from mockalog.kernel.errors import Refused, Unauthorized, UnknownOperation
from mockalog.kernel.rate_limit import Bucket
from mockalog.kernel.wire import Answer

if TYPE_CHECKING:
    from mockalog.kernel.call import Call

# What an operation can have; HEAD stands for GET.
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

Endpoint = Callable[..., Awaitable[Answer]]
# Finds the credential in a call that carries it elsewhere than in `Authorization`.
Credential = Callable[["Call"], str]


@dataclass(frozen=True, slots=True)
class Operation:
    """One endpoint with what stands beside it: permission, rate bucket, where its key is."""

    name: str
    methods: tuple[str, ...]
    path: str
    endpoint: Endpoint
    permission: str | None
    bucket: Bucket | None
    credential: Credential | None
    unauthorized: type[Refused]
    overtakes: bool
    parameters: tuple[str, ...]
    # Whether it is for those who have no credential yet.
    public: bool = False
    # Whether a call may leave jobs behind.
    schedules: bool = False


@dataclass(slots=True)
class _Node:
    """One segment's place in the tree: literal children win over the parameter."""

    literals: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    operations: dict[str, Operation] = field(default_factory=dict)


class Router:
    """The operations of one vendor. Its decorators read like FastAPI's."""

    def __init__(self) -> None:
        self._root = _Node()
        self.operations: list[Operation] = []

    def get(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Declare a reading operation; see `add` for the options."""
        return self.add(("GET",), path, **options)

    def post(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Declare a POST; see `add` for the options."""
        return self.add(("POST",), path, **options)

    def put(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Declare a PUT; see `add` for the options."""
        return self.add(("PUT",), path, **options)

    def patch(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Declare a PATCH; see `add` for the options."""
        return self.add(("PATCH",), path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[Endpoint], Endpoint]:
        """Declare a DELETE; see `add` for the options."""
        return self.add(("DELETE",), path, **options)

    def add(
        self,
        methods: tuple[str, ...],
        path: str,
        *,
        permission: str | None = None,
        bucket: Bucket | None = None,
        credential: Credential | None = None,
        public: bool = False,
        unauthorized: type[Refused] = Unauthorized,
        schedules: bool = False,
        overtakes: bool = False,
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare an operation, named after its function.

        `permission`: the vendor's string, checked after authentication.
        `bucket`: the rate limit that the call counts against.
        `credential`: where to find the credential if not in `Authorization: Bearer`.
        `public`: it asks for no credential: what `credential` finds only says whose sandbox is
            meant, and what the request carries says so first.
        `unauthorized`: what to raise in place of `Unauthorized`.
        `schedules`: whether a call may leave jobs behind (`Call.schedule`).
        `overtakes`: it comes before effects without a delay, so that one can be called off.
        """

        def declare(endpoint: Endpoint) -> Endpoint:
            parameters = tuple(s[1:-1] for s in _segments(path) if s.startswith("{"))
            operation = Operation(
                name=endpoint.__name__,
                methods=methods,
                path=path,
                endpoint=endpoint,
                permission=permission,
                bucket=bucket,
                credential=credential,
                public=public,
                unauthorized=unauthorized,
                overtakes=overtakes,
                parameters=parameters,
                schedules=schedules,
            )
            self._place(operation)
            return endpoint

        return declare

    @classmethod
    def of(cls, *routers: "Router") -> "Router":
        """Return one router with the operations of several."""
        whole = cls()
        for router in routers:
            for operation in router.operations:
                whole._place(operation)
        return whole

    def _place(self, operation: Operation) -> None:
        node = self._grow(_segments(operation.path))
        node.operations.update(dict.fromkeys(operation.methods, operation))
        self.operations.append(operation)

    def _grow(self, segments: list[str]) -> _Node:
        node = self._root
        for segment in segments:
            if segment.startswith("{"):
                node.parameter = node = node.parameter or _Node()
            else:
                node = node.literals.setdefault(segment, _Node())
        return node

    def find(self, method: str, raw_path: str) -> tuple[Operation, dict[str, str]]:
        """Return the operation and its path parameters; raises `UnknownOperation`."""
        node = self._root
        values = []
        for raw in raw_path.split("/"):
            if not raw:
                continue
            segment = unquote(raw) if "%" in raw else raw
            following = node.literals.get(segment)
            if following is None:
                following = node.parameter
                values.append(segment)
            if following is None:
                raise UnknownOperation
            node = following
        operation = node.operations.get("GET" if method == "HEAD" else method)
        if operation is None:
            raise UnknownOperation
        return operation, dict(zip(operation.parameters, values, strict=True))

    def methods(self, raw_path: str) -> list[str]:
        """Return the methods that a path takes; none if there is no such path."""
        return [method for method in METHODS if self._has(method, raw_path)]

    def _has(self, method: str, raw_path: str) -> bool:
        try:
            self.find(method, raw_path)
        except UnknownOperation:
            return False
        return True


def plain(path: str) -> str:
    """Return a decoded path as the router sees it: empty segments mean nothing."""
    return _SLASHES.sub("/", path).rstrip("/") or "/"


_SLASHES = re.compile("//+")


def _segments(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]
