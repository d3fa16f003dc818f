"""The addresses of a server as this machine reaches them."""

from mockalog.kernel.errors import UserError
from mockalog.settings import Settings

# The hosts that mean every address of this machine, and the loopback address of each.
ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}  # noqa: S104


class AddressError(UserError):
    """An address that cannot be listened on; the text is one line for the shell."""


def urls_of(settings: Settings) -> dict[str, str]:
    """Return the URLs of a server of these settings, `mockalog` and each vendor by name."""
    ports = {"mockalog": settings.port, **settings.vendor_ports()}
    start = f"{settings.scheme}://{reachable(settings.host)}"
    return {name: f"{start}:{port}" for name, port in ports.items()}


def local_url(settings: Settings) -> str:
    """Return the main URL of a server of these settings."""
    return urls_of(settings)["mockalog"]


def peer_url(settings: Settings) -> str:
    """Return the URL at which other servers reach a server of these settings.

    The host `*` stands for this machine's own address, which the database knows.
    """
    if settings.peer_url is not None:
        return settings.peer_url.rstrip("/")
    if settings.host in ANY_ADDRESS:
        return f"{settings.scheme}://*:{settings.port}"
    return local_url(settings)


def reachable(host: str) -> str:
    """Return a host that a client can call for one that a server listens on."""
    named = ANY_ADDRESS.get(host, host)
    return f"[{named}]" if ":" in named and not named.startswith("[") else named


def is_answered(url: str) -> bool:
    """Return whether a GET succeeds; it ignores proxies and certificates."""
    import ssl
    from urllib.request import HTTPSHandler, ProxyHandler, build_opener

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        opener = build_opener(ProxyHandler({}), HTTPSHandler(context=context))
        with opener.open(url, timeout=5) as response:
            return bool(response.status == 200)
    except (OSError, ValueError):  # no server, an error status, no URL
        return False
