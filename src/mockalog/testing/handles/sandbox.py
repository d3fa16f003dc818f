"""A sandbox: separate data for one test, with the three vendors in it."""

import uuid
from collections.abc import Callable, Mapping
from functools import cached_property
from types import TracebackType
from typing import Self

import httpx

from mockalog.testing.controls.client import ControlClient
from mockalog.testing.controls.controls import Controls
from mockalog.testing.handles.attraqt import AttraqtHandle
from mockalog.testing.handles.braze import BrazeHandle
from mockalog.testing.handles.squared import SquaredHandle


class Sandbox(Controls):
    """The sandbox that a token opens, by default a new random token.

    As a context manager it raises `UnmatchedRequestsError` at the end of a block without an error.
    """

    def __init__(
        self,
        urls: Mapping[str, str],
        transport: httpx.BaseTransport,
        admin_headers: Mapping[str, str],
        token: str | None = None,
        may_have_unmatched: Callable[[], bool] = lambda: True,
        control_transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`control_transport` sends the control calls, by default as `transport`."""
        self.urls = urls
        self.transport = transport
        self.token = token or uuid.uuid4().hex
        headers = {"Authorization": f"Bearer {self.token}", **admin_headers}
        steering = control_transport or transport
        control = ControlClient(urls["mockalog"], steering, headers, may_have_unmatched)
        super().__init__(control)
        self.braze = BrazeHandle(urls, self.token, transport, control)
        self.attraqt = AttraqtHandle(urls, self.token, transport, control)

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
    def squared(self) -> SquaredHandle:
        """AI Squared. Its first use opens the sandbox: a signup goes by a known token only."""
        self.control.call("GET", "/clock")
        return SquaredHandle(self.urls, self.token, self.transport, self.control)

    @property
    def name(self) -> str:
        """The value of `X-Mockalog-Sandbox`, for clients that cannot send the token."""
        return self.braze.sandbox_name

    def register(self) -> None:
        """Register the credentials of this sandbox with a strict server."""
        client = f"{self.attraqt.client_id}:{self.attraqt.client_secret}"
        for handle in (BrazeHandle, SquaredHandle, AttraqtHandle):
            self.credentials.add(handle.vendor, self.token)
        self.credentials.add("attraqt", client)

    def unregister(self) -> None:
        """Remove the credentials that were registered here, so that other tests may use them."""
        if self.control.has_registered:
            self.credentials.clear()
