"""Values of each field type: the accepted, the stored and the refused ones.

Sources: docs/vendors/braze.md#41-values and docs/vendors/braze.md#46-array-operators.
"""

from decimal import Decimal
from typing import Any

import pytest

from mockalog.kernel.formats.json import dumps, loads
from mockalog.vendors.braze.errors import BrazeError
from mockalog.vendors.braze.json_columns import FIELD_TYPE_NAMES
from mockalog.vendors.braze.rules.array_edits import (
    ArrayEditError,
    edited_values,
    has_array_edits,
)
from mockalog.vendors.braze.rules.field_types import FIELD_TYPES, read_value
from mockalog.vendors.braze.rules.items import NewItem, read_items
from mockalog.vendors.braze.rules.values import InvalidValueError
from tests.vendors.braze.factories import make_schema, nested

COERCE = "unable-to-coerce-value"
LARGE = "items-too-large"
DEEP = "too-deep-nesting-in-value-object"
KEYS = "invalid-keys-in-value-object"


def read(kind: str, value: Any) -> Any:
    """Return a value as a field of a type stores it."""
    return read_value(FIELD_TYPES[kind], value)


# Type, the sent value, the stored value; the values as JSON.
ACCEPTED: list[tuple[str, str, str]] = [
    ("string", '""', '""'),
    ("string", '"Ünïcödé 🏪 \\u0000 \\"q\\""', '"Ünïcödé 🏪 \\u0000 \\"q\\""'),
    ("string", '" 5 "', '" 5 "'),
    ("string", "5", '"5"'),
    ("string", "-7.25", '"-7.25"'),
    ("string", "true", '"true"'),
    ("string", "false", '"false"'),
    ("string", "123456789012345678901234567890", '"123456789012345678901234567890"'),
    ("string", "0.12345678901234567890", '"0.12345678901234567890"'),
    ("number", "5", "5"),
    ("number", "-0.5", "-0.5"),
    ("number", "18446744073709551616", "18446744073709551616"),
    ("number", "9" * 308, "9" * 308),
    ("number", "-" + "9" * 308, "-" + "9" * 308),
    ("number", "3.14159265358979323846264338327950288", "3.14159265358979323846264338327950288"),
    ("number", "1.5e-400", "1.5E-400"),
    ("number", '"5"', "5"),
    ("number", '"-45.50"', "-45.5"),
    ("number", '"1e3"', "1000.0"),
    ("number", '"1E+3"', "1000.0"),
    ("number", '"123456789012345678901234567890"', "123456789012345678901234567890"),
    ("number", '"0.12345678901234567890123"', "0.12345678901234567890123"),
    ("boolean", "true", "true"),
    ("boolean", "false", "false"),
    ("boolean", '"true"', "true"),
    ("boolean", '"false"', "false"),
    ("time", '"2022-11-02T09:03:19.967Z"', '"2022-11-02T09:03:19.967Z"'),
    ("time", '"2022-11-02T09:03:19.967+00:00"', '"2022-11-02T09:03:19.967Z"'),
    ("time", '"2022-11-02T09:03:19+05:30"', '"2022-11-02T03:33:19.000Z"'),
    ("time", '"2022-11-02T09:03:19-0330"', '"2022-11-02T12:33:19.000Z"'),
    ("time", '"2022-11-02T23:03:19-01"', '"2022-11-03T00:03:19.000Z"'),
    ("time", '"2022-11-02T09:03:19.967-23:59"', '"2022-11-03T09:02:19.967Z"'),
    ("time", '"2022-11-02 09:03:19"', '"2022-11-02T09:03:19.000Z"'),
    ("time", '"2022-11-02T09:03Z"', '"2022-11-02T09:03:00.000Z"'),
    ("time", '"2022-11-02"', '"2022-11-02T00:00:00.000Z"'),
    ("time", '"2024-02-29"', '"2024-02-29T00:00:00.000Z"'),
    ("time", '"2022-11-02T09:03:19.9Z"', '"2022-11-02T09:03:19.900Z"'),
    ("time", '"2022-11-02T09:03:19.9679999Z"', '"2022-11-02T09:03:19.967Z"'),
    ("time", '"0001-01-01T00:00:00Z"', '"0001-01-01T00:00:00.000Z"'),
    ("time", '"9999-12-31T23:59:59.999999Z"', '"9999-12-31T23:59:59.999Z"'),
    ("time", "0", '"1970-01-01T00:00:00.000Z"'),
    ("time", "1667379799", '"2022-11-02T09:03:19.000Z"'),
    ("time", "1667379799.967", '"2022-11-02T09:03:19.967Z"'),
    ("time", "1667379799.96700000000000001", '"2022-11-02T09:03:19.967Z"'),
    ("time", "1667379799.9679999999999999999999999999999999999", '"2022-11-02T09:03:19.967Z"'),
    ("time", "-1.5", '"1969-12-31T23:59:58.500Z"'),
    ("time", "-62135596800", '"0001-01-01T00:00:00.000Z"'),
    ("time", "253402300799", '"9999-12-31T23:59:59.000Z"'),
    ("time", "253402300799.9999999", '"9999-12-31T23:59:59.999Z"'),
    ("object", "{}", "{}"),
    ("object", '{"b":1,"a":[true,null,{"":"x"}]}', '{"b":1,"a":[true,null,{"":"x"}]}'),
    (
        "object",
        '{"ключ\\u0000":12345678901234567890123}',
        '{"ключ\\u0000":12345678901234567890123}',
    ),
    ("object", '{"a":0.10000000000000000000001}', '{"a":0.10000000000000000000001}'),
    ("array", "[]", "[]"),
    ("array", '["b","a","b","","🏪\\u0000"]', '["b","a","b","","🏪\\u0000"]'),
    ("geo", "[180,90]", "[180,90]"),
    ("geo", "[-180,-90]", "[-180,-90]"),
    ("geo", "[-73.9857,40.7484]", "[-73.9857,40.7484]"),
    ("geo", "[0,40.748400000000000000001]", "[0,40.748400000000000000001]"),
]


