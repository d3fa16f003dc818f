"""Braze: the Catalogs REST API (`https://rest.<instance>.braze.com`)."""

from mockalog.kernel.vendor import Vendor
from mockalog.vendors.braze.errors import envelope, headers
from mockalog.vendors.braze.router import router
from mockalog.vendors.braze.schemas import BrazeOptions

vendor = Vendor(
    name="braze",
    title="Braze",
    router=router,
    envelope=envelope,
    headers=headers,
    hosts=("braze.localhost", "rest.*.braze.com", "rest.*.braze.eu"),
    options=BrazeOptions,
)
