"""Items, and reading them back (attraqt.md, section 6)."""

from urllib.parse import parse_qsl

from mockalog.kernel.call import Call
from mockalog.kernel.credential import digest
from mockalog.kernel.journal import Exchange
from mockalog.kernel.rate_limit import Bucket
from mockalog.kernel.repository import series
from mockalog.kernel.routing import Router
from mockalog.kernel.wire import Answer, answer
from mockalog.vendors.attraqt.service import inspections as inspecting
from mockalog.vendors.attraqt.service import items

router = Router()
# Under `/_mockalog/attraqt`: the vendor has no call that reads items.
inspections = Router()


def _tenancy(exchange: Exchange) -> str:
    """Return a name of bounded length for the tenancy of a request, whatever its query says."""
    query = dict(parse_qsl(exchange.query_string.decode("latin-1"), keep_blank_values=True))
    return digest(series(query.get("tenant", ""), query.get("environment", "")))


# Messages, however many items are in them; each tenancy has its own.
ITEMS = Bucket("attraqt.items", limit=250, seconds=1, caller=_tenancy)


@router.post("/items", permission="items:WRITE", bucket=ITEMS)
async def upsert_items(call: Call) -> Answer:
    """Create items, or replace all attributes of those there are."""
    return answer(await items.send_items(call, "upsert"))


@router.patch("/items", permission="items:WRITE", bucket=ITEMS)
async def patch_items(call: Call) -> Answer:
    """Change the attributes that are sent."""
    return answer(await items.send_items(call, "patch"))


@router.post("/items/delete", permission="items:WRITE", bucket=ITEMS)
async def delete_items(call: Call) -> Answer:
    """Delete items."""
    return answer(await items.send_items(call, "delete"))


@inspections.get("/items")
async def list_items(call: Call) -> Answer:
    """List a catalog's items."""
    return answer(await inspecting.list_items(call))
