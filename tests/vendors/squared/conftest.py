"""Fixtures of Squared's tests: an email, its token, and clients."""

from uuid import uuid4

import httpx
import pytest

from tests.emulation import Emulation
from tests.vendors.squared.factories import make_account
from tests.vendors.squared.requests import login


@pytest.fixture
def email() -> str:
    """An email that no account has."""
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
    make_account(anonymous, email)
    return str(login(anonymous, email).json()["data"]["id"])


@pytest.fixture
def member(emulation: Emulation, token: str) -> httpx.Client:
    """A client with the token of a new account."""
    return emulation.client("/squared", token)
