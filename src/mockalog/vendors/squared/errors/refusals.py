"""Squared's refusals by kind.

Source: docs/vendors/squared.md#26-error-envelopes; the kinds keep their letters from there.
"""

import re
from typing import Any

from mockalog.kernel.errors import ApiError


class Invalid(ApiError):
    """Kind A: the request breaks its contract. `errors` is nested like the request."""

    error_id = "validation"

    def __init__(self, errors: dict[str, Any]) -> None:
        super().__init__(errors)
        self.errors = errors


# By status: the id of a refusal that has no finer one.
_ID_OF = {404: "not-found", 422: "unprocessable", 424: "failed-dependency"}


class Declined(ApiError):
    """Kind B: the application refuses. `source` has the first message of each bad field.

    The vendor has no ids: `id_` is ours, by default that of the status.
    """

    def __init__(
        self, status: int, detail: str, source: dict[str, str] | None = None, *, id_: str = ""
    ) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail
        self.source = source
        self._id = id_ or _ID_OF[status]

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the id under which the document shows it."""
        return (self._id,)


class BadRequest(ApiError):
    """Kind C: where the Rails server runs into an exception."""

    error_id = "exception"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NoWorkspace(BadRequest):
    """The call needs a workspace, and names none of the caller's."""

    error_id = "workspace-not-found.400"

    def __init__(self) -> None:
        super().__init__("Workspace not found")


class Bare(ApiError):
    """Kind D: one line and no more. Only a missing parameter is a 422 of this kind."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the id of the status."""
        return ("record-not-found" if self.status == 404 else "parameter-missing",)


class AccountLocked(ApiError):
    """A valid token of a locked account: the one refusal in plain text (measured)."""

    error_id = "account-locked"


class InvalidLogin(Declined):
    """Wrong password and unknown email alike, so that neither can be told from the other."""

    def __init__(self) -> None:
        text = "Invalid login credentials, please try again"
        super().__init__(401, text, id_="invalid-login")


class SourceFailed(Declined):
    """A source or a destination fails; `detail` is in its own words."""

    def __init__(self, text: str) -> None:
        super().__init__(422, text, id_="source-failed")


class Missing(ApiError):
    """A record that is not there in the docs' words about runs.

    Source: docs/vendors/squared.md#1-contradictions, row 20.
    """

    error_id = "run-not-found"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


# Between the two words of a name that is written as one.
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")


def not_found(what: str) -> Declined:
    """Return the refusal of a record that the workspace does not have.

    The id is made of its name; "SyncRun" and "Sync Run" are one to it.
    """
    name = _HUMP.sub("-", what).replace(" ", "-").lower()
    return Declined(404, f"{what} not found", id_=f"{name}-not-found")
