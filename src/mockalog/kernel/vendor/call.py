"""A vendor's call: the data and the actions that an endpoint may ask for."""

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
    """The request, its caller, and its transaction.

    `now` is read once, so everything that one call writes has the same instant.
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
        # The fault of this call's jobs, looked up with the first job.
        self.job_fault: Fault | None = None
        self._is_counted = False

    def enter(self, connection: Connection) -> None:
        """Begin the call's work in a transaction, on the rows of its sandbox.

        It begins again after a late result.
        """
        self.job_fault, self._is_counted = None, False
        self.connection = connection
        self.repository = Repository(connection, self.principal.sandbox.id)

    @property
    def sandbox(self) -> Sandbox:
        """The sandbox of the call."""
        return self.principal.sandbox

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """The request's headers, names in lower case; of repeated names the last."""
        return {k.decode("latin-1"): v.decode("latin-1") for k, v in self.exchange.headers}

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The query's values; of repeated names the last, empty values included."""
        return dict(self.query_pairs)

    @cached_property
    def query_pairs(self) -> list[tuple[str, str]]:
        """The query's names and values, in the order sent."""
        text = self.exchange.query_string.decode("latin-1")
        return parse_qsl(text, keep_blank_values=True)

    @property
    def body(self) -> bytes:
        """The body's bytes."""
        return self.exchange.request_body

    # Any: JSON has no type until a rule has checked it.
    @property
    def json(self) -> Any:
        """The decoded JSON body, None for an empty one. Raises `MalformedBodyError`."""
        # No cached property: Python 3.11's takes a lock, and every writing call comes here.
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
        """The URL of the vendor's root as the caller reached it, without a trailing slash."""
        if public := self.runtime.public_url:
            return public.rstrip("/") + self.exchange.base_path
        scheme = self.headers.get("x-forwarded-proto", self.exchange.scheme)
        host = self.headers.get("x-forwarded-host") or self.headers.get("host", "localhost")
        prefix = self.headers.get("x-forwarded-prefix", "").rstrip("/")
        return f"{scheme}://{host}{prefix}{self.exchange.base_path}"

    # Any: each setting has a type of its own.
    def setting(self, name: str) -> Any:
        """Return the value of a dotted setting in the sandbox."""
        return self.runtime.setting_registry.value(self.sandbox, name)

    def after(self, setting: str) -> int:
        """Return the instant that lies the seconds of a setting from now."""
        return delayed(self.now, self.setting(setting))

    async def schedule(
        self, kind: str, payload: Mapping[str, object], *, due_at: int, recurring: bool = False
    ) -> None:
        """Store an effect in this call's transaction; it happens at `due_at`.

        Schedule before taking a number or a lock of a series: the job runner locks the sandbox's
        row first and the effect's rows afterwards.
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
        # The cached sandbox does not know the new job's due time.
        self.runtime.sandboxes.forget()

    async def catch_up(self) -> None:
        """Lock the sandbox, and run the jobs that other calls stored since the admission.

        A call whose checks depend on the effects of jobs does this first, before any other lock.
        """
        await self.runtime.jobs.catch_up(self.connection, self.sandbox)

    async def match_fault(self, connection: Connection, *, jobs: bool = False) -> Fault | None:
        """Count this call against the armed faults; return the fault that applies."""
        return await match_and_count(
            connection,
            self.sandbox.id,
            vendor=self.exchange.vendor or "",
            operation=self.operation.name,
            path=unquote(self.exchange.raw_path),
            jobs=jobs,
        )

    async def _fault_of_jobs(self) -> str | None:
        """Return the reason why this call's jobs fail; counted once, with the first job.

        The count is in the call's own transaction, so a refused call uses no fault up.
        """
        if not self._is_counted:
            self._is_counted = True
            self.job_fault = await self.match_fault(self.connection, jobs=True)
        return None if self.job_fault is None else self.job_fault.reason

    def authorise(self) -> None:
        """Raise `ForbiddenError` if the caller does not hold the operation's permission."""
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
