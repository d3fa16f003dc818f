"""The rules of `POST /catalogs`, one by one.

Sources: docs/vendors/braze.md#31-create-a-catalog and docs/vendors/braze.md#7-errors.
"""

from typing import Any

import pytest

from mockalog.vendors.braze.errors import BrazeError
from mockalog.vendors.braze.json_columns import FIELD_TYPE_NAMES
from mockalog.vendors.braze.rules.catalogs import NewCatalog, new_catalog
from mockalog.vendors.braze.rules.fields import NewField

ID = {"name": "id", "type": "string"}


def body(**changes: Any) -> dict[str, Any]:
    """Return a body with one valid catalog, after some changes."""
    return {"catalogs": [{"name": "shops", "description": "My shops", "fields": [ID], **changes}]}


def with_fields(*fields: Any) -> dict[str, Any]:
    """Return a body whose catalog has these fields after its id."""
    return body(fields=[ID, *fields])


def field(name: str, kind: str = "string") -> dict[str, str]:
    """Return a field."""
    return {"name": name, "type": kind}


REJECTED: list[tuple[str, Any]] = [
    ("catalog-array-invalid", None),
    ("catalog-array-invalid", []),
    ("catalog-array-invalid", "catalogs"),
    ("catalog-array-invalid", {}),
    ("catalog-array-invalid", {"catalogs": None}),
    ("catalog-array-invalid", {"catalogs": {}}),
    ("catalog-array-invalid", {"catalogs": []}),
    ("catalog-array-invalid", {"catalogs": ["shops"]}),
    ("catalog-array-invalid", {"catalogs": [None, {}]}),
    ("too-many-catalog-atoms", {"catalogs": [{}, {}]}),
    ("invalid-catalog-name", {"catalogs": [{}]}),
    ("invalid-catalog-name", body(name=None)),
    ("invalid-catalog-name", body(name=7)),
    ("invalid-catalog-name", body(name="")),
    ("invalid-catalog-name", body(name="my shops")),
    ("invalid-catalog-name", body(name="shöps")),
    ("invalid-catalog-name", body(name="shops\n")),
    ("invalid-catalog-name", body(name="shops\x00")),
    ("catalog-name-too-large", body(name="s" * 251)),
    ("description-too-long", body(description="d" * 251)),
    ("description-too-long", body(description=7)),
    ("invalid-fields", body(fields=None)),
    ("invalid-fields", body(fields=[])),
    ("invalid-fields", body(fields={"id": "string"})),
    ("invalid-fields", body(fields=["id"])),
    ("invalid-fields", body(fields=[{"name": "id"}])),
    ("invalid-fields", body(fields=[{"name": "id", "type": 1}])),
    ("invalid-fields", body(fields=[{"name": None, "type": "string"}])),
    ("too-many-fields", with_fields(*[field(f"f{n}") for n in range(500)])),
    ("id-not-first-column", body(fields=[field("name"), ID])),
    ("id-not-first-column", body(fields=[field("id", "number")])),
    ("id-not-first-column", body(fields=[field("ID")])),
    ("invalid-field-names", with_fields(field("a b"))),
    ("invalid-field-names", with_fields(field(""))),
    ("field-names-too-large", with_fields(field("f" * 251))),
    ("invalid-field-types", with_fields(field("a", "text"))),
    ("invalid-field-types", with_fields(field("a", "String"))),
    ("field-names-not-unique", with_fields(field("a"), field("a", "number"))),
    ("field-names-not-unique", with_fields(field("id"))),
]


@pytest.mark.parametrize(("error_id", "invalid_body"), REJECTED)
def test_a_body_that_breaks_a_rule_is_rejected_with_that_rules_id(
    error_id: str, invalid_body: Any
) -> None:
    """Each rule has its own error id."""
    with pytest.raises(BrazeError) as raised:
        new_catalog(invalid_body)

    assert [problem.id for problem in raised.value.problems] == [error_id]
    assert raised.value.status == 400


def test_a_name_can_be_bad_in_two_ways() -> None:
    """The response names both."""
    with pytest.raises(BrazeError) as raised:
        new_catalog(body(name="é" * 251))

    ids = [problem.id for problem in raised.value.problems]
    assert ids == ["invalid-catalog-name", "catalog-name-too-large"]


def test_errors_of_one_stage_come_together() -> None:
    """One response names bad characters and bad lengths of field names."""
    with pytest.raises(BrazeError) as raised:
        new_catalog(with_fields(field("a b"), field("f" * 251), field("c d")))

    values = {problem.id: problem.parameter_values for problem in raised.value.problems}
    assert values == {"invalid-field-names": ("a b", "c d"), "field-names-too-large": ("f" * 251,)}


STAGES: list[tuple[str, Any]] = [
    ("catalog-array-invalid", {"catalogs": [None, None]}),
    ("too-many-catalog-atoms", {"catalogs": [{"name": "a b"}, {}]}),
    ("invalid-catalog-name", body(name="a b", description=7)),
    ("description-too-long", body(description=7, fields=None)),
    ("too-many-fields", body(fields=[field("a b")] * 501)),
    ("id-not-first-column", body(fields=[field("a b"), field("a b")])),
    ("invalid-field-names", with_fields(field("a b", "text"))),
    ("invalid-field-types", with_fields(field("a", "text"), field("a", "text"))),
]


@pytest.mark.parametrize(("error_id", "invalid_body"), STAGES)
def test_an_earlier_stage_hides_the_later_ones(error_id: str, invalid_body: Any) -> None:
    """Validation stops before the next stage."""
    with pytest.raises(BrazeError) as raised:
        new_catalog(invalid_body)

    assert raised.value.problems[0].id == error_id


@pytest.mark.parametrize("kind", FIELD_TYPE_NAMES)
def test_every_documented_type_is_accepted(kind: str) -> None:
    """All seven of them."""
    assert new_catalog(with_fields(field("a", kind))).fields[1] == NewField("a", kind)


@pytest.mark.parametrize("description", [None, "", "d" * 250, "Läden \x00 🏪"])
def test_a_description_may_be_missing_empty_or_any_text(description: str | None) -> None:
    """Real catalogs have null descriptions, against the documentation."""
    assert new_catalog(body(description=description)).description == description


def test_a_catalog_at_every_limit_is_accepted() -> None:
    """Limits are inclusive."""
    fields = [field(f"{n:0>250}") for n in range(499)]

    catalog = new_catalog(body(name="s" * 250, description="d" * 250, fields=[ID, *fields]))

    assert isinstance(catalog, NewCatalog)
    assert len(catalog.fields) == 500
    assert catalog.fields[0] == NewField("id", "string")
