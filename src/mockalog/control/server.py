"""The server itself: is it there, what is it, and start it over."""

from typing import Any

from mockalog import __version__
from mockalog.control.call import ControlCall
from mockalog.control.keys import KEYS
from mockalog.control.problems import Problem
from mockalog.control.route import ControlRouter
from mockalog.control.schemas.headers import SandboxHeaders
from mockalog.control.schemas.server import HealthOut, InfoOut, ReadyOut, ResetIn, ResetOut
from mockalog.kernel.http.responses import Response
from mockalog.kernel.state.resets import reset as start_over
from mockalog.kernel.state.resets import reset_all
from mockalog.kernel.vendor.declaration import ResponseDoc
from mockalog.kernel.vendor.permissions import permissions_of
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.runtime import Runtime
from mockalog.kernel.vendor.vendor import Vendor

# These three are open: they ask for no token and act on no sandbox.
probes = ControlRouter(tag="Server")
router = ControlRouter(tag="Server", key=KEYS, headers=SandboxHeaders)

_PEM = "application/x-pem-file"


@probes.get("/health", responses={200: HealthOut})
async def get_health(call: ControlCall) -> dict[str, str]:
    """Answer at all."""
    return {"status": "ok"}


@probes.get("/ready", responses={200: ReadyOut})
async def get_ready(call: ControlCall) -> dict[str, str]:
    """Answer once the database does; an app that is not ready does not listen yet."""
    async with call.runtime.database.transaction():
        return {"status": "ready"}


@probes.get(
    "/ca.pem",
    responses={200: ResponseDoc(description="The certificate, PEM", media_type=_PEM)},
    errors=("not-found",),
)
async def get_ca(call: ControlCall) -> Response:
    """Return the certificate that a client has to trust; the certificate is no secret."""
    certificate = call.runtime.settings.ca_certificate
    if certificate is None:
        raise Problem(404, "this server speaks plain HTTP: start it with --tls")
    return Response(200, certificate.encode(), content_type=_PEM.encode())


@router.get("/info", responses={200: InfoOut})
async def get_info(call: ControlCall) -> dict[str, Any]:
    """Say what is served, where, under which permissions and limits, and whose sandbox is meant."""
    await call.load()
    runtime = call.runtime
    return {
        "version": __version__,
        "auth": runtime.settings.auth,
        "port": runtime.settings.port,
        "sandbox": None if call.sandbox is None else call.sandbox.name,
        "vendors": [_vendor(runtime, vendor) for vendor in runtime.vendors.values()],
    }


@router.post(
    "/reset",
    body=ResetIn,
    optional_body=True,
    responses={200: ResetOut},
    errors=("not-found", "wrong-type"),
)
async def reset(call: ControlCall) -> dict[str, str]:
    """Start a sandbox, or the whole server, over: data, clock, settings, jobs, limits, journal.

    The rows are gone for everybody at once and swept after the answer.
    """
    runtime, sandbox = call.runtime, call.sandbox
    wanted: ResetIn = call.body or ResetIn(to="baseline")
    if wanted.to.startswith("snapshot:"):
        await runtime.snapshots.restore(sandbox, wanted.to.removeprefix("snapshot:"))
    elif sandbox is None:
        await reset_all(runtime, empty=wanted.to == "empty")
    else:
        await start_over(runtime, sandbox, empty=wanted.to == "empty")
    await runtime.journals.clear(call.sandbox_id)
    runtime.sandboxes.cleanup.wake()
    return {"status": "reset", "to": wanted.to}


def _vendor(runtime: Runtime, vendor: Vendor) -> dict[str, Any]:
    port = runtime.settings.vendor_ports()[vendor.name]
    return {
        "name": vendor.name,
        "title": vendor.title,
        "url": f"{runtime.settings.scheme}://{runtime.settings.host}:{port}",
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
