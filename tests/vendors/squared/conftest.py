"""Accounts of Squared: an address, its token, and a client with it."""

from uuid import uuid4

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.accounts import login, signup


@pytest.fixture
def email() -> str:
    """An address that nobody has."""
    return f"{uuid4().hex}@example.com"


@pytest.fixture
def anonymous(emulation: Emulation) -> httpx.Client:
    """A client without a token."""
    client = emulation.client("/squared")
    del client.headers["Authorization"]
    return client


@pytest.fixture
def token(anonymous: httpx.Client, email: str) -> str:
    """The token of a new account."""
    signup(anonymous, email)
    return str(login(anonymous, email).json()["data"]["id"])


@pytest.fixture
def member(emulation: Emulation, token: str) -> httpx.Client:
    """A client with an issued token."""
    return emulation.client("/squared", token)
