"""Large JSON texts: read in pieces, and freed in pieces.

A parser written in C keeps Python's lock until it returns, so a text of 200 MB would stop every
other thread for seconds. The same is true of freeing its value. Call these functions in a thread.
"""

import re
from typing import Any

from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats.json import MAX_DEPTH, loads

# The bytes of a piece that is parsed at once.
PIECE = 256 * 1024

# Elements that are freed at once, and the levels below which no list is long.
FREED = 1000
LEVELS = 12

# The text up to the next bracket, without the brackets in its strings.
_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"(?:[^"\\]++|\\.)*+")*+([\[\]{}])', re.DOTALL)
_CLOSING = {b"[": b"]", b"{": b"}"}
_BLANK = b" \t\r\n"


class _Container:
    """An array or an object that is open: its text from `start` on is not parsed yet."""

    __slots__ = ("begin", "opening", "start", "value")

    def __init__(self, opening: bytes, begin: int) -> None:
        self.opening = opening
        self.begin = begin
        self.start = begin + 1
        # Its elements so far, None if no piece was parsed.
        self.value: Any = None

    def take(self, text: bytes) -> None:
        """Parse a piece of its elements; each piece after the first begins with a comma."""
        piece = text.strip(_BLANK)
        if self.value is None:
            self.value = loads(self.opening + piece + _CLOSING[self.opening])
            return
        if piece[:1] != b"," or not piece[1:].strip(_BLANK):
            raise MalformedBodyError("a comma is missing, or follows the last element")
        found = loads(self.opening + piece[1:] + _CLOSING[self.opening])
        if self.opening == b"[":
            self.value += found
        else:
            self.value.update(found)

    def put(self, value: object) -> None:
        """Set the last element, of which the text has null, to its value."""
        last = -1 if self.opening == b"[" else next(reversed(self.value))
        self.value[last] = value


# Any: JSON has no type until a rule has checked it.
def loads_large(body: bytes) -> Any:
    """Return the value of a JSON text, as `loads` does. Raises `MalformedBodyError`."""
    if len(body) <= PIECE:
        return loads(body)
    opened: list[_Container] = []
    at = 0
    try:
        while match := _TO_BRACKET.match(body, at):
            at = match.end()
            if (bracket := match[1]) in _CLOSING:
                opened.append(_Container(bracket, at - 1))
                if len(opened) > MAX_DEPTH:
                    raise MalformedBodyError(f"it is nested in more than {MAX_DEPTH} levels")
            elif not opened or _CLOSING[opened[-1].opening] != bracket:
                raise MalformedBodyError(f"unexpected {bracket.decode()} at byte {at - 1}")
            elif len(opened) == 1:
                return _whole(opened[0], body, at)
            else:
                _close(opened.pop(), opened[-1], body, at)
    except MalformedBodyError as error:
        for container in opened:
            dismantle(container.value)
        raise MalformedBodyError(f"{error} (in the piece that ends at byte {at})") from None
    return loads(body)  # a scalar, or a text that does not end


def _close(inner: _Container, outer: _Container, body: bytes, end: int) -> None:
    """Parse a container that has ended, or leave it to the piece of the one around it."""
    if inner.value is not None:
        if body[inner.start : end - 1].strip(_BLANK):
            inner.take(body[inner.start : end - 1])
        outer.take(body[outer.start : inner.begin] + b"null")
        outer.put(inner.value)
        outer.start = end
    elif end - outer.start > PIECE:
        outer.take(body[outer.start : end])
        outer.start = end


def _whole(root: _Container, body: bytes, end: int) -> Any:
    """Return the value of the text, whose outermost container ends there."""
    if root.value is None or body[root.start : end - 1].strip(_BLANK):
        root.take(body[root.start : end - 1])
    if body[: root.begin].strip(_BLANK) or body[end:].strip(_BLANK):
        raise MalformedBodyError("the text does not end with its value")
    return root.value


# Any: any value may be freed.
def dismantle(value: Any, levels: int = LEVELS) -> None:
    """Empty the long lists and objects of a value step by step, so that they are freed so.

    The value may be JSON, or an object with attributes such as a Pydantic model.
    """
    if not isinstance(value, dict | list | tuple):
        value = list(getattr(value, "__dict__", {}).values())
    if not levels:
        return
    if len(value) <= FREED:
        for child in value.values() if isinstance(value, dict) else value:
            dismantle(child, levels - 1)
    elif isinstance(value, list):
        while value:
            del value[-FREED:]
    elif isinstance(value, dict):
        while value:
            value.popitem()
