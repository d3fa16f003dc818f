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


# Fields of connectors that responses mask (docs/vendors/squared.md#13-secret-masking) and whose
# names do not tell it. A test compares them with the registry.
_MASKED = frozenset({"client_id", "deployment_id", "private_key_id", "realm_id", "tenant_id"})

# Without a token, an email opens a sandbox as a token does.
_EMAIL = frozenset({"email"})
_BY_EMAIL = ("login", "signup", "forgot_password", "resend_verification")

vendor = Vendor(
    name="squared",
    title="AI Squared",
    hosts=("squared.localhost", "api.squared.ai"),
    settings=SquaredSettings,
    load=_load,
    secrets=VendorSecrets(_MASKED, dict.fromkeys(_BY_EMAIL, _EMAIL)),
)
