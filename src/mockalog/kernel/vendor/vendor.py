"""A vendor as data: a light description for the start, and the API that its first call loads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from mockalog.kernel.errors import ApiError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Headers, Response
from mockalog.kernel.jobs.queue import JobFailureHandler, JobHandler
from mockalog.kernel.late_imports import load_in_thread
from mockalog.kernel.sandboxes.settings import VendorSettings
from mockalog.kernel.vendor.fault_responses import ErrorFactory

if TYPE_CHECKING:
    from mockalog.kernel.documents.invariants import Invariant
    from mockalog.kernel.documents.seeds import Seed
    from mockalog.kernel.vendor.declaration import Model
    from mockalog.kernel.vendor.route import Route
    from mockalog.kernel.vendor.router import Router
    from mockalog.kernel.vendor.runtime import Runtime

# Where a control call's scope names the vendor whose port or host it came to.
ADDRESSED = "mockalog.addressed"

# Of a vendor that names no limit of its own. No vendor documents a larger one.
MAX_BODY = 16 * 1024 * 1024


class ErrorDoc(NamedTuple):
    """A documented error: an example of it, the model of its body (None: no JSON), and its sense.

    `is_armed`: only a fault that a test armed gives it.
    """

    refusal: ApiError
    model: "Model"
    description: str
    is_armed: bool = False


@dataclass(frozen=True)
class Documentation:
    """The parts of a vendor's OpenAPI document that no route declares."""

    description: str
    # The groups of operations, with a sentence on each.
    tags: Mapping[str, str]
    # The error catalogue, the kernel's refusals included, by error id.
    errors: Mapping[str, ErrorDoc]
    # The ids of the refusals that any call of an operation can meet, such as a bad credential;
    # a `ByDialect` where they differ.
    common: "Callable[[Route], Iterable[str]]"
    # The vendor's dialects, the default first; empty: it has one.
    dialects: tuple[str, ...] = ()


@dataclass(frozen=True)
class VendorApi:
    """The part of a vendor that answers calls."""

    router: "Router"
    # Words a refusal; the only place that knows the vendor's error JSON.
    envelope: Callable[[ApiError, Exchange], Response]
    # What every answer carries besides its type and length.
    headers: Callable[["Runtime", Exchange, Response], Headers]
    # Calls under `/_mockalog/<name>` that show or do what the vendor's API cannot.
    control_routes: "Router"
    # The OpenAPI document's; a function, for it is imported with the first look at a document.
    documentation: Callable[[], Documentation]
    # Returns what a seed file may say of the vendor; late, too.
    seed: Callable[[], "type[Seed]"]
    # Returns the invariants of its rows; late, too.
    invariants: Callable[[], "Iterable[Invariant]"] = tuple
    jobs: Mapping[str, JobHandler] = field(default_factory=dict)
    # The libraries that a job of that kind imports when it needs them (`Declaration.imports`).
    job_imports: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # What follows when a job of that kind failed; a kind may have nothing to mend.
    job_failures: Mapping[str, JobFailureHandler] = field(default_factory=dict)
    # What a test can provoke: by the vendor's error id, and by a status alone. The kernel knows
    # 401, 403, 429, 500 and 502 to 504.
    faults: Mapping[str, ErrorFactory] = field(default_factory=dict)
    statuses: Mapping[int, ErrorFactory] = field(default_factory=dict)
    # What a credential may hold though no operation here asks for it.
    permissions: frozenset[str] = frozenset()
    # What a path may end in without meaning anything else, such as Rails' `.json`.
    suffix: str = ""
    # Bytes; larger bodies are refused while they arrive, unread.
    max_body: int = MAX_BODY
    # Answers what needs neither credential nor operation, such as a browser's preflight.
    before_routing: Callable[[Exchange], Response | None] = lambda exchange: None
    # What the journal calls these.
    before_routing_names: frozenset[str] = frozenset()
    # Whether bad JSON is noticed before the credential is looked at.
    parse_json_before_auth: bool = False
    # Whether the service itself calls `Call.authorise`, after its own first checks.
    service_checks_permission: bool = False


@dataclass(frozen=True)
class Vendor:
    """One emulated API: all that a server needs to know of it before its first call."""

    name: str
    title: str
    # Virtual hosts: `<name>.localhost` and the vendor's real names; `*` matches one label.
    hosts: tuple[str, ...]
    settings: type[VendorSettings]
    # Imports and returns the rest.
    load: Callable[[], VendorApi]

    @cached_property
    def api(self) -> VendorApi:
        """The part that answers, imported with the first look at it."""
        return self.load()

    @property
    def is_loaded(self) -> bool:
        """Return whether the part that answers is imported."""
        return "api" in self.__dict__

    async def loaded(self) -> VendorApi:
        """Return the part that answers; its import happens in a thread and delays no other call."""
        if self.is_loaded:
            return self.api
        return await load_in_thread(lambda: self.api)
