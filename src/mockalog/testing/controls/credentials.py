"""The registered credentials, which a strict server needs."""

import builtins
from collections.abc import Sequence
from typing import TYPE_CHECKING, NotRequired, TypedDict

from mockalog.testing.controls.commands import command

if TYPE_CHECKING:
    from mockalog.testing.controls.client import ControlClient


class RegisteredCredential(TypedDict):
    """A registered credential; `digest` is the SHA-256 of its token.

    `warnings` names permissions that look like typos; only the answer of `add` has it.
    """

    id: int
    vendor: str
    digest: str
    permissions: list[str]
    sandbox: str
    created_at: str
    warnings: NotRequired[list[str]]


class Credentials:
    """The registered credentials of one sandbox, or of the whole server."""

    def __init__(self, control: "ControlClient") -> None:
        self._control = control

    def add(
        self,
        vendor: str,
        token: str,
        *,
        permissions: Sequence[str] = ("*",),
        sandbox: str | None = None,
        public_key: str | None = None,
    ) -> RegisteredCredential:
        """Register a token, or replace its registration.

        It opens `sandbox`, by default the sandbox of these controls. On the whole server the
        default is a sandbox of its own. `public_key`: the key (PEM) of an Attraqt client that
        signs assertions; the token is then its client id.
        """
        wanted = {"vendor": vendor, "token": token, "permissions": [*permissions]}
        given = {"sandbox": sandbox, "public_key": public_key}
        named = {name: value for name, value in given.items() if value is not None}
        self._control.has_registered = True
        added: RegisteredCredential = self._control.call(
            "POST", "/credentials", json={**wanted, **named}
        )
        return added

    @command("list")
    def list(self) -> builtins.list[RegisteredCredential]:
        """List the registered credentials, without their tokens."""
        return self._control.list("/credentials", "credentials")

    def clear(self) -> None:
        """Remove all registered credentials."""
        for credential in self.list():
            self.remove(credential["id"])

    @command("rm")
    def remove(self, credential_id: int) -> None:
        """Remove a credential by its id; its sandbox stays."""
        self._control.call("DELETE", f"/credentials/{credential_id}")
