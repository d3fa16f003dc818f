"""The registry of vendors: every vendor of this list is served."""

from mockalog.vendors.attraqt import vendor as attraqt
from mockalog.vendors.braze import vendor as braze
from mockalog.vendors.squared import vendor as squared

VENDORS = (attraqt, braze, squared)
BY_NAME = {vendor.name: vendor for vendor in VENDORS}
