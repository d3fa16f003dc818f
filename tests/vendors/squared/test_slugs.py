"""Tests of slugs: docs/vendors/squared.md#6-workspaces."""

import httpx
import pytest

from mockalog.vendors.squared.rules.accounts.slugs import slug


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Growth & Sales_Team ", "growth-sales_team"),
        ("workspace_test", "workspace_test"),
        ("_Team__2_", "_team__2_"),
        ("  --Team -- 2 --  ", "team-2"),
        ("A+B/C.d", "a-b-c-d"),
        ("Über Straße", "uber-strasse"),
        ("GROẞ", "gross"),
        ("Łódź", "lodz"),
        ("Zażółć gęślą jaźń", "zazolc-gesla-jazn"),
        ("Ærøskøbing Ångström", "aeroskobing-angstrom"),
        ("Þór Ðe þð", "thor-de-thd"),
        ("Đặng ŋ Ŋ ħ ŧ ĸ", "d-ng-ng-ng-h-t-k"),
        ("Crème brûlée à la Œuvre ÿ", "creme-brulee-a-la-oeuvre-y"),
        ("İstanbul ığdır Şişli", "istanbul-igdir-sisli"),
        ("Ĳssel ŀl ŉ Ǫǭ", "ijssel-ll-n-oo"),
        ("3×4÷2", "3x4-2"),
        # Decomposed letters, as some systems send them.
        ("U\u0308ber Łódz\u0301", "uber-lodz"),
        # ActiveSupport's table has no other letters.
        ("Москва 東京 2 😀", "2"),
        ("Timișoara", "timi-oara"),
        ("東京", ""),
        ("ſ\u2014K\n\tx\0y", "k-x-y"),
    ],
)
def test_slugs(name: str, expected: str) -> None:
    """Letters lose their accents, `_` and digits stay, others are `-` (amendment squared A4)."""
    assert slug(name) == expected


def test_new_and_renamed_workspaces_have_slugs(squared: httpx.Client) -> None:
    """A slug follows a rename (amendment squared A4)."""
    workspaces = "/api/v1/workspaces"
    first = squared.get(workspaces).json()["data"][0]["attributes"]
    values = {"name": "Über Straße", "organization_id": first["organization_id"]}
    made = squared.post(workspaces, json={"workspace": values}).json()["data"]
    assert made["attributes"]["slug"] == "uber-strasse"
    change = {"workspace": {"name": "Łódź_2"}}
    changed = squared.put(f"{workspaces}/{made['id']}", json=change).json()["data"]
    assert changed["attributes"]["slug"] == "lodz_2"
