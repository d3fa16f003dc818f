"""The two indexes that the modules beside this one declare their operations in."""

from mockalog.kernel.routing import Router

router = Router()
# Under `/_mockalog/squared`: what the vendor's own pages and mails do, and its API does not.
inspections = Router()

UPDATE = ("PUT", "PATCH")
