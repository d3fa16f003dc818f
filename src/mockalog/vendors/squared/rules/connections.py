"""Trying a connection, without a network.

Sources: docs/vendors/squared.md#73-check-a-connection; docs/vendors/squared.md#1-contradictions,
row 13.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from mockalog.vendors.squared.errors import BadRequest
from mockalog.vendors.squared.rules.connectors import TYPES
from mockalog.vendors.squared.rules.registry import Definition, Registry
from mockalog.vendors.squared.rules.validation import Errors, Key, checked, require

_ATTEMPT = {"type": Key("string"), "name": Key("string"), "connection_spec": Key("hash")}

# The keys of a configuration under which a connector finds the machine that it calls.
_ADDRESS = re.compile(r"(?:.*_)?(?:host|url|endpoint)")

# RFC 2606: such a name never resolves. Every other machine is taken to be there.
UNREACHABLE = ".invalid"


class Attempt(NamedTuple):
    """A connection to try."""

    definition: Definition
    spec: Mapping[str, Any]


def attempt(body: Mapping[str, Any], registry: Registry) -> Attempt:
    """Return what to connect with; raises `Invalid`."""
    values, errors = checked(body, _ATTEMPT)
    require({**errors, **_kind_errors(values, errors, registry)})
    definition = registry.find(values["type"].lower(), values["name"])
    assert definition is not None  # or the name was refused
    return Attempt(definition, values["connection_spec"])


def _kind_errors(values: Mapping[str, Any], errors: Errors, registry: Registry) -> Errors:
    """Check the type, then the name, which is case-sensitive: each only if it is sound."""
    if "type" in errors:
        return {}
    kind = values["type"].lower()
    if kind not in TYPES:
        return {"type": ["invalid connector type"]}
    if "name" in errors or registry.find(kind, values["name"]) is not None:
        return {}
    return {"name": [f"invalid connector {kind} name"]}


def failure_of(wanted: Attempt) -> str | None:
    """Return why the connection fails, None if it does not.

    The spec is not held against the JSON Schema, but a connector that misses a part of it fails
    in its own code. Raises `BadRequest` then (wording inferred).
    """
    if any(wanted.spec.get(name) is None for name in _needed(wanted.definition)):
        raise BadRequest("undefined method '[]' for nil")
    return unresolved(wanted.spec)


def unresolved(spec: Mapping[str, Any]) -> str | None:
    """Return why the machine that a spec names cannot be reached, None if it can."""
    for key, address in _addresses(spec):
        if (host := _host(address)).endswith(UNREACHABLE):
            return _unresolved(key, host)
    return None


def _needed(definition: Definition) -> Iterator[str]:
    """Yield the parts of a spec that a connector reads without looking whether they are there."""
    yield from definition.record["required"]
    for name, described in definition.record["properties"].items():
        if "required" in described:
            yield name


def _addresses(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in spec.items():
        if isinstance(value, dict):
            yield from _addresses(value)
        elif isinstance(value, str) and _ADDRESS.fullmatch(key):
            yield key, value


def _host(address: str) -> str:
    """Return the host of a URL or of a bare address, "" if there is none in it."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname
    except ValueError:  # brackets without an IPv6 address in them
        return ""
    return (host or "").rstrip(".")


def _unresolved(key: str, host: str) -> str:
    """Return the words of libpq for a database and of Ruby's HTTP client for a URL (inferred)."""
    if key.endswith("host"):
        return f'could not translate host name "{host}" to address: Name or service not known\n'
    return f"Failed to open TCP connection to {host} (getaddrinfo: Name or service not known)"


def outcome(failure: str | None, dialect: str) -> dict[str, Any]:
    """Return the result of a try.

    Source: docs/vendors/squared.md#1-contradictions, row 13, where docs get both kinds of keys
    together.
    """
    if failure is None:
        status: dict[str, Any] = {"status": "succeeded"}
        documented = {"result": "success", "details": "Connection succeeded"}
    else:
        status = {"status": "failed", "message": failure}
        documented = {"result": "failure", "details": failure}
    shown = {"type": "connection_status", "connection_status": status}
    return {**documented, **shown} if dialect == "docs" else shown