@pytest.mark.parametrize(("kind", "sent", "stored"), ACCEPTED)
def test_an_accepted_value_is_stored_in_the_form_of_its_type(
    kind: str, sent: str, stored: str
) -> None:
    """Numbers keep every digit, and times become UTC with three decimals."""
    assert dumps(read(kind, loads(sent))).decode() == stored


@pytest.mark.parametrize("kind", FIELD_TYPE_NAMES)
def test_null_is_a_value_of_every_type(kind: str) -> None:
    """It clears the field."""
    assert read(kind, None) is None


# Type, error id, the sent value as JSON.
REFUSED: list[tuple[str, str, str]] = [
    *[("string", COERCE, sent) for sent in ("{}", "[]", '["a"]', '{"$add":["a"]}')],
    *[("number", COERCE, sent) for sent in ("true", "[]", "{}", "[5]", '"true"', '""', '"five"')],
    *[("number", COERCE, sent) for sent in ('"05"', '"+5"', '" 5"', '"5 "', '"5\\n"', '"5."')],
    *[("number", COERCE, sent) for sent in ('".5"', '"1_000"', '"1,5"', '"0x10"', '"٣"', '"-"')],
    *[
        ("number", COERCE, sent)
        for sent in ('"NaN"', '"Infinity"', '"1e400"', '"1e"', '"5\\u0000"')
    ],
    *[("boolean", COERCE, sent) for sent in ("0", "1", '"True"', '"yes"', '""', "[]", '["true"]')],
    *[("time", COERCE, sent) for sent in ("true", "[]", "{}", '""', '"now"', '"1667379799"')],
    *[("time", COERCE, f'"{text}"') for text in ("2022-02-31", "2023-02-29", "2022-13-01")],
    *[
        ("time", COERCE, f'"{text}"')
        for text in ("2022-11-2", "20221102", "2022-W44-3", "22-11-02")
    ],
    *[("time", COERCE, f'"{text}"') for text in ("2022-11-02T09", "2022-11-02T25:00:00Z")],
    *[("time", COERCE, f'"{text}"') for text in ("2022-11-02T09:60:00Z", "2022-11-02T23:59:60Z")],
    *[("time", COERCE, f'"{text}"') for text in ("2022-11-02T09:03:19+24:00", "２０２２-11-02")],
    *[
        ("time", COERCE, f'"{text}"')
        for text in ("2022-11-02T09:03:19Z ", "2022-11-02T09:03:19Z\\n")
    ],
    ("time", COERCE, '"0000-01-01T00:00:00Z"'),
    ("time", COERCE, '"0001-01-01T00:00:00+00:01"'),
    ("time", COERCE, '"9999-12-31T23:59:59-00:01"'),
    *[("time", COERCE, sent) for sent in ("-62135596801", "253402300800", "1e300", "9" * 300)],
    ("time", COERCE, "-62135596800.5"),
    *[("object", COERCE, sent) for sent in ("5", "true", '"{}"', "[]", '["a"]')],
    *[("object", KEYS, sent) for sent in ('{"a.b":1}', '{".":1}', '{"$a":1}', '{"a$":1}')],
    ("object", KEYS, '{"$add":["a"]}'),
    ("object", KEYS, '{"a":{"b":[{"c":[{"d.e":null}]}]}}'),
    *[
        ("array", COERCE, sent)
        for sent in ("5", "true", '"a"', "{}", "[1]", "[null]", '["a",["b"]]')
    ],
    ("array", COERCE, '{"$add":["a"]}'),
    *[("geo", COERCE, sent) for sent in ("5", '"0,0"', "{}", "[]", "[0]", "[0,0,0]")],
    *[("geo", COERCE, sent) for sent in ('["0","0"]', "[null,0]", "[true,0]", "[0,[0]]")],
    *[("geo", COERCE, sent) for sent in ("[180.5,0]", "[-181,0]", "[0,90.1]", "[0,-91]")],
    ("geo", COERCE, "[180.00000000000000000001,0]"),
    ("geo", COERCE, '{"longitude":0,"latitude":0}'),
]


