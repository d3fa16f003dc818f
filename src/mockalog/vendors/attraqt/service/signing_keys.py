"""The server's key, with which it signs access tokens (RS256).

The database holds it, so that all workers agree and a restart on a file or on PostgreSQL keeps it.
No start pays for it: the first call that needs it makes it, in a thread.

Source: docs/vendors/attraqt.md#22-realm.
"""

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mockalog.kernel.formats.json import dumps
from mockalog.kernel.late_results import compute_late, take_result
from mockalog.kernel.vendor.call import Call
from mockalog.vendors.attraqt import schemas
from mockalog.vendors.attraqt.repository import signing_keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

# Bits: the size that the docs name for clients' keys.
SIZE = 2048

# The inputs of the computation that makes a key.
_NEW_KEY = "attraqt.signing_key"


class SigningKey(NamedTuple):
    """A private key, its id, its public half (base64), and the JWKS as JSON."""

    private: "RSAPrivateKey"
    id: str
    public: str
    jwks: bytes


async def find_signing_key(call: Call) -> SigningKey:
    """Return the server's key; the first call makes it."""
    found = await signing_keys.find_key(call.connection)
    if found is None:
        made = take_result(_NEW_KEY) or compute_late(_NEW_KEY, _make)
        found = await signing_keys.add_key(call.connection, made.value)
    return _read(found)


def sign(key: SigningKey, claims: Mapping[str, object]) -> str:
    """Return a JWT; its header names the key."""
    import jwt

    return jwt.encode(dict(claims), key.private, algorithm="RS256", headers={"kid": key.id})


def _make() -> str:
    """Return a new private key in PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=SIZE)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@lru_cache(maxsize=8)
def _read(pem: str) -> SigningKey:
    """Return the key of a PEM. Its id is a digest of its public half, as in Keycloak."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from jwt.algorithms import RSAAlgorithm

    private = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(private, RSAPrivateKey)
    der = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    name = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    numbers = RSAAlgorithm.to_jwk(private.public_key(), as_dict=True)
    jwks = dumps(schemas.keys_out(name, numbers["n"], numbers["e"]))
    return SigningKey(private, name, base64.b64encode(der).decode(), jwks)
