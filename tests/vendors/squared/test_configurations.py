"""Tests of stored and returned configurations of connectors.

Sources: docs/vendors/squared.md#22-request-bodies and docs/vendors/squared.md#13-secret-masking.
"""

from typing import Any

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.factories import make_connector, make_sync, make_sync_parts
from tests.vendors.squared.requests import CONNECTORS, ICONS, MASK, MODELS, get_sync


def test_the_order_of_the_configuration(squared: httpx.Client) -> None:
    """A write returns the keys as sent. A read sorts them by length and alphabet (13)."""
    sent = {"zz": 1, "a": [{"yy": 1, "x": 2}], "bb": None}
    created = make_connector(squared, configuration=sent)
    assert list(created["attributes"]["configuration"]) == ["zz", "a", "bb"]
    read = squared.get(f"{CONNECTORS}/1").json()["data"]["attributes"]["configuration"]
    assert list(read) == ["a", "bb", "zz"]
    assert list(read["a"][0]) == ["x", "yy"]


@pytest.mark.parametrize(
    ("name", "kind", "configuration", "shown"),
    [
        (
            "Bigquery",
            "source",
            {"credentials_json": {"extra": [{"private_key": 5, "private_key_id": "i"}]}},
            {"credentials_json": {"extra": [{"private_key": MASK, "private_key_id": "i"}]}},
        ),
        ("Http", "destination", {"headers": {"token": "t"}}, {"headers": {"token": "t"}}),
        ("MicrosoftExcel", "destination", {"token": "t"}, {"token": "t"}),
        ("Klaviyo", "source", {"private_api_key": None}, {"private_api_key": MASK}),
        (
            "Unknown",
            "source",
            {"password": "p", "my_api_key": {"a": 1}, "clientSecret": "s", "user": "u"},
            {"password": MASK, "my_api_key": MASK, "clientSecret": MASK, "user": "u"},
        ),
    ],
)
def test_secrets_are_masked_by_the_connectors_schema(
    squared: httpx.Client, name: str, kind: str, configuration: Any, shown: Any
) -> None:
    """Any value at any depth is masked. Without a schema, the usual names count (13)."""
    made = make_connector(
        squared, connector_name=name, connector_type=kind, configuration=configuration
    )
    assert made["attributes"]["configuration"] == shown
    read = squared.get(f"{CONNECTORS}/{made['id']}").json()["data"]
    assert read["attributes"]["configuration"] == shown


def test_an_unknown_connector_has_no_icon(emulation: Emulation, squared: httpx.Client) -> None:
    """It is null wherever the connector is shown (amendment squared A13).

    An update to a known name gives the icon of that name, and one back takes it away.
    """
    make_sync_parts(emulation, squared, connector_name="MyThing")
    make_sync(squared)
    path = f"{CONNECTORS}/1"
    sync = get_sync(squared)
    model = squared.get(f"{MODELS}/1").json()["data"]["attributes"]
    shown = [
        squared.get(path).json()["data"]["attributes"],
        next(one for one in squared.get(CONNECTORS).json()["data"] if one["id"] == "1")[
            "attributes"
        ],
        model["connector"],
        sync["source"],
        sync["model"]["connector"],
    ]
    assert [connector["icon"] for connector in shown] == [None] * 5
    for name, icon in (("Snowflake", f"{ICONS}source/snowflake/icon.svg"), ("snowflake", None)):
        change = {"connector": {"connector_name": name}}
        changed = squared.patch(path, json=change).json()["data"]["attributes"]
        assert changed["icon"] == icon


@pytest.mark.parametrize("name", ["名前 ✓", "a/b", "x" * 5000, "quote\"'\\"])
def test_names_of_any_characters(squared: httpx.Client, name: str) -> None:
    """A name is returned as it was sent."""
    make_connector(squared, name=name)
    read = squared.get(f"{CONNECTORS}/1").json()["data"]["attributes"]
    assert read["name"] == name


def test_null_elements_of_arrays_are_dropped(squared: httpx.Client) -> None:
    """The rule holds at any depth. Null values of keys stay (2.2)."""
    sent = {"a": [1, None, {"b": [None]}], "c": None}
    made = make_connector(squared, configuration=sent)["attributes"]
    assert made["configuration"] == {"a": [1, {"b": []}], "c": None}


def test_integers_are_not_rounded(squared: httpx.Client) -> None:
    """Ruby has integers of any size."""
    sent = {"a": 2**64 + 1, "b": 12345678901234567890123}
    assert make_connector(squared, configuration=sent)["attributes"]["configuration"] == sent
    read = squared.get(f"{CONNECTORS}/1").json()["data"]["attributes"]
    assert read["configuration"] == sent
