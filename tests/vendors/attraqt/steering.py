"""Steering of the server in tests: clock, settings and jobs of a client's sandbox."""

from typing import Any

import httpx
from sqlalchemy import bindparam, select, update

from mockalog.kernel.database.models import jobs
from mockalog.kernel.formats.json import dumps, loads
from tests.emulation import Emulation
from tests.queries import query_of


def freeze(emulation: Emulation, client: httpx.Client, now: str) -> None:
    """Stop the clock of the client's sandbox at an instant."""
    emulation.sandbox(client).clock.freeze(now)


def advance(emulation: Emulation, client: httpx.Client, seconds: float) -> None:
    """Advance the clock of the client's sandbox."""
    emulation.sandbox(client).clock.advance(seconds)


def settle(emulation: Emulation, client: httpx.Client) -> None:
    """Run all jobs of the client's sandbox."""
    emulation.sandbox(client).clock.settle()


def change_settings(emulation: Emulation, client: httpx.Client, **changes: Any) -> None:
    """Change Attraqt's settings in the client's sandbox, by their last names."""
    settings = {f"attraqt.{name}": value for name, value in changes.items()}
    emulation.sandbox(client).settings.update(settings)


def limit_rates(emulation: Emulation, client: httpx.Client, profile: str) -> None:
    """Choose the rate limits of the client's sandbox: `off`, `tiny` …"""
    emulation.sandbox(client).settings["rate_limits"] = profile


def delay_activation(emulation: Emulation, client: httpx.Client, seconds: float) -> None:
    """Set the delay of activations in the client's sandbox."""
    change_settings(emulation, client, activation_delay=seconds)


_PENDING = query_of(
    select(jobs).where(jobs.c.sandbox_id == bindparam("sandbox"), jobs.c.state == "pending")
)
_CORRUPT = (
    update(jobs).where(jobs.c.id == bindparam("job")).values(payload=bindparam("new_payload"))
)


def corrupt_payload(
    emulation: Emulation, client: httpx.Client, kind: str, key: str, value: Any
) -> None:
    """Store a value in the payload of the pending jobs of a kind, so that they fail."""
    sandbox = sandbox_of(emulation, client)

    async def corrupt() -> None:
        async with emulation.runtime.database.transaction() as connection:
            for job in await connection.all(_PENDING, {"sandbox": sandbox}):
                if job.kind == kind:
                    payload = dumps({**loads(job.payload), key: value}).decode()
                    await connection.run(_CORRUPT, {"job": job.id, "new_payload": payload})

    emulation.run(corrupt)


def sandbox_of(emulation: Emulation, client: httpx.Client) -> int:
    """Return the id of a client's sandbox."""
    token = client.headers["Authorization"].removeprefix("Bearer ")

    async def authenticate() -> int:
        principal = await emulation.runtime.authenticator.authenticate("attraqt", token, None)
        return principal.sandbox.id

    found: int = emulation.run(authenticate)
    return found
