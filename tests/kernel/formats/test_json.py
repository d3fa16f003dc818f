"""JSON: strict parsing, compact output, and no rounded numbers."""

import json
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats.json import MAX_DEPTH, PIECE, Pieces, dumps, loads

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3)
)


@given(VALUES)
def test_reading_returns_the_written_value(value: Any) -> None:
    """Unicode, nesting and integers of any size are kept."""
    assert loads(dumps(value)) == value


@given(st.integers(min_value=2**63))
def test_integers_beyond_64_bits_are_not_rounded(number: int) -> None:
    """A float has fewer digits."""
    assert loads(b'{"n":%d}' % number) == {"n": number}
    assert dumps({"n": [number]}) == b'{"n":[%d]}' % number


@pytest.mark.parametrize(
    "number",
    [
        b"0.12345678901234567890",
        b"12345678901234567.5",
        b"1E-400",
        b"9007199254740993E+0",
        b"900719925474099.3E+1",
    ],
)
def test_decimals_are_not_rounded(number: bytes) -> None:
    """A number that no float equals is a `Decimal`, and is written with all its digits."""
    assert loads(b"[%b]" % number) == [Decimal(number.decode())]
    assert loads(dumps(loads(b"[%b]" % number))) == [Decimal(number.decode())]


def test_a_value_may_have_a_fragment_and_an_integer_beyond_64_bits() -> None:
    """Both are written unchanged."""
    value = {"a": (orjson.Fragment(b"[1]"), 2**70, Decimal("0.10")), "b": 2**64 - 1}

    assert dumps(value) == b'{"a":[[1],%d,0.10],"b":%d}' % (2**70, 2**64 - 1)


def test_a_type_that_json_does_not_have_is_a_type_error() -> None:
    """It is an error of the code, so it must appear in the log."""
    with pytest.raises(TypeError):
        dumps({"a": object()})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nul",
        b"NaN",
        b"[1,]",
        b"{'a':1}",
        b'"\\ud800"',
        b"\xff\xfe",
        b"1 2",
        b"1e400",
        b"1e-99999999999999999999",
    ],
)
def test_text_that_is_not_strict_json_is_malformed(body: bytes) -> None:
    """The vendors' own parsers refuse it too."""
    with pytest.raises(MalformedBodyError):
        loads(body)


def test_nesting_ends_at_the_limit() -> None:
    """One more level is malformed, of arrays and of objects."""
    assert loads(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    with pytest.raises(MalformedBodyError, match="levels"):
        loads(b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1))


def test_a_wide_body_is_not_deep() -> None:
    """Many brackets side by side are valid."""
    body = json.dumps([[]] * 500).encode()

    assert loads(body) == [[]] * 500


def test_output_is_compact_utf8() -> None:
    """It has no spaces and no unnecessary escapes."""
    assert dumps({"a": [1, "é"], "b": None}) == '{"a":[1,"é"],"b":null}'.encode()


def test_a_large_text_has_pieces_of_a_bounded_size() -> None:
    """To join them at once would delay other calls."""
    text, other = Pieces(b"["), Pieces()
    for _ in range(3):
        other.add(b"a" * PIECE)
    other.add(b"]")
    text.extend(other)
    text.extend(Pieces(b" "))

    pieces = text.listed()

    assert b"".join(pieces) == b"[" + b"a" * 3 * PIECE + b"] "
    assert [len(piece) for piece in pieces] == [1, PIECE, PIECE, PIECE, 2]
