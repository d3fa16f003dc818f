"""The routers of the control plane's own calls, combined into one."""

from mockalog.control.calls.route import ControlRouter
from mockalog.control.routes import (
    clock,
    credentials,
    documents,
    faults,
    jobs,
    journal,
    sandboxes,
    server,
    servers,
    settings,
    snapshots,
    state,
)

router = ControlRouter.of(
    server.probes,
    server.router,
    credentials.router,
    settings.router,
    clock.router,
    jobs.router,
    faults.router,
    journal.router,
    snapshots.router,
    state.router,
    sandboxes.router,
    servers.router,
    documents.router,
)
