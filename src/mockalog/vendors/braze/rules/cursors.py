"""Pages of items: cursors and the Link header (docs/vendors/braze.md#43-list-items).

A cursor is the standard base64 of `skip:<offset>`; links are relative, `prev` before `next`.
"""

import binascii
import re
from base64 import b64decode, b64encode

from mockalog.vendors.braze.errors import braze_error

PAGE = 50

# More digits than any catalog needs, and fewer than Python refuses to read.
_CURSOR = re.compile(rb"skip:([0-9]{1,4000})")


def offset_of(cursor: str | None) -> int:
    """Return the number of items before the page; raises `BrazeError`.

    An empty cursor means the first page (inferred).
    """
    if not cursor:
        return 0
    try:
        text = b64decode(cursor.encode(), validate=True)
    except binascii.Error:
        text = b""
    match = _CURSOR.fullmatch(text)
    if match is None:
        raise braze_error("invalid-cursor", cursor)
    return int(match[1])


def link(catalog: str, offset: int, num_items: int) -> str | None:
    """Return the value of the Link header, None if the page is the only one."""
    links = []
    if offset > 0:
        links.append(_link(catalog, max(0, offset - PAGE), "prev"))
    if offset + PAGE < num_items:
        links.append(_link(catalog, offset + PAGE, "next"))
    return ",".join(links) or None


def _link(catalog: str, offset: int, relation: str) -> str:
    cursor = b64encode(b"skip:%d" % offset).decode()
    return f'</catalogs/{catalog}/items?cursor={cursor}>; rel="{relation}"'
