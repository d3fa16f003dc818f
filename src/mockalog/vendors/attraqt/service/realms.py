"""The documents of a realm: its public key, its OpenID configuration and its JWKS.

They are the same for every sandbox. A document is rendered once for each address.

Source: docs/vendors/attraqt.md#22-realm.
"""

from functools import lru_cache

from mockalog.kernel.formats.json import dumps
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.service.signing_keys import find_signing_key
from mockalog.vendors.attraqt.service.tokens import issuer_of

# Documents of each kind that are kept.
_KEPT = 256


async def get_realm(call: Call, tenant: str) -> bytes:
    """Return the realm's description."""
    key = await find_signing_key(call)
    return _realm(tenant, issuer_of(call), key.public)


def get_configuration(call: Call) -> bytes:
    """Return the OpenID configuration, whose URLs are those by which the caller came."""
    return _configuration(issuer_of(call))


async def get_keys(call: Call) -> bytes:
    """Return the JWKS."""
    return (await find_signing_key(call)).jwks


@lru_cache(maxsize=_KEPT)
def _realm(tenant: str, issuer: str, public_key: str) -> bytes:
    return dumps(schemas.realm_out(tenant, issuer, public_key))


@lru_cache(maxsize=_KEPT)
def _configuration(issuer: str) -> bytes:
    return dumps(schemas.configuration_out(issuer))
