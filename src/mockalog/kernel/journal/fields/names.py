"""Names of secret fields and headers: the general ones, and those of a vendor."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

# The ends of secret names, in lower case and without signs.
_ENDS = (
    *("password", "passwordconfirmation", "passwd", "pwd", "passphrase", "passcode"),
    *("secret", "secretkey", "secretaccess", "privatekey", "accesskey", "accountkey", "sharedkey"),
    *("signingkey", "encryptionkey", "masterkey", "subscriptionkey", "apikey", "authkey"),
    *("token", "bearer", "jwt", "assertion", "authorization", "credential", "cookie"),
    *("signature", "sig", "dsn", "connectionstring"),
)
# Names that are secret, though longer names with these ends are not.
_WHOLE = frozenset({"pass", "pw"})

# Headers end in further ways, such as `X-Service-Key`. These names end so, but are no secrets.
_HEADER_ENDS = ("key", "auth", "xmockalogadmin")
_PUBLIC_HEADER_ENDS = ("idempotencykey", "websocketkey", "surrogatekey", "cachekey")

# A text without one of these has no general secret field. This quick test is enough for most
# texts. The last three begin escapes, which names may have themselves.
_HINTS = (
    *("pass", "pw", "secret", "key", "token", "bearer", "jwt", "assertion", "authori"),
    *("credential", "cookie", "sig", "dsn", "connection", "\\", "%", "&#"),
)

_SIGNS = re.compile(r"[\W_]")
_WORDS = re.compile(r"[A-Za-z]+")
_LAST = re.compile(r"[^\[\].:]+(?=\]*\Z)")


class VendorSecrets(NamedTuple):
    """The secret fields of a vendor besides those with general names.

    `fields`: of all exchanges. `of_operations`: of one operation, such as an email at a login.
    """

    fields: frozenset[str] = frozenset()
    of_operations: Mapping[str, frozenset[str]] = MappingProxyType({})

    def of(self, operation: str) -> frozenset[str]:
        """Return the secret fields of an operation."""
        return self.fields | self.of_operations.get(operation, frozenset())


class SecretNames:
    """The names of secret fields in one kind of exchange.

    `more`: names besides the general ones. Case and signs of names do not matter.
    """

    def __init__(self, more: Iterable[str] = ()) -> None:
        self._whole = _WHOLE.union(map(_plain, more))
        longest = {max(_WORDS.findall(name), key=len).lower() for name in more}
        self._hints = (*_HINTS, *longest)
        self._known: dict[str, bool] = {}

    def hints_in(self, text: str) -> list[str]:
        """Return the parts of secret names that a text has; without one it has no secret field."""
        lowered = text.lower()
        # Each search runs in C, where an expression of alternatives takes ten times as long.
        return [hint for hint in self._hints if hint in lowered]

    def __contains__(self, name: str) -> bool:
        """Return whether the values of a name are secret."""
        known = self._known.get(name)
        if known is None:
            if len(self._known) >= _MOST:
                self._known.clear()
            known = self._known[name] = self._is_secret(name)
        return known

    def _is_secret(self, name: str) -> bool:
        if _plain(name).endswith(_ENDS):
            return True
        last = _LAST.search(name)
        return last is not None and _plain(last[0]) in self._whole


# The most names whose secrecy is remembered, so that no caller can use up the memory.
_MOST = 2000


@lru_cache(maxsize=1024)
def is_secret_header(name: str) -> bool:
    """Return whether the values of a header are secret; its name is in lower case."""
    plain = _plain(name)
    if plain.endswith(_PUBLIC_HEADER_ENDS):
        return False
    return plain.endswith((*_ENDS, *_HEADER_ENDS))


def is_name(value: str) -> bool:
    """Return whether a value is a general secret name itself, such as `password`."""
    return _plain(value) in _ENDS


def _plain(name: str) -> str:
    return _SIGNS.sub("", name.lower())
