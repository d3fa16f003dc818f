"""What a value may be and how it is stored, type by type.

Sources: docs/vendors/braze.md#41-values and docs/vendors/braze.md#46-array-operators.
"""

from decimal import Decimal
from typing import Any

import pytest

from mockalog.kernel.formats.json import dumps, loads
from mockalog.vendors.braze.errors import Rejected
from mockalog.vendors.braze.rules.changes import NotChanged, changed, has_changes
from mockalog.vendors.braze.rules.items import NewItem, normalised_items
from mockalog.vendors.braze.rules.layout import Layout, layout_of
from mockalog.vendors.braze.rules.values import TYPES, Unfit, normalised

COERCE = "unable-to-coerce-value"
LARGE = "items-too-large"
DEEP = "too-deep-nesting-in-value-object"
KEYS = "invalid-keys-in-value-object"


def layout(*kinds: str) -> Layout:
    """Return the layout of a catalog with fields named like their types."""
    fields = [{"name": "id", "token": "-1", "type": "string"}]
    fields += [{"name": kind, "token": str(n), "type": kind} for n, kind in enumerate(kinds)]
    return layout_of(dumps(fields).decode(), "[]", len(kinds), 0)


def nested(levels: int) -> dict[str, Any]:
    """Return an object of that many levels."""
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


# Type, what is sent, what is stored: the two latter as JSON.
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
def test_an_accepted_value_is_stored_in_its_types_form(kind: str, sent: str, stored: str) -> None:
    """Numbers keep every digit, times become UTC with three decimals, the rest stays."""
    assert dumps(normalised(kind, loads(sent))).decode() == stored


@pytest.mark.parametrize("kind", TYPES)
def test_null_is_a_value_of_every_type(kind: str) -> None:
    """It clears the field."""
    assert normalised(kind, None) is None


# Type, error id, what is sent as JSON.
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
def test_a_value_that_does_not_fit_is_refused(kind: str, error_id: str, sent: str) -> None:
    """Nothing is guessed beyond the documented and inferred coercions."""
    with pytest.raises(Unfit) as unfit:
        normalised(kind, loads(sent))

    assert unfit.value.error_id == error_id


# Type, the largest value that is accepted, the smallest of its kind that is not, and why not.
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
    """5,000 characters (of objects and arrays: of their JSON), 100 elements, 50 levels."""
    normalised(kind, most)

    with pytest.raises(Unfit) as unfit:
        normalised(kind, more)

    assert unfit.value.error_id == error_id


def test_a_bad_key_is_found_above_what_is_too_deep() -> None:
    """Levels are looked at from outside; what comes first names the error."""
    with pytest.raises(Unfit) as unfit:
        normalised("object", {"a.b": nested(60)})

    assert unfit.value.error_id == KEYS


class TestChanges:
    """What an edit may say of an array, and what comes of it (all inferred)."""

    @staticmethod
    def edit(kind: str, value: Any) -> Any:
        """Return what an edit says of a field, as it is applied."""
        [item] = normalised_items(layout(kind), [NewItem("a", {kind: value})], editing=True)
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
    def test_operators_are_taken_as_they_are(self, change: Any) -> None:
        """Their limit is that of the result."""
        assert self.edit("array", change) == change

    @pytest.mark.parametrize("value", [["a"], [], None])
    def test_a_plain_array_is_a_value(self, value: Any) -> None:
        """It replaces what was there."""
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
            *[(k, COERCE, {"$add": ["a"]}) for k in TYPES if k not in ("array", "object")],
            ("object", KEYS, {"$add": ["a"]}),
        ],
    )
    def test_anything_else_is_refused(self, kind: str, error_id: str, value: Any) -> None:
        """Other keys, other elements, and operators on what is no array."""
        with pytest.raises(Rejected) as rejection:
            self.edit(kind, value)

        [problem] = rejection.value.problems
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
        """Null counts as empty, and what is there is not added again."""
        assert changed(layout("array"), {"array": before}, {"array": change}) == {"array": after}

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
        """The error tells the field."""
        with pytest.raises(NotChanged) as refusal:
            changed(layout("array"), {"array": before}, {"array": {"$add": added}})

        assert refusal.value.misfits == {"array": error_id}

    def test_every_array_that_grew_too_long_is_told(self) -> None:
        """Not the first one only."""
        known = layout_of(
            '[{"name":"id","token":"-1","type":"string"},'
            '{"name":"a","token":"0","type":"array"},{"name":"b","token":"1","type":"array"}]',
            "[]",
            2,
            0,
        )
        full = [str(number) for number in range(100)]

        with pytest.raises(NotChanged) as refusal:
            changed(known, {"a": full, "b": full}, {name: {"$add": ["x"]} for name in "ab"})

        assert refusal.value.misfits == {"a": COERCE, "b": COERCE}

    def test_what_an_edit_does_not_name_stays(self) -> None:
        """Values are merged, field by field."""
        values = {"number": 1, "object": {"a": 1}}

        after = changed(layout("number", "object"), values, {"object": {"b": 2}})

        assert after == {"number": 1, "object": {"b": 2}}

    @pytest.mark.parametrize(
        ("values", "expected"),
        [({"array": ["a"]}, False), ({"object": {}}, False), ({"array": {"$add": []}}, True)],
    )
    def test_only_operators_are_changes(self, values: dict[str, Any], expected: bool) -> None:
        """What depends on the stored value is told from what does not."""
        assert has_changes(layout("object", "array"), values) is expected
