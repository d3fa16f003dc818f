"""The keys of a configuration that each connector's check reads, and its failures.

The data file has one record per connector, read from the client that its `client` names. The
clients belong to Multiwoven/multiwoven, in `integrations/lib/multiwoven/integrations/`.

Source: docs/vendors/squared.md#73-check-a-connection (amendment squared A2). Texts of libraries and
of remote systems are inferred.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

import orjson

from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats.json import loads
from mockalog.vendors.squared.errors import undefined_method

# Ruby 3.2's texts of `configuration[:config][:timeout]` without a hash in `config`.
_NO_CONTAINER = undefined_method("[]", "nil")
_OTHER_CONTAINER = "no implicit conversion of Symbol into Integer"

# Ruby's names of JSON values in its texts; those of true and false are the values.
_CLASSES = {type(None): "nil", int: "Integer", float: "Float", list: "Array", dict: "Hash"}

_PLACEHOLDER = re.compile(r"\{([\w.]+)\}")


class Read(NamedTuple):
    """One key that a check reads, with dots between the names of nested keys."""

    key: str
    # value: any value but null; container: an object; json: a JSON text.
    kind: Literal["value", "container", "json"] = "value"
    # The failure without the key; `{host}` stands for the configuration's value of `host`.
    missing: str = _NO_CONTAINER
    # The failure with a container of another type.
    wrong: str = _OTHER_CONTAINER
    # The only values that the client accepts; () accepts all.
    values: Sequence[str] = ()
    # The client reads the key only if other keys have these values.
    when: Mapping[str, str] = {}
    # The client accepts a configuration without the key.
    optional: bool = False


class ConnectionCheck(NamedTuple):
    """The check of one connector: the keys that it hands to the remote system, in order.

    `escapes`: the client lets an exception out if a container is missing.
    """

    client: str
    escapes: bool
    reads: Sequence[Read]


class Failure(NamedTuple):
    """The text of a failure; `escaped`: it is an exception, which the server answers."""

    text: str
    escaped: bool


# Cached, because the data file never changes; read at its first use, as the registry is.
@cache
def load_connection_checks() -> dict[tuple[str, str], ConnectionCheck]:
    """Return the checks of the package's data file by type and name of their connectors."""
    file = files("mockalog.vendors.squared").joinpath("connection_checks.json")
    return {
        (record["type"], record["name"]): ConnectionCheck(
            record["client"], record["escapes"], [Read(**read) for read in record["reads"]]
        )
        for record in orjson.loads(file.read_bytes())
    }


def configuration_failure(check: ConnectionCheck, spec: Mapping[str, object]) -> Failure | None:
    """Return the failure of the first key that a client cannot use, None without one."""
    for read in check.reads:
        if all(_value(spec, key) == value for key, value in read.when.items()):
            text = _problem(read, _value(spec, read.key))
            if text is not None:
                escaped = check.escapes and read.kind == "container"
                return Failure(_filled(text, spec), escaped)
    return None


def _problem(read: Read, value: object) -> str | None:
    """Return the failure of a value, None without one."""
    if value is None and read.optional:
        return None
    if read.kind == "json":
        return _json_problem(value)
    if value is None or (read.values and value not in read.values):
        return read.missing
    return read.wrong if read.kind == "container" and not isinstance(value, dict) else None


def _json_problem(value: object) -> str | None:
    """Return the failure of Ruby's `JSON.parse`, None for a JSON text."""
    if not isinstance(value, str):
        name = str(value).lower() if isinstance(value, bool) else _CLASSES[type(value)]
        return f"no implicit conversion of {name} into String"
    try:
        loads(value)
    except MalformedBodyError:
        return f"unexpected token at '{value}'"
    return None


def _value(spec: Mapping[str, object], key: str) -> object:
    """Return the value of a nested key, None without one."""
    value: object = spec
    for name in key.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _filled(text: str, spec: Mapping[str, object]) -> str:
    """Return a text with the values of its placeholders, if they are texts or numbers."""
    return _PLACEHOLDER.sub(lambda match: scalar_text(_value(spec, match[1])), text)


def scalar_text(value: object) -> str:
    """Return a text or a number as text, "" for any other value, which may be deeply nested."""
    return str(value) if isinstance(value, str | int | float) else ""
