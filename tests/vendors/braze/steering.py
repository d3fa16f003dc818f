"""Control of the emulator in Braze's tests: clock, settings, jobs and the dashboard's calls."""

from typing import Any
from urllib.parse import quote

import httpx

from tests.emulation import Emulation


def change_setting(
    emulation: Emulation, client: httpx.Client, name: str, value: Any
) -> httpx.Response:
    """Change a setting of the client's sandbox, valid or not."""
    return emulation.control(client).patch("/settings", json={name: value})


def set_setting(emulation: Emulation, client: httpx.Client, name: str, value: Any) -> None:
    """Set a setting of the client's sandbox."""
    answer = change_setting(emulation, client, name, value)
    assert answer.status_code == 200, answer.text


def setting(emulation: Emulation, client: httpx.Client, name: str) -> Any:
    """Return a setting of the client's sandbox."""
    return emulation.control(client).get("/settings").json()[name]


def unlimited(emulation: Emulation, client: httpx.Client) -> httpx.Client:
    """Turn the rate limits of the client's sandbox off and return the client."""
    set_setting(emulation, client, "rate_limits", "off")
    return client


def delay(emulation: Emulation, client: httpx.Client, seconds: float) -> None:
    """Delay the effect of asynchronous calls in the client's sandbox."""
    set_setting(emulation, client, "braze.async_delay", seconds)


def limit_storage(emulation: Emulation, client: httpx.Client, size: int | None) -> None:
    """Limit the storage of the client's workspace to some bytes; None removes the limit."""
    set_setting(emulation, client, "braze.storage_limit", size)


def freeze(emulation: Emulation, client: httpx.Client, now: str = "2024-10-14T10:00:00Z") -> None:
    """Stop the clock of the client's sandbox at an instant."""
    answer = emulation.control(client).put("/clock", json={"mode": "frozen", "now": now})
    assert answer.status_code == 200, answer.text


def advance(emulation: Emulation, client: httpx.Client, seconds: float) -> None:
    """Move the clock of the client's sandbox on."""
    answer = emulation.control(client).post("/clock/advance", json={"seconds": seconds})
    assert answer.status_code == 200, answer.text


def settle(emulation: Emulation, client: httpx.Client) -> int:
    """Run all jobs of the client's sandbox and return their number."""
    return int(emulation.control(client).post("/clock/settle").json()["jobs_run"])


def reset(emulation: Emulation, client: httpx.Client) -> None:
    """Reset the client's sandbox."""
    answer = emulation.control(client).post("/reset")
    assert answer.status_code == 200, answer.text


def list_jobs(emulation: Emulation, client: httpx.Client) -> list[dict[str, Any]]:
    """Return the jobs of the client's sandbox, by number."""
    return list(emulation.control(client).get("/jobs").json()["jobs"])


def outcomes(emulation: Emulation, client: httpx.Client) -> list[str | None]:
    """Return the outcomes of the client's jobs, by number."""
    return [job["outcome"] for job in list_jobs(emulation, client)]


def register_key(emulation: Emulation, client: httpx.Client, *permissions: str) -> httpx.Client:
    """Register the client's API key with some permissions and return the client."""
    token = client.headers["Authorization"].removeprefix("Bearer ")
    credential = {"vendor": "braze", "token": token, "permissions": list(permissions)}
    answer = emulation.control().post("/credentials", json=credential)
    assert answer.status_code == 201, answer.text
    return client


def mark_field(emulation: Emulation, client: httpx.Client, marks: Any) -> httpx.Response:
    """Mark the field `Rating` of the catalog `shops`, as the dashboard does."""
    path = "/braze/catalogs/shops/fields/Rating"
    return emulation.control(client).patch(path, json=marks)


def get_selected_items(
    emulation: Emulation, client: httpx.Client | None, name: str = "best", catalog: str = "shops"
) -> httpx.Response:
    """Return the response with the current items of a selection.

    Without `client` the request has no credential.
    """
    path = f"/braze/selections/{quote(catalog, safe='')}/{quote(name, safe='')}/items"
    return emulation.control(client).get(path)
