"""The control plane as an app: the router, its errors, its one header."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from fastapi import FastAPI

from mockalog.control import clock, credentials, problems, requests, server
from mockalog.control.dependencies import GUARDED
from mockalog.kernel.journal import RESERVED
from mockalog.kernel.runtime import Runtime

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_control(runtime: Runtime, lifespan: Lifespan) -> FastAPI:
    """Return the control plane; its lifespan is the whole app's."""
    app = FastAPI(openapi_url=None, lifespan=lifespan)
    app.state.runtime = runtime
    problems.install(app)
    app.include_router(server.open_router, prefix=RESERVED)
    for router in (server.router, credentials.router, clock.router, requests.router):
        app.include_router(router, prefix=RESERVED, dependencies=[GUARDED])
    return app
