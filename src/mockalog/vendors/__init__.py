"""The registry of vendors: what is listed here is served."""

from mockalog.vendors.braze import vendor as braze

VENDORS = (braze,)
