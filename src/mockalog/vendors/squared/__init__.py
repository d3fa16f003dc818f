"""Squared: AI Squared's (Multiwoven's) reverse-ETL REST API (`https://api.squared.ai`)."""

from mockalog.kernel.journal.fields.names import VendorSecrets
from mockalog.kernel.vendor.vendor import Vendor, VendorApi
from mockalog.vendors.squared import models
from mockalog.vendors.squared.settings import SquaredSettings

__all__ = ["models", "vendor"]


def _load() -> VendorApi:
    """Import the API, which the start of a server does not need."""
    from mockalog.vendors.squared.api import api

    return api


# The secrets of connectors (docs/vendors/squared.md#13-secret-masking), of which a test knows the
# whole list. At an operation without a token, the email opens a sandbox as a token does.
_SECRETS = VendorSecrets(
    frozenset({"secret_access", "private_key_id", "client_id", "tenant_id", "realm_id"})
    | {"deployment_id"},
    dict.fromkeys(
        ("login", "signup", "forgot_password", "resend_verification"), frozenset({"email"})
    ),
)

vendor = Vendor(
    name="squared",
    title="AI Squared",
    hosts=("squared.localhost", "api.squared.ai"),
    settings=SquaredSettings,
    load=_load,
    secrets=_SECRETS,
)
