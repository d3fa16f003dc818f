"""Control calls as a test makes them: settings, clock, faults, snapshots, states and resets."""

import json
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from tests.fuzz.mutations import Request
from tests.fuzz.operations import Operation
from tests.vendors.world import SEED

_INSTANTS = ("1970-01-01T00:00:00Z", "2025-03-01T09:00:00Z", "9999-12-31T23:59:59Z")

# The parts of a control call: method, path and JSON body.
# Any: JSON.
_Call = tuple[str, str, Any]


def begin(token: str) -> Request:
    """Return the call that fills a sandbox."""
    return _request("POST", "/seed", SEED, token)


# Any: the state documents of earlier exports.
def steer(random: Random, token: str, operation: Operation, states: Sequence[Any]) -> Request:
    """Return a control call of a sandbox; a fault is armed for the operation."""
    made = random.choice((_settings, _settings, _settings, _clock, _advance, _advance, _plain))
    calls: tuple[Callable[[], _Call], ...] = (
        *[lambda: made(random)] * 4,
        lambda: _fault(random, operation),
        lambda: ("PUT", "/state", random.choice(states)) if states else ("GET", "/state", None),
    )
    return _request(*random.choice(calls)(), token)


def _request(method: str, path: str, body: object, token: str) -> Request:
    headers = (
        (b"authorization", f"Bearer {token}".encode()),
        (b"content-type", b"application/json"),
    )
    text = b"" if body is None else json.dumps(body).encode()
    return Request(method, f"/_mockalog{path}".encode(), b"", headers, text)


def _settings(random: Random) -> _Call:
    choose = random.choice
    wanted = {
        "rate_limits": choose(("off", "off", "off", "vendor", "tiny")),
        "squared.dialect": choose(("docs", "server")),
        "squared.sync_delay": choose((0, 0, 5)),
        "squared.email_verification": choose((False, False, True)),
        "braze.async_delay": choose((0, 0, 60)),
        "attraqt.activation_delay": choose((0, 0, 60)),
        "attraqt.ingestion_delay": choose((0, 0, 60)),
        "attraqt.fhr_fails": choose((False, False, True)),
    }
    return "PATCH", "/settings", wanted


def _clock(random: Random) -> _Call:
    frozen = {"mode": "frozen", "now": random.choice(_INSTANTS)}
    return "PUT", "/clock", random.choice(({"mode": "real"}, {"mode": "frozen"}, frozen))


def _advance(random: Random) -> _Call:
    return "POST", "/clock/advance", {"seconds": random.choice((0, 0.5, 60, 3_600, 86_400))}


def _plain(random: Random) -> _Call:
    """Return a call that needs no more than its path."""
    return random.choice(
        (
            ("POST", "/clock/settle", None),
            ("DELETE", "/faults", None),
            ("GET", "/state", None),
            ("PUT", "/snapshots/a", None),
            ("POST", "/snapshots/a/restore", None),
            ("DELETE", "/snapshots/a", None),
            ("POST", "/reset", {"to": random.choice(("baseline", "empty", "snapshot:a"))}),
        )
    )


def _fault(random: Random, operation: Operation) -> _Call:
    fault = {"vendor": operation.api, "operation": operation.name, "times": 1}
    # Any: JSON.
    shapes: tuple[dict[str, Any], ...] = ({}, {"phase": "after"}, {"phase": "job"}, {"drop": True})
    return "POST", "/faults", {**fault, **random.choice(shapes)}
