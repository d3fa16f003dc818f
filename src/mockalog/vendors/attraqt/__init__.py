"""Attraqt (Crownpeak): the Items API (`https://items.attraqt.io`) and its token endpoint."""

from mockalog.kernel.journal.fields.names import VendorSecrets
from mockalog.kernel.vendor.vendor import Vendor, VendorApi
from mockalog.vendors.attraqt import models
from mockalog.vendors.attraqt.settings import AttraqtSettings

__all__ = ["models", "vendor"]


def _load() -> VendorApi:
    """Return the API; a start does not import it."""
    from mockalog.vendors.attraqt.api import api

    return api


vendor = Vendor(
    name="attraqt",
    title="Attraqt",
    hosts=("attraqt.localhost", "items.attraqt.io", "iam.attraqt.io"),
    settings=AttraqtSettings,
    load=_load,
    # A client id opens a sandbox, so it is a credential.
    secrets=VendorSecrets(
        of_operations={
            "create_token": frozenset({"client_id"}),
            "introspect_token": frozenset({"client_id"}),
            "get_userinfo": frozenset({"sub"}),
            "post_userinfo": frozenset({"sub"}),
        }
    ),
)
