"""JSON in and out: strict where parsers are strict, and nothing rounded."""

import json
from decimal import Decimal
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats.json import MAX_DEPTH, dumps, loads
from mockalog.kernel.http.responses import weak_etag

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
def test_what_was_written_is_read_again(value: Any) -> None:
    """Unicode, nesting and integers of any size survive."""
    assert loads(dumps(value)) == value


@given(st.integers(min_value=2**63))
def test_integers_beyond_64_bits_are_not_rounded(number: int) -> None:
    """A float would lose digits."""
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
    """What a float cannot hold is a `Decimal`, and every digit comes out again."""
    assert loads(b"[%b]" % number) == [Decimal(number.decode())]
    assert loads(dumps(loads(b"[%b]" % number))) == [Decimal(number.decode())]


def test_a_spliced_document_stands_beside_an_integer_beyond_64_bits() -> None:
    """Neither spoils the other."""
    value = {"a": (orjson.Fragment(b"[1]"), 2**70, Decimal("0.10")), "b": 2**64 - 1}

    assert dumps(value) == b'{"a":[[1],%d,0.10],"b":%d}' % (2**70, 2**64 - 1)


def test_what_is_no_json_is_our_own_fault() -> None:
    """A type error, so that it is logged and not guessed at."""
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
def test_what_is_not_strict_json_is_malformed(body: bytes) -> None:
    """There is no leniency that the vendors' own parsers lack."""
    with pytest.raises(MalformedBodyError):
        loads(body)


def test_nesting_ends_at_the_limit() -> None:
    """One level more is malformed, whatever it is made of."""
    assert loads(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)
    with pytest.raises(MalformedBodyError, match="levels"):
        loads(b'{"a":' * (MAX_DEPTH + 1) + b"1" + b"}" * (MAX_DEPTH + 1))


def test_a_wide_body_is_not_deep() -> None:
    """Many brackets side by side are fine."""
    body = json.dumps([[]] * 500).encode()

    assert loads(body) == [[]] * 500


def test_output_is_compact_utf8() -> None:
    """No spaces, no escapes that are not needed."""
    assert dumps({"a": [1, "é"], "b": None}) == '{"a":[1,"é"],"b":null}'.encode()


def test_the_etag_is_the_recorded_one() -> None:
    """Verified against the vendor's cassettes."""
    assert weak_etag(b'{"message":"success"}') == b'W/"838a7c62adda8d131d694ae13ba2c5b7"'
