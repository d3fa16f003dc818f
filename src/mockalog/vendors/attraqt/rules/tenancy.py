"""Tenancies: a tenant and an environment.

Sources: docs/vendors/attraqt.md#1-conventions and docs/vendors/attraqt.md#11-scoping.
"""

from collections.abc import Mapping
from typing import NamedTuple

from mockalog.vendors.attraqt.errors import AttraqtError, Category
from mockalog.vendors.attraqt.json_columns import MAX_TENANCY
from mockalog.vendors.attraqt.rules.primitives import is_plain


class Tenancy(NamedTuple):
    """The pair that all data, version numbers and limits belong to."""

    tenant: str
    environment: str


def parse_tenancy(query: Mapping[str, str], category: Category) -> Tenancy:
    """Return the tenancy that the query names; raises `AttraqtError` of the category."""
    tenancy = Tenancy(query.get("tenant", ""), query.get("environment", ""))
    if not tenancy.tenant or not tenancy.environment:
        raise AttraqtError(category)
    if not all(map(is_tenancy_name, tenancy)):
        raise AttraqtError(
            category,
            f"each must have 1 to {MAX_TENANCY} characters, none of them a control character",
        )
    return tenancy


def is_tenancy_name(name: str) -> bool:
    """Return whether a tenant or an environment may have a name (inferred)."""
    return is_plain(name, MAX_TENANCY)


def check_tenancy(body: Mapping[str, object], expected: Tenancy, category: Category) -> None:
    """Refuse a body that names another tenancy than the query (inferred).

    An empty text is the default of the protocol and is ignored.
    """
    for key, value in expected._asdict().items():
        if body.get(key) not in (None, "", value):
            raise AttraqtError(category, f"the {key} of the body is not that of the query")
