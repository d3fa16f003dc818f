"""Responses: the ETag of Rack."""

from mockalog.kernel.http.responses import weak_etag


def test_the_etag_is_the_recorded_one() -> None:
    """The value is from the vendor's recorded responses."""
    assert weak_etag(b'{"message":"success"}') == b'W/"838a7c62adda8d131d694ae13ba2c5b7"'
