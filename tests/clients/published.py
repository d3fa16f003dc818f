"""The published clients, their pinned versions, and what runs a program with one of them."""

import json
import os
import subprocess
from typing import Any, NamedTuple

import pytest

from tests.clients.installation import Jdk, Npm, Packages, PyPi, UnavailableError, installed
from tests.emulation import PATIENCE


class Client(NamedTuple):
    """A program and the packages that it needs."""

    program: str
    packages: Packages

    def run(self, *arguments: str, ca: str | None = None) -> Any:
        """Run the program and return the JSON that it prints; `ca` is the path of an authority.

        Skips the test, with the reason, if the client cannot be installed here.
        """
        name = self.program.partition(".")[0]
        try:
            folder = installed(name, self.packages)
        except UnavailableError as error:
            pytest.skip(f"{name}: {error}")
        command = [*self.packages.command(folder, self.program), *arguments]
        done = subprocess.run(
            command, env=_environment(ca), capture_output=True, text=True, timeout=PATIENCE
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def _environment(ca: str | None) -> dict[str, str]:
    """Return the variables by which Node, requests, httpx and oauthlib trust the emulator."""
    trusted = ("NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")
    ours = dict.fromkeys(trusted, ca) if ca else {"OAUTHLIB_INSECURE_TRANSPORT": "1"}
    foreign = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return {**foreign, **ours}


SEGMENT = Client(
    "segment.cjs",
    Npm(
        {"@segment/action-destinations": "3.497.0"},
        # It asks for a version that was never published, and for a fast-uri that since refuses
        # the names of its schemas.
        {"@aws-sdk/client-kinesis": "^3.894.0", "fast-uri": "3.0.6"},
    ),
)
BRAZE_API = Client("braze_api.mjs", Npm({"braze-api": "2.13.4"}))
BRAZE_MCP = Client("braze_mcp.py", PyPi(("braze-mcp-server==1.2.0", "mcp==1.30.0"), python=(3, 12)))
JDK = Client("JdkClient.java", Jdk())

KEYCLOAK = Client("keycloak_client.py", PyPi(("python-keycloak==7.1.1",)))
AUTHLIB = Client("authlib_client.py", PyPi(("Authlib==1.9.10", "httpx==0.28.1", "joserfc==1.8.0")))
REQUESTS_OAUTHLIB = Client(
    "requests_oauthlib_client.py", PyPi(("requests-oauthlib==2.0.0", "oauthlib==4.0.1"))
)
OPENID_CLIENT = Client("openid_client.mjs", Npm({"openid-client": "6.9.0"}))
JOSE = Client("jose.mjs", Npm({"jose": "6.2.18"}))
SIMPLE_OAUTH2 = Client("simple_oauth2.mjs", Npm({"simple-oauth2": "5.1.0"}))
