"""Attraqt (Crownpeak): the Items API (`https://items.attraqt.io`) and its token endpoint."""

from mockalog.kernel.vendor import Vendor
from mockalog.vendors.attraqt.errors import envelope, headers
from mockalog.vendors.attraqt.router import router
from mockalog.vendors.attraqt.schemas import AttraqtOptions
from mockalog.vendors.attraqt.service.catalogs import ACTIVATE, run_activation

vendor = Vendor(
    name="attraqt",
    title="Attraqt",
    router=router,
    envelope=envelope,
    headers=headers,
    hosts=("attraqt.localhost", "items.attraqt.io", "iam.attraqt.io"),
    options=AttraqtOptions,
    jobs={ACTIVATE: run_activation},
)
