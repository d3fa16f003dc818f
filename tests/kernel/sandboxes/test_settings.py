"""A sandbox's settings: dotted names, types, defaults."""

from typing import Any

import pytest
from pydantic import Field

from mockalog.kernel.clock import Clock
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.sandboxes.settings import InvalidSettingError, SettingRegistry, VendorSettings


class ShopOptions(VendorSettings):
    """A vendor's settings."""

    delay: float = Field(0, ge=0)


registry = SettingRegistry({"shop": ShopOptions})


def sandbox(**settings: Any) -> Sandbox:
    """Return a sandbox of these settings."""
    return Sandbox(1, "s", Clock(), settings)


def test_what_nobody_set_has_its_default() -> None:
    """A vendor's settings carry its name."""
    assert registry.values(sandbox()) == {"rate_limits": "vendor", "shop.delay": 0}


def test_what_was_set_wins() -> None:
    """Only where it was set."""
    assert registry.value(sandbox(**{"shop.delay": 2.5}), "shop.delay") == 2.5


def test_changes_are_checked_for_type() -> None:
    """A whole number is a number; a text is none, and neither is a switch."""
    assert registry.checked({"shop.delay": 2}) == {"shop.delay": 2.0}


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"nope": 1}, "setting 'nope' does not exist"),
        ({"delay": 1}, "setting 'delay' does not exist"),
        ({"shop.delay": -1}, "shop.delay: Input should be greater than or equal to 0"),
        ({"shop.delay": "1.5"}, "shop.delay: Input should be a valid number"),
        ({"shop.delay": True}, "shop.delay: Input should be a valid number"),
        ({"shop.delay": "soon"}, "shop.delay: Input should be a valid number"),
        ({"rate_limits": None}, "rate_limits: Input should be 'vendor', 'tiny' or 'off'"),
    ],
)
def test_what_cannot_be_set_says_why(changes: dict[str, Any], text: str) -> None:
    """The text names the setting."""
    with pytest.raises(InvalidSettingError, match=text.replace("(", r"\(")):
        registry.checked(changes)
