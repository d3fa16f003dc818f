"""Squared's errors by kind.

Source: docs/vendors/squared.md#26-error-envelopes; the kinds keep their letters from there.
"""

import re

from mockalog.kernel.errors import ApiError


class ContractError(ApiError):
    """Kind A: the request breaks its contract. `errors` is nested like the request."""

    error_id = "validation"

    def __init__(self, errors: dict[str, object]) -> None:
        super().__init__(errors)
        self.errors = errors


# By status: the id of an error without an id of its own.
_ID_OF = {404: "not-found", 422: "unprocessable", 424: "failed-dependency"}


class ApplicationError(ApiError):
    """Kind B: an error of the application. `source` has the first message of each bad field.

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
        """Return the id in the OpenAPI document."""
        return (self._id,)


class BadRequestError(ApiError):
    """Kind C: the Rails server raises an exception."""

    error_id = "exception"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class UndefinedMethodError(BadRequestError):
    """Kind C: the server calls a method that a value does not have."""

    def __init__(self, method: str, receiver: str) -> None:
        super().__init__(undefined_method(method, receiver))


def undefined_method(method: str, receiver: str) -> str:
    """Return the text of a `NoMethodError`; `receiver`: `nil`, or `an instance of …`.

    The vendor's Ruby writes a backtick before the name: docs/vendors/squared.md#26-error-envelopes.
    """
    return f"undefined method `{method}' for {receiver}"


class NoWorkspaceError(BadRequestError):
    """The call needs a workspace and names none, or one that is not the caller's."""

    error_id = "workspace-not-found.400"

    def __init__(self) -> None:
        super().__init__("Workspace not found")


class PlainError(ApiError):
    """Kind D: one line of text. The only 422 of this kind is a missing parameter."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the id of the status."""
        return ("record-not-found" if self.status == 404 else "parameter-missing",)


class AccountLockedError(ApiError):
    """A valid token of a locked account: the only error in plain text (measured)."""

    error_id = "account-locked"


class InvalidLoginError(ApplicationError):
    """A wrong password or an unknown email: the response does not say which."""

    def __init__(self) -> None:
        text = "Invalid login credentials, please try again"
        super().__init__(401, text, id_="invalid-login")


class SourceError(ApplicationError):
    """A source or a destination fails; `detail` is its own error text."""

    def __init__(self, text: str) -> None:
        super().__init__(422, text, id_="source-failed")


class RunNotFoundError(ApiError):
    """A sync or run does not exist, in the docs' words about runs.

    Source: docs/vendors/squared.md#1-contradictions, row 20.
    """

    error_id = "run-not-found"

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


# The boundary between two words of a name in camel case.
_WORD_BOUNDARY = re.compile("(?<=[a-z])(?=[A-Z])")


def not_found(what: str) -> ApplicationError:
    """Return the error for a record that the workspace does not have.

    The id is made of its name; "SyncRun" and "Sync Run" are one to it.
    """
    name = _WORD_BOUNDARY.sub("-", what).replace(" ", "-").lower()
    return ApplicationError(404, f"{what} not found", id_=f"{name}-not-found")
