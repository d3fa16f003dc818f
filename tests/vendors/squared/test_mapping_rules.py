"""Tests of mappings from a row to a destination's record: docs/vendors/squared.md#11-syncs."""

from typing import Any

import pytest

from mockalog.vendors.squared.rules.syncs.mappings import MappingError, map_row
from mockalog.vendors.squared.rules.syncs.templates import (
    MAX_SEARCHES,
    MAX_TEMPLATE,
    Renderer,
    TemplateError,
)

# 2026-03-02T09:15:04.120Z.
NOW = 1_772_442_904_120_000
ROW = {"id": 1, "email": "a@x.io", "name": "O'Hara", "n": None, "ok": True, "tags": ["a"]}


def standard(column: str, to: str) -> dict[str, Any]:
    """Return a mapping of a column."""
    return {"from": column, "to": to, "mapping_type": "standard"}


def static(value: Any, kind: str | None = None) -> dict[str, Any]:
    """Return a mapping of a fixed value."""
    return {"value": value, "value_type": kind, "to": "v", "mapping_type": "static"}


@pytest.mark.parametrize(
    ("configuration", "record"),
    [
        ([standard("email", "email")], {"email": "a@x.io"}),
        (
            [standard("email", "data.attributes.email"), standard("id", "data.id")],
            {"data": {"attributes": {"email": "a@x.io"}, "id": 1}},
        ),
        ([standard("n", "a"), standard("none", "b")], {"a": None, "b": None}),
        ([standard("id", "ids[]"), standard("email", "ids[]")], {"ids": [1, "a@x.io"]}),
        (
            [standard("id", "to[].id"), standard("email", "to[].email")],
            {"to": [{"id": 1, "email": "a@x.io"}]},
        ),
        ([{**standard("tags", "v"), "mapping_type": "vector"}], {"v": ["a"]}),
        ([{**standard("name", "v"), "mapping_type": "vector"}], {"v": "O'Hara"}),
        ([{"from": "O'Hara", "to": "v", "mapping_type": "static"}], {"v": "O'Hara"}),
        ([{"from": "x", "to": "v", "mapping_type": "static"}], {"v": "x"}),
        ([{"from": "{{ name }}", "to": "v", "mapping_type": "template"}], {"v": "O'Hara"}),
        (
            [{"template": "{{ id }}!", "from": "n", "to": "v", "mapping_type": "template"}],
            {"v": "1!"},
        ),
        ([{"to": "v", "mapping_type": "template"}], {"v": ""}),
        ([{"from": "id", "to": "v", "mapping_type": "unheard of"}, {"from": "id"}], {}),
        ({"email": "properties.email", "id": "id"}, {"properties": {"email": "a@x.io"}, "id": 1}),
        ([static("5", "number")], {"v": 5}),
        ([static("5.5", "float")], {"v": 5.5}),
        ([static("yes", "boolean")], {"v": True}),
        ([static("0", "boolean")], {"v": False}),
        ([static("x", "null")], {"v": None}),
        ([static(5, "string")], {"v": "5"}),
        ([static(5)], {"v": 5}),
    ],
)
def test_mapped_rows(configuration: Any, record: dict[str, Any]) -> None:
    """Paths have dots for objects and brackets for arrays."""
    assert map_row(configuration, ROW, Renderer(NOW)) == record


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("O'Brien", "O''Brien"),
        ("''", "''''"),
        ("it's Bob's", "it''s Bob''s"),
        ("no \N{RIGHT SINGLE QUOTATION MARK} quote", "no \N{RIGHT SINGLE QUOTATION MARK} quote"),
        (["O'Brien"], ["O'Brien"]),
        ({"a": "O'Brien"}, {"a": "O'Brien"}),
        (1, 1),
        (None, None),
    ],
)
def test_standard_mappings_double_single_quotes(value: Any, sent: Any) -> None:
    """Only texts, and only in an array: an object copies them (amendment squared A7)."""
    row = {"name": value}
    assert map_row([standard("name", "a.b")], row, Renderer(NOW)) == {"a": {"b": sent}}
    assert map_row([standard("name", "a[]")], row, Renderer(NOW)) == {"a": [sent]}
    assert map_row({"name": "a"}, row, Renderer(NOW)) == {"a": value}


