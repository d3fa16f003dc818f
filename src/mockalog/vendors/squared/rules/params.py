"""Parameters of a body: nulls dropped, wrapper added, brackets unfolded.

Source: docs/vendors/squared.md#22-request-bodies.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from mockalog.kernel.errors import MalformedBodyError

# Rack's limit of brackets in a name.
MAX_LEVELS = 32

_NAME = re.compile(r"([^\[]+)((?:\[[^\[\]]*\])+)")
_BRACKET = re.compile(r"\[([^\[\]]*)\]")


def from_json(value: object) -> dict[str, object]:
    """Return the parameters of a JSON body; only an object has any."""
    return _compact(value) if isinstance(value, dict) else {}


def _compact(value: Any) -> Any:
    """Drop null elements of arrays at any depth and keep null values of keys."""
    if isinstance(value, dict):
        return {key: _compact(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_compact(inner) for inner in value if inner is not None]
    return value


def add_wrapper(body: dict[str, object], wrapper: str, columns: Sequence[str]) -> dict[str, object]:
    """Add a missing wrapper with the parameters that are columns of its table."""
    if not wrapper or wrapper in body:
        return body
    return {**body, wrapper: {key: body[key] for key in columns if key in body}}


def from_pairs(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Unfold names such as `connector[name]`; raises `MalformedBodyError` as Rack does."""
    body: dict[str, Any] = {}
    for name, value in pairs:
        _put(body, _keys(name), value)
    return body


def _keys(name: str) -> list[str]:
    match = _NAME.fullmatch(name)
    if match is None:
        return [name]
    keys = _BRACKET.findall(match[2])
    if len(keys) > MAX_LEVELS:
        raise MalformedBodyError("too many brackets")
    return [match[1], *keys]


def _put(node: dict[str, Any], keys: list[str], value: str) -> None:
    key, *rest = keys
    if not rest:
        node[key] = value
    elif rest[0]:
        _put(_child(node, key, {}), rest, value)
    else:
        _append(_child(node, key, []), rest[1:], value)


def _append(items: list[Any], rest: list[str], value: str) -> None:
    """Add an element; `a[][b]` goes into the last object, or a new one if that has the key."""
    if not rest:
        items.append(value)
        return
    if not items or not isinstance(items[-1], dict) or rest[0] in items[-1]:
        items.append({})
    _put(items[-1], rest, value)


def _child(node: dict[str, Any], key: str, new: Any) -> Any:
    child = node.setdefault(key, new)
    if type(child) is not type(new):
        raise MalformedBodyError(f"{key} is used in two ways")
    return child
