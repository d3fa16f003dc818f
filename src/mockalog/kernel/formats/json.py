"""JSON as sent and received: strict, compact, and without rounded numbers."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson
from orjson import Fragment

from mockalog.kernel.errors import MalformedBodyError

# The deepest nesting of a request. It is deeper than the vendors' own limits, so these apply first.
MAX_DEPTH = 200

# The deepest nesting that orjson writes. Stored JSON is deeper than the request that it comes from.
STORED_DEPTH = 254

# Maps each byte to its class in a number: a digit or point ("0"), "e", a sign ("+") or a blank.
_SHAPES = bytes(
    ord("0") if c in b"0123456789." else ord("e") if c in b"eE" else ord("+") if c in b"+-" else 32
    for c in range(256)
)
# Sixteen digits with a point, or sixteen before an exponent. A double keeps fifteen digits.
_LONG = b"0" * 17
_LONG_E = b"0" * 16 + b"e"
_LARGEST = 2**64 - 1
_SMALLEST = -(2**63)


def dumps(value: object) -> bytes:
    """Return the value as compact UTF-8 JSON, with keys in their order and no rounded number.

    An `orjson.Fragment` inserts stored JSON. Raises `TypeError` for a type that JSON does not have.
    """
    try:
        return orjson.dumps(value, _decimal)
    except orjson.JSONEncodeError:  # an integer beyond 64 bits
        return orjson.dumps(_with_long_integers(value), _decimal)


# The bytes of a piece at least, so that a large text has few pieces.
PIECE = 64 * 1024


class Pieces:
    """A large text in pieces. To join, to send or to free it at once would delay other calls."""

    def __init__(self, text: bytes = b"") -> None:
        self._pieces: list[bytes] = []
        self._last = bytearray(text)

    def add(self, text: bytes | bytearray) -> None:
        """Append a text."""
        self._last += text
        if len(self._last) >= PIECE:
            self._pieces.append(bytes(self._last))
            self._last.clear()

    def extend(self, other: "Pieces") -> None:
        """Append another text; its large pieces are not copied."""
        if other._pieces:
            self._pieces += [bytes(self._last), *other._pieces]
            self._last.clear()
        self.add(other._last)

    def listed(self) -> list[bytes]:
        """Return the pieces; the last one may be empty."""
        return [*self._pieces, bytes(self._last)]


def _decimal(value: object) -> Fragment:
    if not isinstance(value, Decimal):
        raise TypeError(f"a {type(value).__name__} cannot be written as JSON")
    return Fragment(str(value))


def _with_long_integers(value: object) -> object:
    """Return the value with its integers beyond 64 bits as fragments of JSON."""
    if isinstance(value, dict):
        return {key: _with_long_integers(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [_with_long_integers(child) for child in value]
    if isinstance(value, int) and not _SMALLEST <= value <= _LARGEST:
        return Fragment(str(value))
    return value


# Any: JSON has no type until a rule has checked it.
def loads(body: bytes | str, depth: int = MAX_DEPTH) -> Any:
    """Return the value of a JSON text. A number that a float would round is a `Decimal`.

    Raises `MalformedBodyError` for text that is not strict UTF-8 JSON. It refuses NaN, lone
    surrogates, numbers beyond a double's range and nesting beyond `depth`, as the vendors' parsers
    do (inferred).
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedBodyError(str(error)) from None
    if isinstance(body, str):
        body = body.encode()
    if body.count(b"[") + body.count(b"{") > depth and _depth(value) > depth:
        raise MalformedBodyError(f"it is nested in more than {depth} levels")
    return json.loads(body, parse_float=_number) if _is_inexact(body) else value


# Any: JSON has no type until its column's type has checked it.
def loads_stored(stored: str) -> Any:
    """Return the value of stored JSON, which may be nested deeper than a request."""
    return loads(stored, STORED_DEPTH)


def _is_inexact(body: bytes) -> bool:
    """Return whether a double may round a number because of its digits or its exponent.

    `bytes.translate` and a search for fixed bytes take a tenth of a regular expression's time.
    """
    shapes = body.translate(_SHAPES)
    return _LONG in shapes or _LONG_E in shapes or b"0e000" in shapes or b"0e+000" in shapes


def _number(text: str) -> float | Decimal:
    """Return a float if it is exactly the number, otherwise a `Decimal`.

    Raises `MalformedBodyError` for an exponent beyond a `Decimal`'s range.
    """
    try:
        rounded, exact = float(text), Decimal(text)
    except InvalidOperation:
        raise MalformedBodyError("a number is out of range") from None
    return rounded if Decimal(repr(rounded)) == exact else exact


def _depth(value: Any) -> int:
    """Return the number of nested levels, counted breadth first to avoid recursion."""
    depth, level = 0, [value]
    while level := [item for item in level if isinstance(item, dict | list)]:
        depth += 1
        level = [
            child for item in level for child in (item.values() if isinstance(item, dict) else item)
        ]
    return depth
