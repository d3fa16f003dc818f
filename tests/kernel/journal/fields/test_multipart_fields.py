"""Secret parts of multipart bodies."""

import pytest

from mockalog.kernel.journal.redaction import Redaction

HEAD = "--b\r\nContent-Disposition: form-data; "
ROWS = [
    ('name="password"\r\n\r\ns3cret\r\n--b--\r\n', 'name="password"\r\n\r\n*\r\n--b--\r\n'),
    ("name=user[token]\n\ns3cret\n--b--", "name=user[token]\n\n*\n--b--"),
    ('name="pwd"\r\n\r\ns3c', 'name="pwd"\r\n\r\n*'),
    ('name="x"\r\n\r\n{"token":"s3cret"}\r\n--b--', 'name="x"\r\n\r\n{"token":"*"}\r\n--b--'),
    (
        'name="f"; filename="token"\r\n\r\na\r\n--b--',
        'name="f"; filename="token"\r\n\r\na\r\n--b--',
    ),
    ("filename=x\r\n\r\npassword: s3cret\r\n--b--", "filename=x\r\n\r\npassword: *\r\n--b--"),
    ('name="token"', 'name="token"'),
]


@pytest.mark.parametrize(("text", "shown"), ROWS)
def test_only_the_contents_of_secret_parts_are_hidden(text: str, shown: str) -> None:
    """Other parts are searched in their own format."""
    assert Redaction().text(HEAD + text) == HEAD + shown.replace("*", "[redacted]")
