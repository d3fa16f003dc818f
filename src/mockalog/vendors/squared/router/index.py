"""The two indexes that the modules beside this one declare their operations in."""

from mockalog.kernel.vendor_route import VendorRouter

router = VendorRouter()
# Under `/_mockalog/squared`: what the vendor's own pages and mails do, and its API does not.
inspections = VendorRouter()

UPDATE = ("PUT", "PATCH")
