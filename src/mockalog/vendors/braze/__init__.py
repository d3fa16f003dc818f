"""Braze: the Catalogs REST API (`https://rest.<instance>.braze.com`)."""

from mockalog.kernel.vendor.vendor import Vendor, VendorApi
from mockalog.vendors.braze import models
from mockalog.vendors.braze.settings import BrazeSettings

__all__ = ["models", "vendor"]


def _load() -> VendorApi:
    """Import the part that answers calls, which a start does not need."""
    from mockalog.vendors.braze.api import api

    return api


vendor = Vendor(
    name="braze",
    title="Braze",
    hosts=("braze.localhost", "rest.*.braze.com", "rest.*.braze.eu"),
    settings=BrazeSettings,
    load=_load,
)
