"""Realms: their names, and the paths of their parts.

Source: docs/vendors/attraqt.md#22-realm; details from Keycloak.
"""

import re

from mockalog.kernel.sandboxes.placeholders import PLACEHOLDERS
from mockalog.vendors.attraqt.errors import REALM_NOT_FOUND, OAuthError
from mockalog.vendors.attraqt.rules.tenancy import is_tenancy_name

# A template that a client has left unfilled: `{tenantId}`, `${tenantId}`, `<tenant>`, `:tenant`.
UNFILLED = re.compile(r"[{}<>%]|^[$:]")

PROTOCOL = "/protocol/openid-connect"
AUTHORIZATION = f"{PROTOCOL}/auth"
TOKEN = f"{PROTOCOL}/token"
INTROSPECTION = f"{TOKEN}/introspect"
USERINFO = f"{PROTOCOL}/userinfo"
KEYS = f"{PROTOCOL}/certs"


def is_realm(name: str) -> bool:
    """Return whether a realm exists: one of every name that a tenant can have (inferred)."""
    return is_tenancy_name(name) and name not in PLACEHOLDERS and not UNFILLED.search(name)


def check_realm(name: str) -> None:
    """Refuse a realm that does not exist."""
    if not is_realm(name):
        raise OAuthError(REALM_NOT_FOUND)


def audiences(realm: str) -> tuple[str, ...]:
    """Return the paths for which a client may sign an assertion."""
    path = f"/auth/realms/{realm}"
    return path, path + TOKEN, path + INTROSPECTION
