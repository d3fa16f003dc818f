"""The types of JSON columns: values that become columns must fit there."""

from typing import Annotated, Any

import pytest

from mockalog.kernel.clock import EARLIEST, LATEST
from mockalog.kernel.formats.json_columns import (
    IN_ARRAY,
    Instant,
    Int64,
    one_of,
    text_of,
    valid_as,
    validation_error,
)

PAIR = Annotated[tuple[str, int], IN_ARRAY]


@pytest.mark.parametrize(
    ("json_type", "valid", "invalid"),
    [
        (Int64, [0, -(2**63), 2**63 - 1], [2**63, -(2**63) - 1, True, 1.0, "1"]),
        (Instant, [EARLIEST, LATEST], [EARLIEST - 1, LATEST + 1]),
        (Annotated[str, text_of(3)], ["", "é€𝄞"], ["four", "a\0", 1, None]),
        (Annotated[str, one_of(("a", "b"))], ["a"], ["c", 1]),
        (PAIR, [["a", 1]], [["a"], ["a", "1"], "a1", {"a": 1}]),
        (Annotated[object, valid_as(Int64)], [1], ["1", 2**63]),
    ],
)
def test_a_type_accepts_and_refuses(json_type: Any, valid: list[Any], invalid: list[Any]) -> None:
    """A refusal has a reason."""
    assert [validation_error(json_type, value) for value in valid] == [""] * len(valid)
    assert all(validation_error(json_type, value) for value in invalid)
