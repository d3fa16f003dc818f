"""A sandbox: one test's own world, with the three vendors in it."""

import uuid
from collections.abc import Callable, Mapping
from functools import cached_property
from types import TracebackType
from typing import Self

import httpx

from mockalog.testing.control import Control
from mockalog.testing.handles import AttraqtHandle, BrazeHandle, SquaredHandle
from mockalog.testing.steering import Steering


class Sandbox(Steering):
    """Opened by a token that nobody else knows.

    As a context manager it raises `UnmatchedRequests` at the end of a block that sent some.
    """

    def __init__(
        self,
        urls: Mapping[str, str],
        transport: httpx.BaseTransport,
        admin: Mapping[str, str],
        token: str | None = None,
        may_stray: Callable[[], bool] = lambda: True,
    ) -> None:
        self.urls = urls
        self.transport = transport
        self.token = token or uuid.uuid4().hex
        headers = {"Authorization": f"Bearer {self.token}", **admin}
        super().__init__(Control(urls["mockalog"], transport, headers, may_stray))
        self.braze = BrazeHandle(self)
        self.squared = SquaredHandle(self)
        self.attraqt = AttraqtHandle(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            self.check_unmatched()

    @cached_property
    def name(self) -> str:
        """What `X-Mockalog-Sandbox` has to say, for clients that cannot send the token."""
        return str(self.control.call("GET", "/info")["sandbox"])

    def register(self) -> None:
        """Make a server that is strict take this sandbox's credentials."""
        client = f"{self.attraqt.client_id}:{self.attraqt.client_secret}"
        for handle in (self.braze, self.squared, self.attraqt):
            self.credentials.add(handle.vendor, self.token)
        self.credentials.add("attraqt", client)

    def unregister(self) -> None:
        """Take back what was registered from here, if anything, so that others may register it."""
        if self.control.registers:
            self.credentials.clear()
