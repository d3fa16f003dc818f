"""One vendor call on its way: what an endpoint may ask for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import parse_qsl, unquote

from mockalog.kernel.clock import delayed
from mockalog.kernel.database.interfaces import Connection
from mockalog.kernel.database.repository import Repository
from mockalog.kernel.errors import ForbiddenError
from mockalog.kernel.formats.json import loads
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.rate_limits import Limit
from mockalog.kernel.jobs.queue import schedule
from mockalog.kernel.sandboxes.authentication import Principal
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.vendor.faults import Fault, match_and_count
from mockalog.kernel.vendor.runtime import Runtime


class Operation(Protocol):
    """The parts of an operation that a call reads."""

    name: str
    permission: str | None
    may_schedule_jobs: bool


_UNREAD = object()


class Call:
    """The request, who makes it, and the transaction it runs in.

    `now` is read once: everything that one call writes carries one instant.
    """

    principal: Principal
    connection: Connection
    # The sandbox's rows, in this call's transaction.
    repository: Repository
    now: int

    def __init__(self, runtime: Runtime, exchange: Exchange, operation: Operation) -> None:
        self.runtime = runtime
        self.exchange = exchange
        self.operation = operation
        self._json: Any = _UNREAD
        # The fault that lets this call's jobs fail; asked for with the first job.
        self.job_fault: Fault | None = None
        self._is_counted = False

    def enter(self, connection: Connection) -> None:
        """Begin the call's work in a transaction; whose rows it sees is known by now."""
        self.connection = connection
        self.repository = Repository(connection, self.principal.sandbox.id)

    @property
    def sandbox(self) -> Sandbox:
        """The isolated world that the call acts on."""
        return self.principal.sandbox

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """The request's headers, names in lower case; of repeated ones the last."""
        return {k.decode("latin-1"): v.decode("latin-1") for k, v in self.exchange.headers}

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query's values; of repeated ones the last, blank ones kept."""
        return dict(self.query_pairs)

    @cached_property
    def query_pairs(self) -> list[tuple[str, str]]:
        """The query as it was sent, in order."""
        text = self.exchange.query_string.decode("latin-1")
        return parse_qsl(text, keep_blank_values=True)

    @property
    def body(self) -> bytes:
        """The body as it was sent."""
        return self.exchange.request_body

    @property
    def json(self) -> Any:
        """What the body says; an empty one says None. Raises `MalformedBodyError`."""
        # Not a cached property: that takes a lock, and every writing call comes here.
        if self._json is _UNREAD:
            self._json = loads(self.body) if self.body else None
        return self._json

    @cached_property
    def form(self) -> Mapping[str, str]:
        """The fields of a form-encoded body."""
        text = self.body.decode("utf-8", "replace")
        return dict(parse_qsl(text, keep_blank_values=True))

    @cached_property
    def base_url(self) -> str:
        """The address under which the caller reached the vendor's root, no slash at its end."""
        if public := self.runtime.settings.public_url:
            return public.rstrip("/") + self.exchange.base_path
        scheme = self.headers.get("x-forwarded-proto", self.exchange.scheme)
        host = self.headers.get("x-forwarded-host") or self.headers.get("host", "localhost")
        prefix = self.headers.get("x-forwarded-prefix", "").rstrip("/")
        return f"{scheme}://{host}{prefix}{self.exchange.base_path}"

    def setting(self, name: str) -> Any:
        """Return a dotted setting of the sandbox, its default if nobody set it."""
        return self.runtime.setting_registry.value(self.sandbox, name)

    def after(self, setting: str) -> int:
        """Return the instant that lies a delay from now: a setting in seconds."""
        return delayed(self.now, self.setting(setting))

    async def schedule(
        self, kind: str, payload: Mapping[str, Any], *, due_at: int, recurring: bool = False
    ) -> None:
        """Store an asynchronous effect in this call's transaction; it happens at `due_at`.

        Schedule before taking a number or a lock of a series: whoever runs jobs locks the
        sandbox's row first and what the effect needs after it.
        """
        assert self.operation.may_schedule_jobs, "declare the route with may_schedule_jobs=True"
        fault = await self._fault_of_jobs() if self.sandbox.armed else None
        await schedule(
            self.repository,
            kind,
            payload,
            now=self.now,
            due_at=due_at,
            fault=fault,
            recurring=recurring,
        )
        # The sandbox has something to do now, which a remembered one does not know.
        self.runtime.sandboxes.forget()

    async def match_fault(self, connection: Connection, *, jobs: bool = False) -> Fault | None:
        """Count this call against the armed faults; return the one that strikes it."""
        return await match_and_count(
            connection,
            self.sandbox.id,
            vendor=self.exchange.vendor or "",
            operation=self.operation.name,
            path=unquote(self.exchange.raw_path),
            jobs=jobs,
        )

    async def _fault_of_jobs(self) -> str | None:
        """Return why this call's jobs shall fail; counted with the first of them, and once.

        Counted in the call's own transaction: a call that is refused uses nothing up.
        """
        if not self._is_counted:
            self._is_counted = True
            self.job_fault = await self.match_fault(self.connection, jobs=True)
        return None if self.job_fault is None else self.job_fault.reason

    def authorise(self) -> None:
        """Raise `ForbiddenError` unless the caller holds the operation's permission."""
        permission = self.operation.permission
        if permission is not None and not self.principal.may(permission):
            raise ForbiddenError(permission)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A named rate limit that routes share: `limit` calls in `seconds`.

    `disabled_when`: the dotted setting, and the value of it, that takes the bucket away.
    `key`: the caller that a call counts for, if each caller has a window; None: it is not counted.
    """

    name: str
    limit: int
    seconds: int
    disabled_when: tuple[str, str] | None = None
    key: Callable[[Call], str | None] | None = None

    def limit_for(self, call: Call) -> Limit | None:
        """Return the limit that a call counts against, None if there is none."""
        if self.disabled_when is not None:
            setting, value = self.disabled_when
            if call.setting(setting) == value:
                return None
        if self.key is None:
            return Limit(self.name, self.limit, self.seconds)
        key = self.key(call)
        return None if key is None else Limit(f"{self.name} {key}", self.limit, self.seconds)
