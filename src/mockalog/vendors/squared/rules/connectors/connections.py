"""Connection checks, which use no network.

Sources: docs/vendors/squared.md#73-check-a-connection; docs/vendors/squared.md#1-contradictions,
row 13.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from mockalog.vendors.squared.errors import BadRequestError
from mockalog.vendors.squared.rules.connectors.connection_checks import (
    configuration_failure,
    load_connection_checks,
)
from mockalog.vendors.squared.rules.connectors.connectors import TYPES
from mockalog.vendors.squared.rules.connectors.registry import Definition, Registry
from mockalog.vendors.squared.rules.validation import (
    Errors,
    Key,
    Values,
    require_no_errors,
    validate,
)

_ATTEMPT = {"type": Key("string"), "name": Key("string"), "connection_spec": Key("hash")}

# The keys of a configuration that hold the address of a remote system.
_ADDRESS = re.compile(r"(?:.*_)?(?:host|url|endpoint)")

# RFC 2606: names with this suffix never resolve. Every other host counts as reachable.
UNREACHABLE = ".invalid"


class Attempt(NamedTuple):
    """A connection to check."""

    definition: Definition
    spec: Mapping[str, object]


def attempt(body: Mapping[str, object], registry: Registry) -> Attempt:
    """Return the connection to check; raises `ContractError`."""
    values, errors = validate(body, _ATTEMPT)
    require_no_errors({**errors, **_kind_errors(values, errors, registry)})
    definition = registry.find(values["type"].lower(), values["name"])
    assert definition is not None  # the name was validated above
    return Attempt(definition, values["connection_spec"])


def _kind_errors(values: Values, errors: Errors, registry: Registry) -> Errors:
    """Check the type, then the case-sensitive name, each only if its own type is right."""
    if "type" in errors:
        return {}
    kind = values["type"].lower()
    if kind not in TYPES:
        return {"type": ["invalid connector type"]}
    if "name" in errors or registry.find(kind, values["name"]) is not None:
        return {}
    return {"name": [f"invalid connector {kind} name"]}


def connection_failure(attempt: Attempt) -> str | None:
    """Return the error text of a connection, None if it succeeds.

    The spec is not validated by its JSON Schema. The client fails on a key that its check reads and
    the spec lacks; an exception that escapes it is a `BadRequestError` (amendment squared A2).
    """
    record = attempt.definition.record
    check = load_connection_checks()[record["type"], record["name"]]
    failure = configuration_failure(check, attempt.spec)
    if failure is None:
        return host_failure(attempt.spec)
    if failure.escaped:
        raise BadRequestError(failure.text)
    return failure.text


def host_failure(spec: Mapping[str, object]) -> str | None:
    """Return the error text of an unreachable host in a spec, None without one."""
    for key, address in _addresses(spec):
        if (host := _host(address)).endswith(UNREACHABLE):
            return _unresolved(key, host)
    return None


def _addresses(spec: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key, value in spec.items():
        if isinstance(value, dict):
            yield from _addresses(value)
        elif isinstance(value, str) and _ADDRESS.fullmatch(key):
            yield key, value


def _host(address: str) -> str:
    """Return the host of a URL or of a bare address, "" without one."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname
    except ValueError:  # brackets without an IPv6 address in them
        return ""
    return (host or "").rstrip(".")


def _unresolved(key: str, host: str) -> str:
    """Return the error text of libpq, or of Ruby's HTTP client for a URL (inferred)."""
    if key.endswith("host"):
        return f'could not translate host name "{host}" to address: Name or service not known\n'
    return f"Failed to open TCP connection to {host} (getaddrinfo: Name or service not known)"


def connection_status(failure: str | None, dialect: str) -> dict[str, object]:
    """Return the response of a connection check; in the docs dialect with both kinds of keys.

    Source: docs/vendors/squared.md#1-contradictions, row 13.
    """
    if failure is None:
        status: dict[str, object] = {"status": "succeeded"}
        documented: dict[str, object] = {"result": "success", "details": "Connection succeeded"}
    else:
        status = {"status": "failed", "message": failure}
        documented = {"result": "failure", "details": failure}
    shown: dict[str, object] = {"type": "connection_status", "connection_status": status}
    return {**documented, **shown} if dialect == "docs" else shown
