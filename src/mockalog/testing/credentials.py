"""Registering credentials, for servers that do not take any."""

from collections.abc import Sequence
from typing import Any

from mockalog.testing.control import Control


class Credentials:
    """What is registered: of one sandbox, or of the whole server."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def list(self) -> list[dict[str, Any]]:
        """Return what is registered; never the tokens themselves."""
        return self._control.list("/credentials", "credentials")

    def add(
        self,
        vendor: str,
        token: str,
        *,
        permissions: Sequence[str] = ("*",),
        sandbox: str | None = None,
    ) -> dict[str, Any]:
        """Register a token, or replace what was registered under it.

        It opens `sandbox`; without one that of these calls, on the whole server one of its own.
        """
        wanted: dict[str, Any] = {"vendor": vendor, "token": token, "permissions": [*permissions]}
        if sandbox is not None:
            wanted["sandbox"] = sandbox
        self._control.registers = True
        return dict(self._control.call("POST", "/credentials", json=wanted))

    def clear(self) -> None:
        """Forget all that is registered."""
        for known in self.list():
            self.remove(known["id"])

    def remove(self, credential_id: int) -> None:
        """Forget a registered credential; its sandbox stays."""
        self._control.call("DELETE", f"/credentials/{credential_id}")
