"""The addresses at which the API of a document stands, the one that a page can call first."""

from urllib.parse import urlsplit

from mockalog.addresses import urls_of
from mockalog.kernel.journal.journal import CONTROL_PREFIX
from mockalog.settings import Settings


def control_servers(settings: Settings, proxied: str) -> tuple[str, ...]:
    """Return the address of the control plane: the same on every port."""
    return (f"{_prefix(settings, proxied)}{CONTROL_PREFIX}",)


def vendor_servers(
    settings: Settings, vendor: str, addressed: str | None, proxied: str
) -> tuple[str, ...]:
    """Return the addresses of a vendor's API; `addressed`: whose port or host was called.

    At a vendor's own port or host its API is the root, and no other vendor is there.
    """
    urls = urls_of(settings)
    if addressed is None:
        first = f"{_prefix(settings, proxied)}/{vendor}"
    elif addressed == vendor:
        first = f"{_prefix(settings, proxied)}/"
    else:
        first = f"{urls['mockalog']}/{vendor}"
    return (first, urls[vendor])


def absolute_servers(settings: Settings, vendor: str | None) -> tuple[str, ...]:
    """Return the same addresses for a document that no server answers; None: control plane."""
    urls = urls_of(settings)
    if vendor is None:
        return (f"{urls['mockalog']}{CONTROL_PREFIX}",)
    return (f"{urls['mockalog']}/{vendor}", urls[vendor])


def _prefix(settings: Settings, proxied: str) -> str:
    """Return the path before each address: of the public URL, or of `X-Forwarded-Prefix`."""
    if settings.public_url:
        return urlsplit(settings.public_url).path.rstrip("/")
    return proxied.rstrip("/")
