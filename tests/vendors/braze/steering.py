"""Control of the emulator in Braze's tests: clock, settings, jobs and the dashboard's calls."""

from typing import Any
from urllib.parse import quote

import httpx

from tests.emulation import Emulation


def change_setting(
    emulation: Emulation, client: httpx.Client, name: str, value: Any
) -> httpx.Response:
    """Return the response of the raw call that changes a setting, for a value that is refused."""
    return emulation.control(client).patch("/settings", json={name: value})


def set_setting(emulation: Emulation, client: httpx.Client, name: str, value: Any) -> None:
    """Set a setting of the client's sandbox."""
    emulation.sandbox(client).settings[name] = value


def setting(emulation: Emulation, client: httpx.Client, name: str) -> Any:
    """Return a setting of the client's sandbox."""
    return emulation.sandbox(client).settings[name]


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
    emulation.sandbox(client).clock.freeze(now)


def advance(emulation: Emulation, client: httpx.Client, seconds: float) -> None:
    """Move the clock of the client's sandbox on."""
    emulation.sandbox(client).clock.advance(seconds)


def settle(emulation: Emulation, client: httpx.Client) -> int:
    """Run all jobs of the client's sandbox and return their number."""
    return emulation.sandbox(client).clock.settle()


def reset(emulation: Emulation, client: httpx.Client) -> None:
    """Reset the client's sandbox."""
    emulation.sandbox(client).reset()


def list_jobs(emulation: Emulation, client: httpx.Client) -> list[dict[str, Any]]:
    """Return the jobs of the client's sandbox, by number."""
    return emulation.sandbox(client).control.list("/jobs", "jobs")


def outcomes(emulation: Emulation, client: httpx.Client) -> list[str | None]:
    """Return the outcomes of the client's jobs, by number."""
    return [job["outcome"] for job in list_jobs(emulation, client)]


def register_key(emulation: Emulation, client: httpx.Client, *permissions: str) -> httpx.Client:
    """Register the client's API key with some permissions and return the client."""
    token = client.headers["Authorization"].removeprefix("Bearer ")
    emulation.server().credentials.add("braze", token, permissions=permissions)
    return client


def mark_field(emulation: Emulation, client: httpx.Client, **marks: bool) -> None:
    """Mark the field `Rating` of the catalog `shops`, as the dashboard does."""
    emulation.sandbox(client).braze.mark_field("shops", "Rating", **marks)


def send_marks(emulation: Emulation, client: httpx.Client, marks: Any) -> httpx.Response:
    """Return the response of the raw call that marks the field `Rating`, valid or not."""
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
