"""The handle of AI Squared."""

from collections.abc import Mapping

import httpx

from mockalog.testing.controls.errors import RefusedError
from mockalog.testing.controls.serialization import JsonObject
from mockalog.testing.handles.handle import Handle, path_segment

# The password of a test's user, by default. It satisfies the vendor's rules.
PASSWORD = "Secret1!"  # noqa: S105 - it protects nothing


class SquaredHandle(Handle):
    """AI Squared in a sandbox. Every sandbox has a first user, whose workspace has the id 1."""

    vendor = "squared"
    workspace_id = 1

    @property
    def headers(self) -> dict[str, str]:
        """The headers that a request needs; only the `server` dialect needs the workspace."""
        return {**super().headers, "Workspace-Id": str(self.workspace_id)}

    def user(
        self, email: str, *, role: str = "Member", password: str = PASSWORD, name: str = "User"
    ) -> httpx.Client:
        """Add a user with a role in the first workspace, and log in; return the user's client.

        From then on, a login with this email and without a credential opens this sandbox.
        `role`: `Admin`, `Member` or `Viewer`. The journal shows only the login.
        """
        user = {"name": name, "email": email, "password": password, "role": role}
        self.seed({"squared": {"users": [user]}})
        self.credentials.add(self.vendor, email)
        return self._client(self._headers_of(self._log_in(email, password), self.workspace_id))

    def login(self, email: str, password: str = PASSWORD) -> httpx.Client:
        """Log in a signed-up user; return the client, in the user's first workspace.

        The journal shows the login and a list of the workspaces. Raises `RefusedError`.
        """
        token = self._log_in(email, password)
        url, headers = f"{self.url}/api/v1/workspaces", self._headers_of(token)
        found = self.control.send("GET", url, headers=headers).json()["data"]
        first = min(int(workspace["id"]) for workspace in found)
        return self._client(self._headers_of(token, first))

    def mails(self) -> list[JsonObject]:
        """Return the mails that AI Squared would have sent, oldest first: `to`, `kind`, `token`."""
        __tracebackhide__ = True
        return self.control.list("/squared/outbox", "mails")

    def tables(self, connector_id: int | str) -> JsonObject:
        """Return the tables of a connector by name, with `columns`, `primary_key` and `rows`.

        A source reads from these tables. At a destination they hold the rows that arrived.
        """
        __tracebackhide__ = True
        return dict(self.control.call("GET", _tables_path(connector_id)))

    def load(self, connector_id: int | str, tables: Mapping[str, object]) -> JsonObject:
        """Replace all tables of a connector; return them as `tables` does.

        A table is a list of rows, or a dictionary with `columns`, `primary_key` and `rows`.
        """
        __tracebackhide__ = True
        return dict(self.control.call("PUT", _tables_path(connector_id), json=tables))

    def give_role(self, user_id: int | str, role: str, workspace_id: int | str = 1) -> None:
        """Give a user a role in a workspace, as AI Squared's pages do: `Admin` … `Viewer`."""
        __tracebackhide__ = True
        workspace, user = path_segment(workspace_id), path_segment(user_id)
        path = f"/squared/workspaces/{workspace}/members/{user}"
        self.control.call("PUT", path, json={"role": role})

    def _log_in(self, email: str, password: str) -> str:
        """Return the token of a new login."""
        body = {"email": email, "password": password}
        url = f"{self.url}/api/v1/login"
        response = self.control.send("POST", url, headers=self.headers, json=body)
        if response.is_error:
            detail = (
                f"the login of {email} is answered with {response.status_code}: {response.text}"
            )
            problem = {"title": response.reason_phrase, "status": response.status_code}
            raise RefusedError({**problem, "detail": detail})
        return str(response.json()["data"]["id"])

    def _headers_of(self, token: str, workspace: int | None = None) -> dict[str, str]:
        needed = {} if workspace is None else {"Workspace-Id": str(workspace)}
        return {"Authorization": f"Bearer {token}", **needed}


def _tables_path(connector_id: int | str) -> str:
    return f"/squared/connectors/{path_segment(connector_id)}/tables"
