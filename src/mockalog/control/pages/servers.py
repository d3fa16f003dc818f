"""The addresses of the API of a document, first the one that the page itself can call."""

from urllib.parse import urlsplit

from mockalog.addresses import urls_of
from mockalog.kernel.journal.journal import CONTROL_PREFIX
from mockalog.settings import Settings


def control_servers(settings: Settings, forwarded_prefix: str) -> tuple[str, ...]:
    """Return the address of the control plane, which is the same path on every port."""
    return (f"{_prefix(settings, forwarded_prefix)}{CONTROL_PREFIX}",)


def vendor_servers(
    settings: Settings, vendor: str, addressed: str | None, forwarded_prefix: str
) -> tuple[str, ...]:
    """Return the addresses of a vendor's API.

    `addressed` is the vendor whose port or host received the call; None: the main port. At a
    vendor's own port or host its API is at the root, and no other vendor's API is reachable.
    """
    urls = urls_of(settings)
    if addressed is None:
        first = f"{_prefix(settings, forwarded_prefix)}/{vendor}"
    elif addressed == vendor:
        first = f"{_prefix(settings, forwarded_prefix)}/"
    else:
        first = f"{urls['mockalog']}/{vendor}"
    return (first, urls[vendor])


def absolute_servers(settings: Settings, vendor: str | None) -> tuple[str, ...]:
    """Return the addresses for a document without a server; None: the control plane's."""
    urls = urls_of(settings)
    if vendor is None:
        return (f"{urls['mockalog']}{CONTROL_PREFIX}",)
    return (f"{urls['mockalog']}/{vendor}", urls[vendor])


def _prefix(settings: Settings, forwarded_prefix: str) -> str:
    """Return the prefix of all paths: of the public URL, otherwise of `X-Forwarded-Prefix`."""
    if settings.public_url:
        return urlsplit(settings.public_url).path.rstrip("/")
    return forwarded_prefix.rstrip("/")
