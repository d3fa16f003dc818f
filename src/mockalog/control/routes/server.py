"""The server itself: health, readiness, information and reset."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from mockalog import __version__
from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.keys import KEYS
from mockalog.control.calls.models import In, JournalsOut, Out, SandboxHeaders, incomplete_of
from mockalog.control.calls.problems import ProblemError
from mockalog.control.calls.route import ControlRouter
from mockalog.kernel.formats.strings import NonEmptyText
from mockalog.kernel.http.responses import Response
from mockalog.kernel.state.resets import reset as reset_sandbox
from mockalog.kernel.state.resets import reset_all
from mockalog.kernel.vendor.declaration import ResponseDoc
from mockalog.kernel.vendor.permissions import permissions_of
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.vendor import Vendor
from mockalog.settings import Settings

# The calls of `probes` need no token and act on no sandbox.
probes = ControlRouter(tag="Server")
router = ControlRouter(tag="Server", key=KEYS, headers=SandboxHeaders)

_PEM = "application/x-pem-file"


class HealthOut(Out):
    """The server answers."""

    status: Literal["ok"]


class ReadyOut(Out):
    """The server and its database answer."""

    status: Literal["ready"]


class BucketOut(Out):
    """A rate limit: `limit` calls in `seconds`. Several operations may share one."""

    name: str
    limit: int
    seconds: int


class OperationOut(Out):
    """An operation of a vendor's API, or a call that a vendor adds to the control plane."""

    name: str = Field(description="Its name in the journal, in faults and in the documents.")
    methods: list[str]
    path: str = Field(description="The path without the vendor's prefix.")
    permission: str | None = Field(description="The permission that a credential needs.")
    bucket: BucketOut | None


class VendorOut(Out):
    """An emulated API: its addresses, operations, errors and permissions."""

    name: str
    title: str
    url: str = Field(description="The vendor's own port; the API is at its root.")
    prefix: str = Field(description="The API's path on the main port.")
    hosts: list[str] = Field(description="Virtual hosts; `*` matches one label.")
    errors: list[str] = Field(description="The error ids that a fault can have.")
    permissions: list[str] = Field(description="The permissions that a credential can have.")
    operations: list[OperationOut]
    inspections: list[OperationOut] = Field(
        description="Calls that the vendor adds under `/_mockalog/<vendor>`."
    )


class InfoOut(Out):
    """The server with its vendors, their addresses and their rules."""

    version: str
    auth: Literal["open", "strict"]
    port: int
    sandbox: str | None = Field(
        description="The sandbox that the call acts on; null: the whole server."
    )
    vendors: list[VendorOut]


class ResetIn(In):
    """The state to reset to. `baseline` is the state as seeded, empty without a seed."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"to": "baseline"}, {"to": "snapshot:before-import"}]}
    )

    to: NonEmptyText = Field("baseline", pattern=r"^(empty|baseline|snapshot:.+)$")


class ResetOut(JournalsOut):
    """The sandbox, or the whole server, is reset."""

    status: Literal["reset"]
    to: str


@probes.get("/health", responses={200: HealthOut})
async def get_health(call: ControlCall) -> dict[str, str]:
    """Answer as soon as the server listens."""
    return {"status": "ok"}


@probes.get("/ready", responses={200: ReadyOut})
async def get_ready(call: ControlCall) -> dict[str, str]:
    """Answer if the database can be read and written; otherwise a 503 tells the cause.

    The server listens only after migration and seed.
    """
    await call.runtime.database.check()
    return {"status": "ready"}


@probes.get(
    "/ca.pem",
    responses={200: ResponseDoc(description="The certificate, PEM", media_type=_PEM)},
    errors=("not-found",),
)
async def get_ca(call: ControlCall) -> Response:
    """Return the certificate authority that clients trust; it is not secret."""
    certificate = call.settings.ca_certificate
    if certificate is None:
        raise ProblemError(404, "this server serves plain HTTP: start it with --tls")
    return Response(200, certificate.encode(), content_type=_PEM.encode())


@router.get("/info", responses={200: InfoOut})
async def get_info(call: ControlCall) -> dict[str, object]:
    """Return the version, the vendors with their addresses and rules, and the call's sandbox."""
    await call.load()
    return {
        "version": __version__,
        "auth": call.settings.auth,
        "port": call.settings.port,
        "sandbox": None if call.sandbox is None else call.sandbox.name,
        "vendors": [_vendor(call.settings, vendor) for vendor in call.vendors.values()],
    }


@router.post(
    "/reset",
    body=ResetIn,
    optional_body=True,
    responses={200: ResetOut},
    errors=("not-found", "wrong-type"),
)
async def reset(call: ControlCall) -> dict[str, object]:
    """Reset a sandbox or the whole server: data, clock, settings, jobs, limits, journal.

    The rows disappear at once for every caller. The server deletes them after the response.
    """
    runtime, sandbox = call.runtime, call.sandbox
    wanted: ResetIn = call.body or ResetIn(to="baseline")
    if wanted.to.startswith("snapshot:"):
        await runtime.snapshots.restore(sandbox, wanted.to.removeprefix("snapshot:"), call.turns)
    elif sandbox is None:
        await reset_all(runtime, empty=wanted.to == "empty")
    else:
        await reset_sandbox(runtime, sandbox, empty=wanted.to == "empty")
    cleared = await runtime.journals.clear(call.sandbox_id)
    runtime.sandboxes.cleanup.wake()
    return {"status": "reset", "to": wanted.to, **incomplete_of(cleared)}


def _vendor(settings: Settings, vendor: Vendor) -> dict[str, Any]:
    port = settings.vendor_ports()[vendor.name]
    return {
        "name": vendor.name,
        "title": vendor.title,
        "url": f"{settings.scheme}://{settings.host}:{port}",
        "prefix": f"/{vendor.name}",
        "hosts": list(vendor.hosts),
        "errors": sorted(vendor.api.faults.by_id),
        "permissions": sorted(permissions_of(vendor)),
        "operations": [_operation(operation) for operation in vendor.api.router.operations],
        "inspections": [
            _operation(operation) for operation in vendor.api.control_routes.operations
        ],
    }


def _operation(operation: Route) -> dict[str, Any]:
    bucket = operation.bucket
    return {
        "name": operation.name,
        "methods": list(operation.verbs),
        "path": operation.path,
        "permission": operation.permission,
        "bucket": None
        if bucket is None
        else {"name": bucket.name, "limit": bucket.limit, "seconds": bucket.seconds},
    }
