"""Secret fields of YAML."""

import pytest

from mockalog.kernel.journal.redaction import Redaction

ROWS = [
    ("password: s3cret", "password: *"),
    ("host: x\npassword: s3cret # old\nport: 1\n", "host: x\npassword: *\nport: 1\n"),
    ("a:\r\n  - token: s3cret\r\n    b: 1\r\n", "a:\r\n  - token: *\r\n    b: 1\r\n"),
    ("\"api_key\" : \"s3cret\"\n'secret': 's3cret'\n", "\"api_key\" : \"*\"\n'secret': '*'\n"),
    ("pem: 1\nprivate_key: |\n  s3cret\n\n  s3cret\nb: 1", "pem: 1\nprivate_key: *\nb: 1"),
    ("token: >-\n  s3cret\n", "token: *\n"),
    ("token: s3cret\n  more\nb: 1", "token: *\nb: 1"),
    ("token: 's3cret\n  more'\nb: 1", "token: *\nb: 1"),
    ("token:\n- s3cret\n- other\nb: other", "token:\n*\nb: *"),
    ("token:\n  a: s3cret\nb: 1", "token:\n  *\nb: 1"),
    ("token: !!str s3cret\nb: s3cret", "token: *\nb: *"),
    ("a: 1\ntoken: \"s3cret\"\nb: 's3cret'", "a: 1\ntoken: \"*\"\nb: '*'"),
    ("a: 1\npwd: 's3cret' # old\nb: s3cret", "a: 1\npwd: '*' # old\nb: *"),
    ("a:\n  token: &x s3cret\nb: s3cret", "a:\n  token: *\nb: *"),
    ("token: null\nsecret: ~\npwd: true\nb: 1", "token: null\nsecret: ~\npwd: true\nb: 1"),
    ("token:\nb: 1", "token:\nb: 1"),
    ("db: {password: s3cret, b: 1}\n", "db: {password: *, b: 1}\n"),
    ("---\npassword: s3cret\n", "---\npassword: *\n"),
    ("Authorization: Bearer s3cret\nb: s3cret", "Authorization: *\nb: *"),
    ("tokens: 1\nkeys: 2", "tokens: 1\nkeys: 2"),
]


@pytest.mark.parametrize(("text", "shown"), ROWS)
def test_only_the_values_of_secret_keys_are_hidden(text: str, shown: str) -> None:
    """A value reaches to its last line that is indented further than the key."""
    assert Redaction().text(text) == shown.replace("*", "[redacted]")


def test_a_block_is_found_in_other_formats() -> None:
    """A private key has the same lines in JSON."""
    text = 'private_key: |\n  BEGIN\n  s3cret\nb: "BEGIN\\ns3cret"'

    assert Redaction().text(text) == 'private_key: [redacted]\nb: "[redacted]"'
