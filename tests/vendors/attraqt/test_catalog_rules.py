"""What `POST /catalogs` may say, and what numbers are.

Sources: docs/vendors/attraqt.md#1-conventions and docs/vendors/attraqt.md#33-endpoints.
"""

from decimal import Decimal
from typing import Any

import pytest

from mockalog.vendors.attraqt.errors import Rejected
from mockalog.vendors.attraqt.rules.catalogs import NewCatalog, Reference, new_catalog
from mockalog.vendors.attraqt.rules.tenancy import Tenancy, integer

ACME = Tenancy("acme", "live1")
PRODUCT = {"name": "product", "version": 1}


def body(**changes: Any) -> dict[str, Any]:
    """Return a body that is good but for the changes."""
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
def test_a_wrong_catalog_is_rejected(category: str, wrong: Any) -> None:
    """The first thing wrong gives the category."""
    with pytest.raises(Rejected) as rejected:
        new_catalog(wrong, ACME)

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
def test_a_good_catalog_is_accepted(good: dict[str, Any], expected: NewCatalog) -> None:
    """What is not needed is left out."""
    assert new_catalog(good, ACME) == expected


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
    """And with a point that says nothing; what cannot be stored as 63 bits is none."""
    assert integer(value) == number
