"""The emulator in a test: started in this process, or a remote one."""

import atexit
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from mockalog.testing.controls.client import ControlClient, NotStartedClient, not_started
from mockalog.testing.controls.controls import Controls
from mockalog.testing.controls.errors import MockalogError, UnreachableError
from mockalog.testing.emulators.transports import SharedTransport
from mockalog.testing.handles.attraqt import AttraqtHandle
from mockalog.testing.handles.braze import BrazeHandle
from mockalog.testing.handles.sandbox import Sandbox
from mockalog.testing.handles.squared import SquaredHandle

if TYPE_CHECKING:
    import httpx

    from mockalog.settings import Settings
    from mockalog.testing.emulators.in_process import InProcess
    from mockalog.testing.emulators.remote import Remote

VENDORS = ("squared", "braze", "attraqt")
FREE_PORTS = dict.fromkeys(("port", "squared_port", "braze_port", "attraqt_port"), 0)


class Mockalog(Controls):
    """An emulator. Its own controls act on the whole server; `sandbox()` opens a new sandbox.

    It listens on free ports, from a thread of this process. With `in_process` it has no sockets,
    and httpx reaches it through `transport`. With a `url`, or `MOCKALOG_URL` in the environment,
    it is a remote emulator. `settings` are those of `mockalog serve`: `database_url`, `auth`, `tls`
    …
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
        self._started_emulator: Remote | InProcess | None = None
        self._default_sandbox: Sandbox | None = None
        self._process = os.getpid()
        super().__init__(NotStartedClient())

    def start(self) -> Self:
        """Start the emulator or connect to it; raises `MockalogError` with a one-line reason."""
        with _as_mockalog_errors():
            emulator = self._new_emulator()
            emulator.start()
        self._started_emulator, self._process = emulator, os.getpid()
        transport, possible = emulator.control_transport, emulator.unmatched_possible
        super().__init__(ControlClient(self.url, transport, self._admin_headers, possible))
        self._default_sandbox = self.sandbox()
        # Without a stop the interpreter's exit would wait for the thread.
        atexit.register(self.stop)
        return self

    def stop(self) -> None:
        """End what `start` began. Before a start, and in a fork of the process, do nothing."""
        atexit.unregister(self.stop)
        sandbox, self._default_sandbox = self._default_sandbox, None
        if self._started_emulator is not None and self._is_own_process():
            if sandbox is not None and self.attached:
                with suppress(UnreachableError):  # the remote server may have ended
                    sandbox.unregister()
            self._started_emulator.stop()

    def _is_own_process(self) -> bool:
        """Return whether this process started the emulator: a fork has none of its threads."""
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
        return self._emulator.urls

    @property
    def transport(self) -> "httpx.BaseTransport":
        """The transport for an `httpx.Client`."""
        return SharedTransport(self._emulator.transport)

    @property
    def url(self) -> str:
        """The main address; the control plane is at its `/_mockalog`."""
        return self.urls["mockalog"]

    @property
    def async_transport(self) -> "httpx.AsyncBaseTransport":
        """A new transport for an `httpx.AsyncClient`."""
        return self._emulator.async_transport()

    @property
    def attached(self) -> bool:
        """Whether it is a remote emulator, which goes on after a stop."""
        return self._given_url is not None

    @property
    def ca_certificate(self) -> str | None:
        """The certificate authority (PEM) that clients must trust; None without TLS."""
        return self._emulator.ca_certificate

    @property
    def braze(self) -> BrazeHandle:
        """Braze, in the default sandbox of this object."""
        return self._own_sandbox.braze

    @property
    def squared(self) -> SquaredHandle:
        """AI Squared, in the default sandbox of this object."""
        return self._own_sandbox.squared

    @property
    def attraqt(self) -> AttraqtHandle:
        """Attraqt, in the default sandbox of this object."""
        return self._own_sandbox.attraqt

    @property
    def _own_sandbox(self) -> Sandbox:
        if self._default_sandbox is None:
            raise not_started()
        return self._default_sandbox

    @property
    def _emulator(self) -> "Remote | InProcess":
        if self._started_emulator is None:
            raise not_started()
        return self._started_emulator

    def preload(self, *vendors: str) -> None:
        """Read from disk now what calls would read at their first use, by default of all vendors.

        A test may then replace the file system, or leave the working directory. The fixtures of the
        pytest plugin do this.
        """
        self._emulator.preload(vendors or VENDORS)

    def sandbox(self, token: str | None = None) -> Sandbox:
        """Return a new sandbox, or the one that a token opens.

        Its credentials are registered with a strict server, until `Sandbox.unregister`.
        """
        emulator = self._emulator
        sandbox = Sandbox(
            self.urls,
            self.transport,
            self._admin_headers,
            token,
            emulator.unmatched_possible,
            emulator.control_transport,
        )
        if emulator.strict:
            sandbox.register()
        return sandbox

    def check_test(self, sandbox: Sandbox, since: datetime) -> None:
        """Raise `UnmatchedRequestsError` for the unmatched requests of a test.

        On a server of our own, all requests since the test's start count: a request without a
        credential belongs to no sandbox. On a remote server only the sandbox's requests count.
        Without unmatched requests it makes no call on a server of our own.
        """
        if self.attached:
            sandbox.check_unmatched()
            return
        self.control.unmatched += sandbox.control.unmatched
        try:
            if self.control.unmatched or self._emulator.unmatched_possible(since):
                self.check_unmatched(since)
        finally:
            self.control.unmatched.clear()

    @property
    def _admin_headers(self) -> dict[str, str]:
        return {"X-Mockalog-Admin": self._admin_token} if self._admin_token else {}

    def _new_emulator(self) -> "Remote | InProcess":
        if self._given_url is not None:
            from mockalog.testing.emulators.remote import Remote

            return Remote(self._given_url, self._admin_headers, _known_urls(self._given_url))
        settings = self._settings()
        if self._in_process:
            from mockalog.testing.emulators.in_process import InProcess

            return InProcess(settings)
        from mockalog.testing.emulators.server import Server

        return Server(settings)

    def _settings(self) -> "Settings":
        from mockalog.settings import load_settings

        always = {**FREE_PORTS, "host": "127.0.0.1", "workers": 1, "admin_token": self._admin_token}
        given = {**always, **self._given_settings}
        if isinstance(given.get("seed"), os.PathLike):
            given["seed"] = os.fspath(given["seed"])
        return load_settings(**given)


def _check(url: str | None, settings: Mapping[str, object]) -> None:
    """Raise `MockalogError` for unknown settings, and for settings beside a URL."""
    from mockalog.settings import SETTABLE

    if url is not None:
        raise MockalogError(
            f"the server at {url} has its own settings: leave out the URL or the settings"
        )
    if unknown := sorted(set(settings) - SETTABLE):
        known = ", ".join(sorted(SETTABLE))
        raise MockalogError(f"setting {', '.join(unknown)} does not exist; use one of: {known}")


def _known_urls(url: str) -> dict[str, str]:
    """Return the vendors' addresses in the environment, if it also names this server's."""
    if url != os.environ.get("MOCKALOG_URL"):
        return {}
    names = {name: f"MOCKALOG_{name.upper()}_URL" for name in VENDORS}
    return {name: os.environ[key] for name, key in names.items() if key in os.environ}


@contextmanager
def _as_mockalog_errors() -> Iterator[None]:
    """Turn the errors of a start that the user can correct into `MockalogError`."""
    from mockalog.kernel.errors import UserError

    try:
        yield
    except UserError as problem:
        raise MockalogError(str(problem)) from None
