"""Items, and reading them back (attraqt.md, section 6)."""

from mockalog.kernel.call import Call
from mockalog.kernel.credential import digest
from mockalog.kernel.rate_limit import Bucket
from mockalog.kernel.repository import series
from mockalog.kernel.vendor_route import VendorRouter
from mockalog.kernel.wire import Answer, answer
from mockalog.vendors.attraqt.service import inspections as inspecting
from mockalog.vendors.attraqt.service import items
from mockalog.vendors.attraqt.service.tenancy import is_foreign

router = VendorRouter()
# Under `/_mockalog/attraqt`: the vendor has no call that reads items.
inspections = VendorRouter()


def _tenancy(call: Call) -> str | None:
    """Return a name of bounded length for the tenancy of a call, whatever its query says.

    None if it is another tenant's, whose window a forbidden call does not use up.
    """
    if is_foreign(call):
        return None
    return digest(series(call.query.get("tenant", ""), call.query.get("environment", "")))


# Messages, however many items are in them; each tenancy has its own. Those of a batch count as
# well (inferred): the docs speak of item messages, whatever they are sent to.
ITEMS = Bucket("attraqt.items", limit=250, seconds=1, caller=_tenancy)


@router.post("/items", permission="items:WRITE", bucket=ITEMS, schedules=True)
async def upsert_items(call: Call) -> Answer:
    """Create items, or replace all attributes of those there are."""
    return answer(await items.send_items(call, "upsert"))


@router.patch("/items", permission="items:WRITE", bucket=ITEMS, schedules=True)
async def patch_items(call: Call) -> Answer:
    """Change the attributes that are sent."""
    return answer(await items.send_items(call, "patch"))


@router.post("/items/delete", permission="items:WRITE", bucket=ITEMS, schedules=True)
async def delete_items(call: Call) -> Answer:
    """Delete items."""
    return answer(await items.send_items(call, "delete"))


@inspections.get("/items")
async def list_items(call: Call) -> Answer:
    """List a catalog's items."""
    return answer(await inspecting.list_items(call))
