"""The call by which the servers on one PostgreSQL database read each other's journals."""

from typing import Literal

from fastapi.security import APIKeyHeader
from pydantic import Field

from mockalog.control.calls.call import ControlCall
from mockalog.control.calls.models import In
from mockalog.control.calls.route import ControlRouter
from mockalog.kernel.http.responses import Response
from mockalog.kernel.journal.messages import JournalRequest, lines_of
from mockalog.kernel.vendor.declaration import ResponseDoc

SECRET = APIKeyHeader(
    name="X-Mockalog-Server",
    scheme_name="server",
    description="The secret of a server in the table `servers` of its database.",
    auto_error=False,
)
router = ControlRouter(tag="Servers", key=SECRET)

_LINES = "application/x-ndjson"


class JournalRequestIn(In):
    """List, count or clear the exchanges of a sandbox (null: of all), by the id of its generation.

    `after` has ids of exchanges: each process lists only those after the id of its own.
    """

    do: Literal["list", "count", "clear"]
    sandbox_id: int | None = None
    after: list[int] = Field([])


@router.post(
    "/servers/journal",
    body=JournalRequestIn,
    responses={
        200: ResponseDoc(description="Exchanges without redaction, and the end.", media_type=_LINES)
    },
    errors=("wrong-type",),
)
async def ask_journal(call: ControlCall) -> Response:
    """Answer another server on the same database. Only such a server knows the secret."""
    request = JournalRequest(call.body.do, call.body.sandbox_id, tuple(call.body.after))
    reply = await call.runtime.journals.of_this_server(request)
    body = b"".join([line async for line in lines_of(reply)])
    return Response(200, body, content_type=_LINES.encode())
