"""The server itself: is it there, what is it, and start it over."""

from typing import Any

from fastapi import APIRouter, Response

from mockalog import __version__
from mockalog.control.dependencies import RuntimeDep, SandboxDep
from mockalog.control.problems import Problem
from mockalog.control.schemas import ResetIn
from mockalog.kernel.resets import reset as start_over
from mockalog.kernel.resets import reset_all
from mockalog.kernel.rights import permissions_of
from mockalog.kernel.route import Route
from mockalog.kernel.runtime import Runtime
from mockalog.kernel.vendor import Vendor

router = APIRouter()


@router.get("/health")
async def get_health() -> dict[str, str]:
    """Answer at all."""
    return {"status": "ok"}


@router.get("/ready")
async def get_ready(runtime: RuntimeDep) -> dict[str, str]:
    """Answer once the database does; an app that is not ready does not listen yet."""
    async with runtime.database.transaction():
        return {"status": "ready"}


@router.get("/ca.pem")
async def get_ca(runtime: RuntimeDep) -> Response:
    """Return the certificate that a client has to trust; the certificate is no secret."""
    if runtime.settings.ca_certificate is None:
        raise Problem(404, "this server speaks plain HTTP: start it with --tls")
    return Response(runtime.settings.ca_certificate, media_type="application/x-pem-file")


@router.get("/info")
async def get_info(runtime: RuntimeDep, sandbox: SandboxDep) -> dict[str, Any]:
    """Say what is served, where, under which permissions and limits, and whose sandbox is meant."""
    return {
        "version": __version__,
        "auth": runtime.settings.auth,
        "port": runtime.settings.port,
        "sandbox": None if sandbox is None else sandbox.name,
        "vendors": [_vendor(runtime, vendor) for vendor in runtime.vendors.values()],
    }


@router.post("/reset")
async def reset(
    runtime: RuntimeDep,
    sandbox: SandboxDep,
    wanted: ResetIn | None = None,
) -> dict[str, str]:
    """Start a sandbox, or the whole server, over: data, clock, settings, jobs, limits, journal.

    The rows are gone for everybody at once and swept after the answer.
    """
    to = (wanted or ResetIn(to="baseline")).to
    if to.startswith("snapshot:"):
        await runtime.snapshots.restore(sandbox, to.removeprefix("snapshot:"))
    elif sandbox is None:
        await reset_all(runtime, empty=to == "empty")
    else:
        await start_over(runtime, sandbox, empty=to == "empty")
    await runtime.journals.clear(None if sandbox is None else sandbox.id)
    runtime.sandboxes.sweeper.wake()
    return {"status": "reset", "to": to}


def _vendor(runtime: Runtime, vendor: Vendor) -> dict[str, Any]:
    port = runtime.settings.vendor_ports()[vendor.name]
    return {
        "name": vendor.name,
        "title": vendor.title,
        "url": f"{runtime.settings.scheme}://{runtime.settings.host}:{port}",
        "prefix": f"/{vendor.name}",
        "hosts": list(vendor.hosts),
        "errors": sorted(vendor.api.faults),
        "permissions": sorted(permissions_of(vendor)),
        "operations": [_operation(operation) for operation in vendor.api.router.operations],
        "inspections": [_operation(operation) for operation in vendor.api.inspections.operations],
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
