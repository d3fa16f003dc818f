"""Fixtures of the tests of the control plane."""

import httpx
import pytest

from tests.emulation import Emulation


@pytest.fixture
def control(emulation: Emulation, braze: httpx.Client) -> httpx.Client:
    """The control plane of the Braze client's sandbox."""
    return emulation.control(braze)
