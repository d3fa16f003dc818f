"""Squared: AI Squared's (Multiwoven's) reverse-ETL REST API (`https://api.squared.ai`)."""

from mockalog.kernel.vendor.vendor import Vendor, VendorApi
from mockalog.vendors.squared import models
from mockalog.vendors.squared.settings import SquaredSettings

__all__ = ["models", "vendor"]


def _load() -> VendorApi:
    """Import the API, which the start of a server does not need."""
    from mockalog.vendors.squared.api import api

    return api


vendor = Vendor(
    name="squared",
    title="AI Squared",
    hosts=("squared.localhost", "api.squared.ai"),
    settings=SquaredSettings,
    load=_load,
)
