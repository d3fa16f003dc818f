"""Large JSON texts: they are read as `loads` reads small ones."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats import large_json
from mockalog.kernel.formats.json import MAX_DEPTH, loads
from mockalog.kernel.formats.large_json import FREED, dismantle, loads_large

_SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.floats(-1, 1)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=4), inner, max_size=6)
    ),
    max_leaves=60,
)


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text of some characters is large."""
    monkeypatch.setattr(large_json, "PIECE", 16)


def outcome(read: Any, text: bytes) -> tuple[bool, Any]:
    """Return whether a text is JSON, and its value."""
    try:
        return True, read(text)
    except MalformedBodyError:
        return False, None


@given(value=_VALUES, indent=st.sampled_from([None, 1]), is_ascii=st.booleans())
def test_a_text_in_pieces_has_the_value_of_the_whole(
    value: Any, indent: int | None, is_ascii: bool
) -> None:
    """Whatever is nested in it, and whatever blanks it has."""
    text = json.dumps(value, indent=indent, ensure_ascii=is_ascii).encode()

    assert outcome(loads_large, text) == outcome(loads, text)


@given(value=_VALUES, at=st.integers(0, 200), put=st.sampled_from(b'[]{},:"x 1\\'))
def test_a_broken_text_is_refused_as_the_whole_is(value: Any, at: int, put: int) -> None:
    """A changed character makes it invalid, or another value."""
    text = bytearray(json.dumps(value).encode())
    text[at % len(text)] = put

    assert repr(outcome(loads_large, bytes(text))) == repr(outcome(loads, bytes(text)))


@pytest.mark.parametrize(
    "text",
    [
        b"[[1, 2, 3], [4, 5, 6], [7, 8, 9],]",
        b"[[1, 2, 3], [4, 5, 6] [7, 8, 9]]",
        b'{"a": [1, 2, 3, 4], "b": [5, 6, 7, 8]} [9]',
        b"x[[1, 2, 3], [4, 5, 6], [7, 8, 9]]",
        b"[[1, 2, 3], [4, 5, 6}, [7, 8, 9]]",
        b"]" * 20,
        b"[[1, 2, 3], [4, 5, 6], [7, 8",
        b"[" * (MAX_DEPTH + 1) + b"1" + b"]" * (MAX_DEPTH + 1),
        b'{"a": [1, 2, 3, 4], "b": [NaN, 2, 3]}',
    ],
)
def test_an_invalid_text_is_refused(text: bytes) -> None:
    """The error names the piece."""
    with pytest.raises(MalformedBodyError):
        loads_large(text)


def test_a_long_value_is_emptied_step_by_step() -> None:
    """Lists and objects at any level, also in the attributes of objects."""

    class Model:
        def __init__(self) -> None:
            self.rows = [[n] for n in range(2 * FREED + 1)]

    model = Model()
    found = {"short": [1], "long": {str(n): n for n in range(FREED + 1)}, "model": model}

    dismantle(found)

    assert (found["short"], found["long"], model.rows) == ([1], {}, [])


def test_a_value_is_emptied_to_a_depth() -> None:
    """A value that contains itself has no end."""
    rows: list[Any] = [0] * (FREED + 1)
    looped: list[Any] = [rows]
    looped.append(looped)

    dismantle(looped)

    assert rows == []


def test_a_tuple_cannot_be_emptied() -> None:
    """It is freed at once, however long it is."""
    long = tuple(range(FREED + 1))

    dismantle([long])

    assert len(long) == FREED + 1
