"""A vendor as data: a light part for the start, and the API that its first call imports.

A start imports only the modules that its first call needs, because FastAPI costs it 0.1 s.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from mockalog.kernel.errors import ApiError
from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.http.responses import Headers, Response
from mockalog.kernel.jobs.queue import JobKind
from mockalog.kernel.journal.fields.names import VendorSecrets
from mockalog.kernel.late_imports import load_in_thread
from mockalog.kernel.sandboxes.settings import VendorSettings
from mockalog.kernel.vendor.fault_responses import FaultErrors

if TYPE_CHECKING:
    from mockalog.kernel.documents.invariants import Invariant
    from mockalog.kernel.documents.seeds import Seed
    from mockalog.kernel.vendor.route import Route
    from mockalog.kernel.vendor.router import Router
    from mockalog.kernel.vendor.runtime import Runtime

# The key in a control call's scope that names the vendor of its port or host.
ADDRESSED = "mockalog.addressed"

# Bytes of a vendor's largest body, if it has no limit of its own. No vendor documents a larger one.
MAX_BODY = 16 * 1024 * 1024


class ErrorDoc(NamedTuple):
    """A documented error: an example of it, the model of its body, and its description.

    `model` None: the body is no JSON. `is_armed`: only an armed fault leads to it.
    """

    refusal: ApiError
    # A Pydantic model.
    model: Any
    description: str
    is_armed: bool = False


@dataclass(frozen=True)
class Documentation:
    """The parts of a vendor's OpenAPI document that no route declares.

    `tags`: the groups of operations, with a sentence on each. `errors`: the error catalogue by
    error id, with the kernel's errors. `common`: the error ids that any call of an operation can
    lead to, such as a bad credential; a `ByDialect` where dialects differ. `dialects`: the
    default first; empty if there is one only. `revalidates`: a GET can be answered with 304.
    """

    description: str
    tags: Mapping[str, str]
    errors: Mapping[str, ErrorDoc]
    common: "Callable[[Route], Iterable[str]]"
    dialects: tuple[str, ...] = ()
    revalidates: bool = False


class AuthRules(NamedTuple):
    """How a vendor authenticates and authorises.

    `permissions`: permissions that credentials may have though no operation here requires them.
    `has_unlisted_permissions`: the vendor has more of them, so that none is refused as a typo.
    `parse_json_first`: malformed JSON is refused before the credential is checked.
    `service_checks_permission`: the service calls `Call.authorise`, after its own first checks.
    """

    permissions: frozenset[str] = frozenset()
    has_unlisted_permissions: bool = False
    parse_json_first: bool = False
    service_checks_permission: bool = False


def _no_response(exchange: Exchange) -> Response | None:
    return None


def _same(error: ApiError, exchange: Exchange) -> ApiError:
    return error


def _as_it_is(exchange: Exchange, response: Response) -> Response:
    return response


class BeforeRouting(NamedTuple):
    """Responses that need neither credential nor operation, such as a browser's preflight.

    `respond` returns None for all other requests. `operations` are their names in the journal; no
    document shows them.
    """

    respond: Callable[[Exchange], Response | None] = _no_response
    operations: frozenset[str] = frozenset()


@dataclass(frozen=True)
class VendorApi:
    """The part of a vendor that answers calls."""

    router: "Router"
    # Calls under `/_mockalog/<name>`, for data and actions that the vendor's API does not have.
    # They are written like every other endpoint; the control plane runs due jobs before them and
    # wraps their errors in a problem document.
    control_routes: "Router"
    # Words an error. No other place knows the vendor's error JSON.
    envelope: Callable[[ApiError, Exchange], Response]
    # The headers of every response besides its type and length.
    headers: Callable[["Runtime", Exchange, Response], Headers]
    # These three are imported at first use: see `imported`.
    documentation: Callable[[], Documentation]
    seed: Callable[[], "type[Seed]"]
    invariants: Callable[[], "Iterable[Invariant]"] = tuple
    jobs: Mapping[str, JobKind] = field(default_factory=dict)
    faults: FaultErrors = FaultErrors({}, {})
    auth: AuthRules = AuthRules()
    # Returns the error that a client gets in place of another, for paths with errors of their own.
    translate: Callable[[ApiError, Exchange], ApiError] = _same
    before_routing: BeforeRouting = BeforeRouting()
    # Returns a 304 in place of a response that the client has already.
    revalidated: Callable[[Exchange, Response], Response] = _as_it_is
    # An ending of paths without a meaning, such as Rails' `.json`.
    suffix: str = ""
    # Bytes; a larger body is refused while it arrives.
    max_body: int = MAX_BODY
    # Modules that calls or jobs import late, and functions that read data at their first call: a
    # test's emulator reads them before the test.
    late_modules: tuple[str, ...] = ()
    late_data: tuple[Callable[[], object], ...] = ()


@dataclass(frozen=True)
class Vendor:
    """One emulated API: the data that a server needs before the first call.

    `hosts`: `<name>.localhost` and the vendor's real names; `*` matches one label. `load` imports
    and returns the API. `secrets`: the fields that the journal hides besides those with general
    names.
    """

    name: str
    title: str
    hosts: tuple[str, ...]
    settings: type[VendorSettings]
    load: Callable[[], VendorApi]
    secrets: VendorSecrets = VendorSecrets()

    @cached_property
    def api(self) -> VendorApi:
        """The part that answers, imported at first use."""
        return self.load()

    @property
    def is_loaded(self) -> bool:
        """Return whether the API is imported."""
        return "api" in self.__dict__

    async def loaded(self) -> VendorApi:
        """Return the API; it is imported in a thread, so that no other call waits."""
        if self.is_loaded:
            return self.api
        return await load_in_thread(lambda: self.api)
