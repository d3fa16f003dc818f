"""The rules of `POST /catalogs` and of integers.

Sources: docs/vendors/attraqt.md#1-conventions and docs/vendors/attraqt.md#33-endpoints.
"""

from decimal import Decimal
from typing import Any

import pytest

from mockalog.vendors.attraqt.errors import AttraqtError
from mockalog.vendors.attraqt.rules.catalogs import NewCatalog, Reference, parse_catalog
from mockalog.vendors.attraqt.rules.primitives import integer
from mockalog.vendors.attraqt.rules.tenancy import Tenancy

ACME = Tenancy("acme", "live1")
PRODUCT = {"name": "product", "version": 1}


def body(**changes: Any) -> dict[str, Any]:
    """Return a valid body with changes."""
    return {"catalogItemSchemas": [PRODUCT], **changes}


REJECTED: list[tuple[str, Any]] = [
    ("CATALOG_SCHEMAS", None),
    ("CATALOG_SCHEMAS", []),
    ("CATALOG_SCHEMAS", {}),
    ("CATALOG_SCHEMAS", body(catalogItemSchemas=None)),
    ("CATALOG_SCHEMAS", body(catalogItemSchemas=[])),
    ("CATALOG_SCHEMAS", body(catalogItemSchemas=PRODUCT)),
    ("CATALOG_SCHEMAS", body(catalogItemSchemas=["product"])),
    ("CATALOG_SCHEMAS", body(catalogItemSchemas=[None])),
    ("CATALOG_SCHEMAS", body(catalogItemSchemas=[{"name": "product"}])),
    ("CATALOG_SCHEMAS", body(catalogItemSchemas=[{"version": 1}])),
    ("CATALOG_SCHEMAS", body(catalogItemSchemas=[{"name": 7, "version": 1}])),
    ("CATALOG_SCHEMAS", body(catalogItemSchemas=[{"name": "product", "version": "one"}])),
    ("CATALOG_SCHEMAS", body(catalogItemSchemas=[PRODUCT, {"name": "a", "version": 2**64}])),
    ("CATALOG_SCHEMAS", body(catalogItemSchemas=[PRODUCT, {**PRODUCT, "version": "1"}])),
    ("CATALOG_CATEGORY_TREES", body(catalogCategoryTrees=[PRODUCT, PRODUCT])),
    ("CATALOG_CATEGORY_TREES", body(catalogCategoryTrees="shop")),
    ("CATALOG_CATEGORY_TREES", body(catalogCategoryTrees=[{}])),
    ("CATALOG_TENANT_ENV", body(tenant="other")),
    ("CATALOG_TENANT_ENV", body(environment=False)),
    ("INVALID_ARGUMENT", body(name=7)),
]


@pytest.mark.parametrize(("category", "wrong"), REJECTED)
def test_an_invalid_catalog_is_refused(category: str, wrong: Any) -> None:
    """The first problem decides the category."""
    with pytest.raises(AttraqtError) as rejected:
        parse_catalog(wrong, ACME)

    assert rejected.value.category.id == category


@pytest.mark.parametrize(
    ("good", "expected"),
    [
        (body(), NewCatalog("", (Reference("product", 1),), ())),
        (
            body(name="n", state="ACTIVE", catalogCategoryTrees=[{**PRODUCT, "version": "2"}]),
            NewCatalog("n", (Reference("product", 1),), (Reference("product", 2),)),
        ),
    ],
)
def test_a_valid_catalog_is_accepted(good: dict[str, Any], expected: NewCatalog) -> None:
    """Optional fields may be absent."""
    assert parse_catalog(good, ACME) == expected


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, 0),
        ("11", 11),
        ("007", 7),
        (2**63 - 1, 2**63 - 1),
        (str(2**63 - 1), 2**63 - 1),
        (2**63, None),
        (str(2**63), None),
        ("9" * 5000, None),
        (-1, None),
        ("-1", None),
        ("", None),
        (" 1", None),
        ("1\n", None),
        ("1.0", None),
        ("١", None),
        (11.0, 11),
        (Decimal("11.0000000000000000000"), 11),
        (1.5, None),
        (-1.0, None),
        (1e300, None),
        (Decimal("1E400"), None),
        (True, None),
        (None, None),
        ([1], None),
    ],
)
def test_an_integer_may_be_written_as_text(value: Any, number: int | None) -> None:
    """A fraction of zero is allowed; a value beyond 63 bits is not."""
    assert integer(value) == number
