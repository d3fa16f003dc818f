"""The emulator in a test: started in this process, or attached to where it runs."""

import atexit
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mockalog.testing.control import Control, NotStarted, not_started
from mockalog.testing.errors import MockalogError, Unreachable
from mockalog.testing.handles import AttraqtHandle, BrazeHandle, SquaredHandle
from mockalog.testing.sandbox import Sandbox
from mockalog.testing.steering import Steering
from mockalog.testing.transport import SharedTransport

if TYPE_CHECKING:
    import httpx

    from mockalog.settings import Settings
    from mockalog.testing.attached import Attached
    from mockalog.testing.in_process import InProcess

FREE_PORTS = dict.fromkeys(("port", "squared_port", "braze_port", "attraqt_port"), 0)


class Mockalog(Steering):
    """An emulator. What is inherited steers the whole server; `sandbox()` opens a world apart.

    It listens on free ports, from a thread of this process. With `in_process` nothing listens, and
    httpx gets there through `transport`. With a `url`, or `MOCKALOG_URL` in the environment, it is
    one that runs already. `settings` are those of `mockalog serve`: `database_url`, `auth`, `tls` …
    """

    def __init__(
        self,
        url: str | None = None,
        *,
        in_process: bool = False,
        admin_token: str | None = None,
        **settings: Any,
    ) -> None:
        if settings:
            _check(url, settings)
        elif url is None and not in_process:
            url = os.environ.get("MOCKALOG_URL") or None
        self._given_url = url
        self._in_process = in_process
        self._admin_token = admin_token or os.environ.get("MOCKALOG_ADMIN_TOKEN")
        self._given_settings = settings
        self._running: Attached | InProcess | None = None
        self._started: Sandbox | None = None
        self._process = os.getpid()
        super().__init__(NotStarted())

    def start(self) -> Self:
        """Start or attach; raises `MockalogError` with one clear line if that cannot be."""
        with _one_clear_line():
            host = self._new_host()
            host.start()
        self._running, self._process = host, os.getpid()
        super().__init__(Control(self.url, self.transport, self._admin, host.unmatched_possible))
        self._started = self.sandbox()
        # Who forgets to stop shall not hang at the interpreter's end.
        atexit.register(self.stop)
        return self

    def stop(self) -> None:
        """End what `start` began; nothing where nothing was, or in a fork of that process."""
        atexit.unregister(self.stop)
        own, self._started = self._started, None
        if self._running is not None and self._is_ours():
            if own is not None and self.attached:
                with suppress(Unreachable):  # it may have ended before us
                    own.unregister()
            self._running.stop()

    def _is_ours(self) -> bool:
        """Return whether this process started it: a fork has none of its threads."""
        return os.getpid() == self._process

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def urls(self) -> Mapping[str, str]:
        """The addresses: `mockalog`, `braze`, `squared`, `attraqt`."""
        return self._host.urls

    @property
    def transport(self) -> "httpx.BaseTransport":
        """How an `httpx.Client` gets there."""
        return SharedTransport(self._host.transport)

    @property
    def url(self) -> str:
        """The main address; the control plane is at its `/_mockalog`."""
        return self.urls["mockalog"]

    @property
    def async_transport(self) -> "httpx.AsyncBaseTransport":
        """How an `httpx.AsyncClient` gets there; a new transport each time."""
        return self._host.async_transport()

    @property
    def attached(self) -> bool:
        """Whether it is somebody else's, who goes on after us."""
        return self._given_url is not None

    @property
    def ca_certificate(self) -> str | None:
        """The authority (PEM) that clients have to trust, if it serves https."""
        return self._host.ca_certificate

    @property
    def braze(self) -> BrazeHandle:
        """Braze, in this object's own sandbox."""
        return self._own.braze

    @property
    def squared(self) -> SquaredHandle:
        """AI Squared, in this object's own sandbox."""
        return self._own.squared

    @property
    def attraqt(self) -> AttraqtHandle:
        """Attraqt, in this object's own sandbox."""
        return self._own.attraqt

    @property
    def _own(self) -> Sandbox:
        if self._started is None:
            raise not_started()
        return self._started

    @property
    def _host(self) -> "Attached | InProcess":
        if self._running is None:
            raise not_started()
        return self._running

    def sandbox(self, token: str | None = None) -> Sandbox:
        """Return a new sandbox, or the one that a token opens.

        A strict server is told its credentials, till `Sandbox.unregister`.
        """
        host = self._host
        sandbox = Sandbox(self.urls, self.transport, self._admin, token, host.unmatched_possible)
        if host.strict:
            sandbox.register()
        return sandbox

    def check_strayed(self, sandbox: Sandbox, since: datetime) -> None:
        """Raise `UnmatchedRequests` for what a test sent; costs no call if there can be nothing.

        On a server of our own for whatever came since it began: what carries no credential is
        nobody's. On one that others use for what came to its sandbox.
        """
        if self.attached:
            sandbox.check_unmatched()
            return
        self.control.strayed += sandbox.control.strayed
        try:
            if self.control.strayed or self._host.unmatched_possible(since):
                self.check_unmatched(since)
        finally:
            self.control.strayed.clear()

    @property
    def _admin(self) -> dict[str, str]:
        return {"X-Mockalog-Admin": self._admin_token} if self._admin_token else {}

    def _new_host(self) -> "Attached | InProcess":
        if self._given_url is not None:
            from mockalog.testing.attached import Attached

            return Attached(self._given_url, self._admin, _addresses_beside(self._given_url))
        settings = self._settings()
        if self._in_process:
            from mockalog.testing.in_process import InProcess

            return InProcess(settings)
        from mockalog.testing.served import Served

        return Served(settings)

    def _settings(self) -> "Settings":
        from mockalog.settings import load_settings

        always = {**FREE_PORTS, "host": "127.0.0.1", "workers": 1, "admin_token": self._admin_token}
        given = {**always, **self._given_settings}
        if isinstance(given.get("seed"), os.PathLike):
            given["seed"] = os.fspath(given["seed"])
        return load_settings(**given)


def _check(url: str | None, settings: Mapping[str, Any]) -> None:
    """Raise `MockalogError` for settings that no server has, or that another's cannot be given."""
    from mockalog.settings import SETTABLE

    if url is not None:
        raise MockalogError(f"the server at {url} has its own settings: leave out the url or them")
    if unknown := sorted(set(settings) - SETTABLE):
        known = ", ".join(sorted(SETTABLE))
        raise MockalogError(f"there is no setting {', '.join(unknown)}; there is: {known}")


def _addresses_beside(url: str) -> dict[str, str]:
    """Return the vendors' addresses that variables name, if they name this server's too."""
    if url != os.environ.get("MOCKALOG_URL"):
        return {}
    names = {name: f"MOCKALOG_{name.upper()}_URL" for name in ("squared", "braze", "attraqt")}
    return {name: os.environ[key] for name, key in names.items() if key in os.environ}


@contextmanager
def _one_clear_line() -> Iterator[None]:
    """Turn what the user can mend into one error of ours."""
    from mockalog.addresses import AddressError
    from mockalog.kernel.database.interfaces import DatabaseConfigurationError
    from mockalog.kernel.documents.errors import InvalidDocumentError
    from mockalog.settings import SettingsError

    try:
        yield
    except (
        AddressError,
        DatabaseConfigurationError,
        InvalidDocumentError,
        SettingsError,
    ) as problem:
        raise MockalogError(str(problem)) from None
