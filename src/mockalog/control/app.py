"""The control plane as an app: the router, its errors, its one header."""

from fastapi import FastAPI

from mockalog.control import (
    clock,
    credentials,
    faults,
    inspections,
    problems,
    requests,
    server,
    snapshots,
    state,
)
from mockalog.kernel.journal import RESERVED
from mockalog.kernel.runtime import Runtime


def create_control(runtime: Runtime) -> FastAPI:
    """Return the control plane."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.state.runtime = runtime
    problems.install(app)
    modules = (server, credentials, clock, faults, requests, snapshots, state)
    routers = [module.router for module in modules]
    for router in (*routers, *map(inspections.router_of, runtime.vendors.values())):
        app.include_router(router, prefix=RESERVED)
    return app
