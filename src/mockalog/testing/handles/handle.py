"""The common part of the vendors' handles: address, credential, client and controls."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import ClassVar
from urllib.parse import quote

import httpx

from mockalog.testing.controls.client import ControlClient
from mockalog.testing.controls.controls import Controls
from mockalog.testing.controls.faults import ArmedFault


class Handle(Controls):
    """One vendor in a sandbox. `urls` holds the address of each vendor."""

    vendor: ClassVar[str]

    def __init__(
        self,
        urls: Mapping[str, str],
        token: str,
        transport: httpx.BaseTransport,
        control: ControlClient,
    ) -> None:
        super().__init__(control, self.vendor)
        self.url = urls[self.vendor]
        """The root of the vendor's API, without a slash at the end."""
        self.token = token
        """The bearer token that opens the sandbox."""
        self._transport = transport

    @property
    def headers(self) -> dict[str, str]:
        """The headers that a request needs."""
        return {"Authorization": f"Bearer {self.token}"}

    @cached_property
    def sandbox_name(self) -> str:
        """The value of `X-Mockalog-Sandbox`, for clients that cannot send the token."""
        return str(self.control.call("GET", "/info")["sandbox"])

    @cached_property
    def client(self) -> httpx.Client:
        """A client with the address, the headers and the query that the vendor needs."""
        return self._client(self.headers)

    def _client(self, headers: Mapping[str, str]) -> httpx.Client:
        return httpx.Client(
            base_url=self.url,
            headers=headers,
            params=self._params(),
            transport=self._transport,
            trust_env=False,
        )

    def _params(self) -> dict[str, str]:
        return {}

    def fail_next(
        self,
        operation: str = "*",
        *,
        status: int | None = None,
        error: str | None = None,
        retry_after: int | None = None,
        times: int = 1,
        after: int = 0,
        delay: float | timedelta | None = None,
        phase: str | None = None,
        path: str | None = None,
        drop: bool | None = None,
        **more: object,
    ) -> ArmedFault:
        """Let calls fail with the vendor's own error; return the armed fault.

        `status`, `error`: the HTTP status or the vendor's error id.
        `retry_after`: seconds that a 429 asks its client to wait, by default until the next window.
        `times`: the number of calls that fail. `after`: the number of calls that pass first.
        `delay`: seconds or a `timedelta` of real time before the response.
        `phase`: `before`; `after` (the change is committed, the response lost); or `job` (the
        call is accepted and its job fails).
        `path`: only calls of this path or glob. `drop`: close the connection without a response.
        Raises `RefusedError` for an operation, an error or a combination that does not exist.
        """
        __tracebackhide__ = True
        return self.faults.arm(
            self.vendor,
            operation,
            status=status,
            error=error,
            retry_after=retry_after,
            times=times,
            after=after or None,
            delay=delay,
            phase=phase,
            path=path,
            drop=drop,
            **more,
        )


def path_segment(value: int | str) -> str:
    """Return a value as one segment of a path, slashes encoded."""
    return quote(str(value), safe="")