@pytest.mark.parametrize(("kind", "error_id", "sent"), REFUSED)
def test_an_invalid_value_is_refused(kind: str, error_id: str, sent: str) -> None:
    """Only the documented and the inferred coercions are made."""
    with pytest.raises(InvalidValueError) as raised:
        read(kind, loads(sent))

    assert raised.value.error_id == error_id


# Type, the largest accepted value, the smallest refused one of its kind, and its error id.
LIMITS: list[tuple[str, Any, Any, str]] = [
    ("string", "x" * 5000, "x" * 5001, LARGE),
    ("string", "🏪" * 5000, "🏪" * 5001, LARGE),
    ("string", Decimal("0." + "1" * 4998), Decimal("0." + "1" * 4999), LARGE),
    ("number", Decimal("0." + "1" * 4998), Decimal("0." + "1" * 4999), LARGE),
    ("number", "0." + "1" * 4998, "0." + "1" * 4999, LARGE),
    ("object", {"a": "ü" * 4992}, {"a": "ü" * 4993}, LARGE),
    ("object", {"a" * 4994: 1}, {"a" * 4995: 1}, LARGE),
    ("object", nested(50), nested(51), DEEP),
    ("object", {"a": [[nested(47)]]}, {"a": [[nested(48)]]}, DEEP),
    ("array", ["ü" * 4996], ["ü" * 4997], LARGE),
    ("array", ["a"] * 100, ["a"] * 101, COERCE),
    ("geo", [0, Decimal("0." + "1" * 4994)], [0, Decimal("0." + "1" * 4995)], LARGE),
]


@pytest.mark.parametrize(("kind", "most", "more", "error_id"), LIMITS)
def test_limits_are_inclusive(kind: str, most: Any, more: Any, error_id: str) -> None:
    """5,000 characters (for objects and arrays: of their JSON), 100 elements, 50 levels."""
    read(kind, most)

    with pytest.raises(InvalidValueError) as raised:
        read(kind, more)

    assert raised.value.error_id == error_id


def test_a_bad_key_comes_before_a_deeper_error() -> None:
    """Levels are checked from the outside, and the first invalid level gives the error id."""
    with pytest.raises(InvalidValueError) as raised:
        read("object", {"a.b": nested(60)})

    assert raised.value.error_id == KEYS


