"""The routers of the control plane's own calls, in one."""

from mockalog.control import (
    clock,
    credentials,
    faults,
    journal,
    pages,
    server,
    settings,
    snapshots,
    state,
)
from mockalog.control.route import ControlRouter

router = ControlRouter.of(
    server.probes,
    server.router,
    credentials.router,
    settings.router,
    clock.router,
    faults.router,
    journal.router,
    snapshots.router,
    state.router,
    pages.router,
)