@pytest.mark.parametrize(
    ("configuration", "text"),
    [
        ([static("five", "number")], "'five' is no number"),
        ([static("nan", "number")], "'nan' is no number"),
        ([static("1e999", "number")], "'1e999' is no number"),
        ([standard("id", "")], "a mapping has no target"),
        ({"id": 5}, "a mapping has no target"),
        ([standard("id", "a." * 40 + "b")], "a target of more than 32 levels"),
        ([standard("id", "a"), standard("id", "a.b")], "a target is used in two ways"),
        ([standard("id", "a"), standard("id", "a[]")], "a[] is used in two ways"),
        ([standard("id", "a[]"), standard("id", "a[].b")], "a target is used in two ways"),
        (
            [{"from": "{{ id", "to": "v", "mapping_type": "template"}],
            "Liquid error: expected '}}', found end of file",
        ),
    ],
)
def test_unmappable_rows(configuration: Any, text: str) -> None:
    """The record fails with a text."""
    with pytest.raises(MappingError) as failure:
        map_row(configuration, ROW, Renderer(NOW))
    assert str(failure.value) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ 'now' | date: '%Y-%m-%dT%H:%M:%S.%L%z' }}", "2026-03-02T09:15:04.120+0000"),
        ("{{ 'today' | date: '%-d/%-m %%' }}", "2/3 %"),
        ("{{ '2026-03-02' | date: '%s' }}", "1772409600"),
        ("{{ '2026-03-02T01:00:00+02:00' | date: '%H %z' }}", "01 +0200"),
        ("{{ 1772409600 | date: '%d.%m.%y' }}", "02.03.26"),
        ("{{ name | date: '%Y' }}{{ id | date }}", "O'Hara1"),
        ("{{ '12.5 kg' | cast: 'number' }}", "12.5"),
        ("{{ name | cast: 'number' }}", "0.0"),
        ("{{ id | cast: 'string' }}{{ ok | cast: 'string' }}", "1true"),
        ("{{ name | cast: 'string' }}{{ n | cast: 'string' }}", "O'Hara"),
        ("{{ 'off' | cast: 'boolean' }} {{ id | cast: 'boolean' }}", "false true"),
        ("{{ id | cast: 'date' }}", "1"),
        ("{{ name | regex_replace: '[a-z]+', 'X' }}", "O'HX"),
        ("{{ name | regex_replace: 'o', '0', 'i' }}", "0'Hara"),
        ("{{ 'aaa{' | regex_replace: '^a{2,3}\\{', 'x' }}", "x"),
        ("{{ 'ab-cd' | regex_replace: '(\\w)(\\w)', '\\2\\1' }}", "ba-dc"),
        ("{{ name | upcase | append: '!' | replace: 'A', '' }}", "O'HR!"),
        ("{{ nothing | default: 'none' }}{{ name | unheard_of }}", "noneO'Hara"),
        ("{% if ok %}{% assign a = id | plus: 1 %}{{ a }}{% endif %}", "2"),
        ("{% case id %}{% when 1 %}one{% else %}more{% endcase %}", "one"),
        ("{{ 'a,b' | split: ',' | last }}", "b"),
    ],
)
def test_templates(template: str, text: str) -> None:
    """Variables are columns. `'now'` is the sandbox's time."""
    assert Renderer(NOW).render(template, ROW) == text


@pytest.mark.parametrize(
    "template",
    [
        "{{ (1..10000000000) | join: ',' }}",
        "{% if (1..10000000000) contains 'a' %}{% endif %}",
        "{% for i in (1..5) %}x{% endfor %}",
        "{% include 'x' %}",
        "{% assign a = big | append: big %}",
        "{{ 'aaaa'" + " | replace: 'a', 'aaaaaaaaaa'" * 8 + " }}",
        "{{ 'aa' | split: 'a' | join: big }}",
        "{{ big | split: 'a' | join: 'xxxxx' }}",
        "{{ big | regex_replace: '(?=(.*))', '" + "\\1" * 400 + "' }}",
        "{{ big | append: big }}",
        "{{ big | split: '' | append: '' }}",
        "{{ 9" + " | times: 99999999999999999999" * 9 + " }}",
        "{{ big }}" * 30,
        "{{ id | regex_replace: '(', '' }}",
        "{{ id | regex_replace: '(a{100}){100}', '' }}",
        "{{ id | regex_replace: 'a{9999999}', '' }}",
        "{{ id | regex_replace: '(?:(?R))*a', '' }}",
        "{{ id | regex_replace: '(?:abc){e<=30}', '' }}",
        "{{ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' | regex_replace: '^(a+)+$|(a|a)*$', '' }}",
        "{{ id" + " | regex_replace: 'a', ''" * (MAX_SEARCHES + 1) + " }}",
        "{{ a" + "[a" * 2000 + "]" * 2000 + " }}",
        "{{ id | divided_by: 0 }}",
        "{{ 99999999999999999999 | date: '%Y' }}",
        "x" * (MAX_TEMPLATE + 1),
    ],
)
def test_expensive_templates_are_refused(template: str) -> None:
    """Loops, growing texts and long searches are limited."""
    with pytest.raises(TemplateError):
        Renderer(NOW).render(template, {**ROW, "big": "a" * 9000})
