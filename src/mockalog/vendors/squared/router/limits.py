"""Squared's rate limits.

Sources: docs/vendors/squared.md#27-throttling; docs/vendors/squared.md#1-contradictions, row 24.
"""

from mockalog.kernel.vendor.call import Bucket, Call
from mockalog.kernel.vendor.rails import client_address

# Documented: 100 a minute for the whole API; the server itself has no such limit
# (docs/vendors/squared.md#1-contradictions, row 24).
API = Bucket("squared.api", limit=100, seconds=60, disabled_when=("squared.dialect", "server"))


def _throttle(name: str, limit: int, seconds: int) -> Bucket:
    """Return the limit of one client address; the loopback is exempt.

    Source: docs/vendors/squared.md#27-throttling.
    """
    return Bucket(f"squared.{name}", limit, seconds, key=_stranger)


def _stranger(call: Call) -> str | None:
    address = client_address(call.exchange)
    return None if address is None or address.is_loopback else str(address)


LOGIN = _throttle("login", 5, 20)
SIGNUP = _throttle("signup", 2, 60)
FORGOT_PASSWORD = _throttle("forgot_password", 2, 60)
RESET_PASSWORD = _throttle("reset_password", 2, 60)
RESEND_VERIFICATION = _throttle("resend_verification", 2, 300)
