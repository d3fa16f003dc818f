"""https with an authority that is made at the start."""

import socket
import ssl
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from mockalog.cli import app
from mockalog.testing import Mockalog, UnreachableError
from mockalog.testing.emulators.tls import context_of, fetch_certificate
from tests.serving import served


class TestTls:
    """`--tls`: https on every address, with an authority made at the start."""

    def test_every_name_has_a_valid_certificate(self) -> None:
        """Addresses, `localhost`, and the vendors' real names."""
        with Mockalog(tls=True) as mockalog:
            context = context_of(mockalog.url, mockalog.ca_certificate)
            port = mockalog.url.rpartition(":")[2]
            for name in (
                *("127.0.0.1", "localhost", "braze.localhost", "any.localhost"),
                *("items.attraqt.io", "api.squared.ai", "rest.iad-03.braze.com"),
            ):
                with socket_to(port) as plain, context.wrap_socket(plain, server_hostname=name):
                    pass
            with socket_to(port) as plain, pytest.raises(ssl.SSLCertVerificationError):
                context.wrap_socket(plain, server_hostname="example.com")

    def test_the_authority_can_be_fetched_and_links_are_https(self) -> None:
        """Without a credential and an admin token; servers without TLS have no authority."""
        with Mockalog(tls=True, admin_token="s3cret") as mockalog:
            assert fetch_certificate(mockalog.url) == mockalog.ca_certificate
            assert mockalog.control.call("GET", "/info")["vendors"][0]["url"].startswith("https")
            with Mockalog(mockalog.url, admin_token="s3cret") as attached:
                assert attached.braze.client.get("/catalogs").status_code == 200
                squared = attached.squared.client.get("/api/v1/connectors").json()
                assert squared["links"]["self"].startswith(f"{attached.squared.url}/")
        with Mockalog(in_process=True) as plain, httpx.Client(transport=plain.transport) as client:
            assert client.get(f"{plain.url}/_mockalog/ca.pem").status_code == 404
        with pytest.raises(
            UnreachableError, match=r"no mockalog answers at https://127\.0\.0\.1:1"
        ):
            fetch_certificate("https://127.0.0.1:1")

    @pytest.mark.parametrize("workers", ["1", "2"])
    def test_serve_with_tls(self, workers: str, tmp_path: Path) -> None:
        """With several workers too; `health` accepts the certificate."""
        url = f"sqlite:///{tmp_path}/a.db"
        flags = ("--tls", "--workers", workers, "--database-url", url, "--host", "0.0.0.0")
        with served(*flags) as (_, addresses):
            address = addresses["mockalog"]
            health = CliRunner().invoke(app, ["health", "--url", address])
            with Mockalog(address) as mockalog:
                status = mockalog.braze.client.get("/catalogs").status_code

        assert address.startswith("https://127.0.0.1:")
        assert (health.exit_code, status) == (0, 200)

    def test_public_authorities_are_trusted_for_a_proxy(self) -> None:
        """A proxy with its own certificate may serve an emulator that speaks http."""
        assert context_of("https://mock.example", None).get_ca_certs()


def socket_to(port: str) -> socket.socket:
    """Return a plain connection to a local port."""
    return socket.create_connection(("127.0.0.1", int(port)), timeout=5)
