"""The registry of vendors: what is listed here is served."""

from mockalog.vendors.attraqt import vendor as attraqt
from mockalog.vendors.braze import vendor as braze
from mockalog.vendors.squared import vendor as squared

VENDORS = (attraqt, braze, squared)
