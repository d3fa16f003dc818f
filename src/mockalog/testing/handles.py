"""A vendor in a test's sandbox: where it is, what opens it, and what can be done to it."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

import httpx

from mockalog.testing.errors import Refused
from mockalog.testing.steering import Steering

if TYPE_CHECKING:
    from mockalog.testing.sandbox import Sandbox


# Of a user of Squared's whose test does not care: long and mixed enough for the vendor.
PASSWORD = "Secret1!"  # noqa: S105 - it guards nothing


class Handle(Steering):
    """What the three vendors' handles share."""

    vendor: ClassVar[str]

    def __init__(self, sandbox: "Sandbox") -> None:
        super().__init__(sandbox.control, self.vendor)
        self.sandbox = sandbox
        self.url = sandbox.urls[self.vendor]
        """The root of the vendor's API, no slash at its end."""
        self.token = sandbox.token
        """The bearer token that opens the sandbox."""

    @property
    def headers(self) -> dict[str, str]:
        """What a request has to carry."""
        return {"Authorization": f"Bearer {self.token}"}

    @cached_property
    def client(self) -> httpx.Client:
        """A client that is ready to use."""
        return self._client(self.headers)

    def _client(self, headers: Mapping[str, str]) -> httpx.Client:
        return httpx.Client(
            base_url=self.url,
            headers=headers,
            params=self._params(),
            transport=self.sandbox.transport,
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
        **more: Any,
    ) -> dict[str, Any]:
        """Let calls fail in the vendor's own words; return the armed fault.

        `status` and `error` (the vendor's id): which failure. `retry_after`: seconds that a 429
        asks its client to wait (by default until the limit's next window). `times`: how many calls,
        once `after` of them went well. `delay`: seconds (or a `timedelta`) before the answer.
        `phase`: `before`, `after` (done, but the answer is lost) or `job` (accepted, then the job
        fails). `path`: which calls only. `drop`: the connection is closed without an answer. Raises
        `Refused` for what the vendor has not.
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


class BrazeHandle(Handle):
    """Braze."""

    vendor = "braze"

    @property
    def api_key(self) -> str:
        """The REST API key: the token, by Braze's name."""
        return self.token

    def selected(self, catalog: str, selection: str) -> list[dict[str, Any]]:
        """Return the items that a selection picks now, in its order, as a campaign would see them.

        Raises `Refused`, in Braze's words, where there is no such catalog or selection.
        """
        __tracebackhide__ = True
        path = f"/braze/selections/{_part(catalog)}/{_part(selection)}/items"
        return self.control.list(path, "items")

    def mark_field(self, catalog: str, field: str, **marks: bool) -> dict[str, Any]:
        """Mark a field as the dashboard does, `is_inventory` or `is_price`; return the field."""
        __tracebackhide__ = True
        path = f"/braze/catalogs/{_part(catalog)}/fields/{_part(field)}"
        return dict(self.control.call("PATCH", path, json=marks))


class SquaredHandle(Handle):
    """AI Squared. Every sandbox has a first user, whose first workspace is number 1."""

    vendor = "squared"
    workspace_id = 1

    @property
    def headers(self) -> dict[str, str]:
        """What a request has to carry; the workspace is needed in the `server` dialect only."""
        return {**super().headers, "Workspace-Id": str(self.workspace_id)}

    def user(
        self, email: str, *, role: str = "Member", password: str = PASSWORD, name: str = "User"
    ) -> httpx.Client:
        """Add a user with a role in the first workspace; return their client, logged in.

        Whoever logs in with this email, and without a credential, is in this sandbox from then on.
        `role`: `Admin`, `Member` or `Viewer`. The journal shows the login alone.
        """
        user = {"name": name, "email": email, "password": password, "role": role}
        self.seed({"squared": {"users": [user]}})
        self.credentials.add(self.vendor, email)
        return self._as(self._token(email, password), self.workspace_id)

    def login(self, email: str, password: str = PASSWORD) -> httpx.Client:
        """Return the client of a user who signed up, in their first workspace; raises `Refused`.

        The journal shows the login, and that the workspaces were asked for.
        """
        token = self._token(email, password)
        found = self._as(token).get("/api/v1/workspaces").json()["data"]
        return self._as(token, min(int(workspace["id"]) for workspace in found))

    def mails(self) -> list[dict[str, Any]]:
        """Return the mails that would have been sent, oldest first: `to`, `kind`, `token` …"""
        __tracebackhide__ = True
        return self.control.list("/squared/outbox", "mails")

    def tables(self, connector_id: int | str) -> dict[str, Any]:
        """Return a connector's tables by name, with `columns`, `primary_key` and `rows`.

        What a source is read from, or what arrived at a destination.
        """
        __tracebackhide__ = True
        return dict(self.control.call("GET", _tables(connector_id)))

    def load(self, connector_id: int | str, tables: Mapping[str, Any]) -> dict[str, Any]:
        """Give a connector these tables in place of all it had; return them as `tables` does.

        A table is a list of rows, or says `columns`, `primary_key` and `rows`.
        """
        __tracebackhide__ = True
        return dict(self.control.call("PUT", _tables(connector_id), json=tables))

    def give_role(self, user_id: int | str, role: str, workspace_id: int | str = 1) -> None:
        """Give a user a role in a workspace, as Squared's own pages can: `Admin` … `Viewer`."""
        __tracebackhide__ = True
        path = f"/squared/workspaces/{_part(workspace_id)}/members/{_part(user_id)}"
        self.control.call("PUT", path, json={"role": role})

    def _token(self, email: str, password: str) -> str:
        body = {"email": email, "password": password}
        answer = self.client.post("/api/v1/login", json=body)
        if answer.is_error:
            detail = f"the login of {email} is answered with {answer.status_code}: {answer.text}"
            problem = {"title": answer.reason_phrase, "status": answer.status_code}
            raise Refused({**problem, "detail": detail})
        return str(answer.json()["data"]["id"])

    def _as(self, token: str, workspace: int | None = None) -> httpx.Client:
        needed = {} if workspace is None else {"Workspace-Id": str(workspace)}
        return self._client({"Authorization": f"Bearer {token}", **needed})


class AttraqtHandle(Handle):
    """Attraqt. A client that fetches its access token at `token_url` finds the same sandbox."""

    vendor = "attraqt"
    tenant = "acme"
    environment = "live1"

    @property
    def client_id(self) -> str:
        """The OAuth client's id."""
        return self.token

    @property
    def client_secret(self) -> str:
        """The OAuth client's secret."""
        return "secret"

    @property
    def token_url(self) -> str:
        """Where access tokens are issued."""
        return f"{self.url}/auth/realms/{self.tenant}/protocol/openid-connect/token"

    def items(self, catalog_version: int) -> list[dict[str, Any]]:
        """Return every item of a catalog, which no call of Attraqt's shows; raises `Refused`."""
        __tracebackhide__ = True
        found: list[dict[str, Any]] = []
        params = {**self._params(), "catalogVersion": str(catalog_version)}
        while True:
            page = self.control.call("GET", "/attraqt/items", params=params)
            found += page["items"]
            if (cursor := page.get("cursor")) is None:
                return found
            params["cursor"] = cursor

    def _params(self) -> dict[str, str]:
        return {"tenant": self.tenant, "environment": self.environment}


def _part(value: int | str) -> str:
    return quote(str(value), safe="")


def _tables(connector_id: int | str) -> str:
    return f"/squared/connectors/{_part(connector_id)}/tables"