class TestChanges:
    """Edits of arrays and their results (all inferred)."""

    @staticmethod
    def edit(kind: str, value: Any) -> Any:
        """Return the value of an edit in the form in which it is applied."""
        [item] = read_items(make_schema(kind), [NewItem("a", {kind: value})], editing=True)
        return item.values[kind]

    @pytest.mark.parametrize(
        "change",
        [
            {"$add": ["a"]},
            {"$remove": ["a"]},
            {"$add": ["a"], "$remove": ["b"]},
            {"$add": []},
            {"$add": ["a"] * 101},
        ],
    )
    def test_operators_stay_as_they_are(self, change: Any) -> None:
        """Only the result has a limit."""
        assert self.edit("array", change) == change

    @pytest.mark.parametrize("value", [["a"], [], None])
    def test_a_plain_array_is_a_value(self, value: Any) -> None:
        """It replaces the old array."""
        assert self.edit("array", value) == value

    @pytest.mark.parametrize(
        ("kind", "error_id", "value"),
        [
            ("array", COERCE, {}),
            ("array", COERCE, {"$add": "a"}),
            ("array", COERCE, {"$add": None}),
            ("array", COERCE, {"$add": [1]}),
            ("array", COERCE, {"$remove": ["a", None]}),
            ("array", COERCE, {"$add": ["a"], "$set": ["b"]}),
            ("array", COERCE, {"add": ["a"]}),
            ("array", COERCE, ["a"] * 101),
            *[
                (k, COERCE, {"$add": ["a"]})
                for k in FIELD_TYPE_NAMES
                if k not in ("array", "object")
            ],
            ("object", KEYS, {"$add": ["a"]}),
        ],
    )
    def test_anything_else_is_refused(self, kind: str, error_id: str, value: Any) -> None:
        """Other keys, other elements, and operators on fields of other types."""
        with pytest.raises(BrazeError) as raised:
            self.edit(kind, value)

        [problem] = raised.value.problems
        assert problem.id == error_id

    @pytest.mark.parametrize(
        ("before", "change", "after"),
        [
            (["a"], {"$add": ["b"]}, ["a", "b"]),
            (["a"], {"$add": ["a"]}, ["a"]),
            (["a"], {"$add": ["b", "b", "c"]}, ["a", "b", "c"]),
            (["a", "b", "a"], {"$remove": ["a"]}, ["b"]),
            (["a", "b", "a"], {"$add": ["c"]}, ["a", "b", "a", "c"]),
            (["a", "b"], {"$add": ["a"], "$remove": ["a"]}, ["b", "a"]),
            (["a"], {"$remove": ["nope"]}, ["a"]),
            (None, {"$add": ["a"]}, ["a"]),
            (None, {"$remove": ["a"]}, []),
            (["a"] * 100, {"$add": ["b"], "$remove": ["a"]}, ["b"]),
            (["a"], ["b"], ["b"]),
            (["a"], None, None),
        ],
    )
    def test_matches_are_removed_before_new_ones_are_added(
        self, before: Any, change: Any, after: Any
    ) -> None:
        """Null counts as empty, and existing elements are not added again."""
        assert edited_values(make_schema("array"), {"array": before}, {"array": change}) == {
            "array": after
        }

    @pytest.mark.parametrize(
        ("before", "added", "error_id"),
        [
            ([str(n) for n in range(100)], ["b"], COERCE),
            (["x" * 2500], ["y" * 2500], LARGE),
        ],
    )
    def test_a_result_beyond_the_limits_is_refused(
        self, before: list[str], added: list[str], error_id: str
    ) -> None:
        """The error names the field."""
        with pytest.raises(ArrayEditError) as raised:
            edited_values(make_schema("array"), {"array": before}, {"array": {"$add": added}})

        assert raised.value.error_ids == {"array": error_id}

    def test_the_error_names_every_array_that_is_too_long(self) -> None:
        """The error names all of them."""
        schema = make_schema(a="array", b="array")
        full = [str(number) for number in range(100)]

        with pytest.raises(ArrayEditError) as raised:
            edited_values(schema, {"a": full, "b": full}, {name: {"$add": ["x"]} for name in "ab"})

        assert raised.value.error_ids == {"a": COERCE, "b": COERCE}

    def test_values_outside_the_edit_stay(self) -> None:
        """Values are merged field by field."""
        values = {"number": 1, "object": {"a": 1}}

        after = edited_values(make_schema("number", "object"), values, {"object": {"b": 2}})

        assert after == {"number": 1, "object": {"b": 2}}

    @pytest.mark.parametrize(
        ("values", "expected"),
        [({"array": ["a"]}, False), ({"object": {}}, False), ({"array": {"$add": []}}, True)],
    )
    def test_only_operators_are_array_edits(self, values: dict[str, Any], expected: bool) -> None:
        """A plain array does not depend on the stored value."""
        assert has_array_edits(make_schema("object", "array"), values) is expected
