"""A client of the calls under `/_mockalog`, for the controls, the plugin and the CLI."""

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from mockalog.testing.controls.errors import (
    IncompleteWarning,
    MockalogError,
    RefusedError,
    UnreachableError,
)
from mockalog.testing.controls.serialization import JsonObject, body_of

# Seconds. A snapshot or an import of many rows may take long.
TIMEOUT = httpx.Timeout(5, read=120)

# Unmatched requests that are noted before the journal is cleared.
MAX_NOTED = 100

# The status of a call that waits while the server stops.
STOPPING = 503


class ControlClient:
    """The control plane of one emulator; `headers` select the sandbox that the calls act on.

    Every call raises `RefusedError` with the problem's text, `UnreachableError`, or
    `InvalidValueError` for a value that cannot be sent.
    """

    has_registered = False
    """Whether a call may have registered credentials."""

    def __init__(
        self,
        url: str,
        transport: httpx.BaseTransport,
        headers: Mapping[str, str],
        may_have_unmatched: Callable[[], bool] = lambda: True,
    ) -> None:
        self._url = url
        self.may_have_unmatched = may_have_unmatched
        """Return whether the journal may hold unmatched requests; it makes no call."""
        self.unmatched: list[JsonObject] = []
        """The unmatched requests of a journal that has been cleared since."""
        self.armed: set[tuple[str | None, int]] = set()
        """The faults that were armed through this client: sandbox (None: the server) and id."""
        self._transport = transport
        self._headers = headers

    # Any: httpx's options, and the value of a JSON response.
    def call(self, method: str, path: str, **options: Any) -> Any:
        """Make a call and return its JSON, None without a body; `json` may hold dates and times."""
        __tracebackhide__ = True  # pytest then shows the line of the test
        headers = {**self._headers, **options.pop("headers", {})}
        response = self.send(method, f"{self._url}/_mockalog{path}", headers=headers, **options)
        if response.status_code == STOPPING:
            raise _unreachable(self._url, _problem(response)["detail"])
        if response.is_error:
            raise RefusedError(_problem(response))
        answer = response.json() if response.content else None
        _warn_of_absent(answer)
        return answer

    # Any: the options of `httpx.Request`.
    def send(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Send a request to any address of the emulator, and return its response.

        It goes around `httpx.Client` and `httpx.HTTPTransport`, which a test may have patched.
        """
        __tracebackhide__ = True
        if "json" in options:
            options["content"] = body_of(options.pop("json"))
            options["headers"] = {"Content-Type": "application/json", **options.get("headers", {})}
        timeout = {"timeout": TIMEOUT.as_dict()}
        with _as_unreachable(self._url):
            request = httpx.Request(method, url, extensions=timeout, **options)
            response = self._transport.handle_request(request)
            response.read()
        return response

    def replace(self, method: str, path: str, **options: object) -> None:
        """Make a call that replaces the state and clears the journal.

        The unmatched requests are noted first. The armed faults are forgotten.
        """
        __tracebackhide__ = True
        unmatched: list[JsonObject] = []
        if self.may_have_unmatched():
            unmatched = self.list("/requests/unmatched", "requests", params={"limit": MAX_NOTED})
        self.call(method, path, **options)
        self.unmatched += unmatched
        self.armed.clear()

    # Any: the values of a JSON response.
    def list(self, path: str, key: str, **options: object) -> "list[Any]":
        """Return the list under a key of a response."""
        __tracebackhide__ = True
        return list(self.call("GET", path, **options)[key])

    def count(self, method: str, path: str, **options: object) -> int:
        """Return the number in the response of a counting call."""
        __tracebackhide__ = True
        return int(self.call(method, path, **options)["count"])


# Any: the value of a JSON response.
def _warn_of_absent(answer: Any) -> None:
    """Warn if processes of the emulator did not reply, because their requests are missing."""
    if isinstance(answer, dict) and (absent := answer.get("incomplete")):
        said = f"without the part of {', '.join(absent)}, which did not reply"
        warnings.warn(said, IncompleteWarning, stacklevel=2)


def not_started() -> MockalogError:
    """Return the error of a use before the start."""
    return MockalogError("the emulator is not started: call start() or use a with statement")


class NotStartedClient(ControlClient):
    """The control plane of an emulator that is not started: every call raises `MockalogError`."""

    def __init__(self) -> None:
        """Open no connection."""
        self.unmatched, self.armed = [], set()
        self.may_have_unmatched = lambda: False

    # Any: httpx's options, and the value of a JSON response.
    def call(self, method: str, path: str, **options: Any) -> Any:
        """Raise `MockalogError`."""
        raise not_started()


@contextmanager
def _as_unreachable(address: str) -> Iterator[None]:
    try:
        yield
    except (httpx.TransportError, httpx.InvalidURL) as error:
        raise _unreachable(address, str(error) or type(error).__name__) from None


def _unreachable(address: str, reason: str) -> UnreachableError:
    return UnreachableError(f"no mockalog answers at {address}: {reason}")


def _problem(response: httpx.Response) -> JsonObject:
    """Return the problem document of a response; one is made if another server answered."""
    if response.headers.get("content-type") == "application/problem+json":
        problem: JsonObject = response.json()
        return problem
    detail = f"{response.status_code} {response.reason_phrase}: this server is not mockalog"
    return {"status": response.status_code, "title": response.reason_phrase, "detail": detail}
