"""The calls under `/_mockalog`, typed: what the handles, the plugin and the commands speak."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx

from mockalog.testing.errors import MockalogError, Refused, Unreachable
from mockalog.testing.values import body_of

# What the server may take for one call: a snapshot or an import of many rows.
PATIENCE = httpx.Timeout(5, read=120)

# Of the requests that fit no operation, so many newest are kept when the journal is emptied.
KEPT = 100

# What a call is answered with that still waits when the server stops.
STOPPING = 503

Json = Mapping[str, Any]


class Control:
    """The control plane of one emulator; `headers` say whose sandbox the calls act on.

    Every call raises `Refused` with the problem's text, `Unreachable`, and `WrongValue` for what
    cannot be sent.
    """

    registers = False
    """Whether a call may have registered credentials."""

    def __init__(
        self,
        url: str,
        transport: httpx.BaseTransport,
        headers: Mapping[str, str],
        may_stray: Callable[[], bool] = lambda: True,
    ) -> None:
        self._url = url
        self.may_stray = may_stray
        """Whether a request may have been sent that fits no operation; it costs no call."""
        self.strayed: list[Json] = []
        """What was sent and fitted no operation, and is in the journal no more."""
        self.armed: set[tuple[str | None, int]] = set()
        """The faults that were armed: whose, and their ids."""
        self._client = httpx.Client(
            base_url=f"{url}/_mockalog",
            transport=transport,
            headers=headers,
            timeout=PATIENCE,
            trust_env=False,
        )

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Make a call and return what its answer says; `json` may hold dates and times."""
        __tracebackhide__ = True  # pytest then shows the line of the test
        if "json" in options:
            options["content"] = body_of(options.pop("json"))
            options["headers"] = {"Content-Type": "application/json"}
        with _in_our_words(self._url):
            answer = self._client.request(method, path, **options)
        if answer.status_code == STOPPING:
            raise _unreachable(self._url, _problem(answer)["detail"])
        if answer.is_error:
            raise Refused(_problem(answer))
        return answer.json() if answer.content else None

    def replace(self, method: str, path: str, **options: Any) -> None:
        """Make a call that puts another state, and an empty journal, in place of the present.

        What was armed before is gone, or comes back as it was once.
        """
        __tracebackhide__ = True
        strayed: list[Json] = []
        if self.may_stray():
            strayed = self.list("/requests/unmatched", "requests", params={"limit": KEPT})
        self.call(method, path, **options)
        self.strayed += strayed
        self.armed.clear()

    def list(self, path: str, key: str, **options: Any) -> list[Any]:
        """Return what a list of the control plane holds."""
        __tracebackhide__ = True
        return list(self.call("GET", path, **options)[key])

    def count(self, method: str, path: str, **options: Any) -> int:
        """Return the number that a counting call answers."""
        __tracebackhide__ = True
        return int(self.call(method, path, **options)["count"])


def not_started() -> MockalogError:
    """Return what to raise before the start."""
    return MockalogError("it is not started: call start() or use it as a context manager")


class NotStarted(Control):
    """The control plane of an emulator that is not there yet."""

    def __init__(self) -> None:
        """Reach nobody."""
        self.strayed, self.armed = [], set()
        self.may_stray = lambda: False

    def call(self, method: str, path: str, **options: Any) -> Any:
        """Say that there is none."""
        raise not_started()


@contextmanager
def _in_our_words(address: str) -> Iterator[None]:
    try:
        yield
    except httpx.TransportError as error:
        raise _unreachable(address, str(error) or type(error).__name__) from None


def _unreachable(address: str, reason: str) -> Unreachable:
    return Unreachable(f"no mockalog answers at {address}: {reason}")


def _problem(answer: httpx.Response) -> dict[str, Any]:
    """Return the problem document; of somebody who sends none, what can be said."""
    if answer.headers.get("content-type") == "application/problem+json":
        problem: dict[str, Any] = answer.json()
        return problem
    detail = f"{answer.status_code} {answer.reason_phrase}; that is no mockalog"
    return {"status": answer.status_code, "title": answer.reason_phrase, "detail": detail}
