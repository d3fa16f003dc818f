"""The handle of Attraqt."""

from mockalog.testing.controls.serialization import JsonObject
from mockalog.testing.handles.handle import Handle


class AttraqtHandle(Handle):
    """Attraqt in a sandbox. An access token that `token_url` issues opens the same sandbox."""

    vendor = "attraqt"
    tenant = "acme"
    environment = "live1"

    @property
    def client_id(self) -> str:
        """The id of the OAuth client."""
        return self.token

    @property
    def client_secret(self) -> str:
        """The secret of the OAuth client."""
        return "secret"

    @property
    def token_url(self) -> str:
        """The token endpoint, which issues access tokens."""
        return f"{self.url}/auth/realms/{self.tenant}/protocol/openid-connect/token"

    def items(self, catalog_version: int) -> list[JsonObject]:
        """Return every item of a catalog; Attraqt's own API has no call for it.

        Raises `RefusedError`, with Attraqt's error, if the catalog does not exist.
        """
        __tracebackhide__ = True
        found: list[JsonObject] = []
        params = {**self._params(), "catalogVersion": str(catalog_version)}
        while True:
            page = self.control.call("GET", "/attraqt/items", params=params)
            found += page["items"]
            if (cursor := page.get("cursor")) is None:
                return found
            params["cursor"] = cursor

    def _params(self) -> dict[str, str]:
        return {"tenant": self.tenant, "environment": self.environment}
