"""How the Squared tests sign up, log in and read their mail."""

from typing import Any

import httpx

from tests.emulation import Emulation

PASSWORD = "Secret1!"


def account(email: str, **changes: Any) -> dict[str, Any]:
    """Return a signup's body."""
    return {
        "name": "Mia",
        "email": email,
        "password": PASSWORD,
        "password_confirmation": changes.get("password", PASSWORD),
        "company_name": "Acme",
        **changes,
    }


def signup(client: httpx.Client, email: str) -> None:
    """Create an account."""
    client.post("/api/v1/signup", json=account(email)).raise_for_status()


def login(client: httpx.Client, email: str, password: str = PASSWORD) -> httpx.Response:
    """Try to log in."""
    return client.post("/api/v1/login", json={"email": email, "password": password})


def mails(emulation: Emulation, email: str) -> list[dict[str, Any]]:
    """Return the outbox of the sandbox that an email opens."""
    headers = {"Authorization": f"Bearer {email}"}
    response = emulation.control(headers=headers).get("/squared/outbox")
    response.raise_for_status()
    listed: list[dict[str, Any]] = response.json()["mails"]
    return listed
