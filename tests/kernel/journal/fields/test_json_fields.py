"""Secret fields of JSON: their values are hidden, and all else is shown as it was."""

import json

import pytest

from mockalog.kernel.journal.redaction import Redaction

ROWS = [
    ('{"password":"s3cret"}', '{"password":"*"}'),
    ('{"a":1, "x": {"api-key" : "s3cret"} }', '{"a":1, "x": {"api-key" : "*"} }'),
    ('{"password":12345,"n":1.0}', '{"password":"*","n":1.0}'),
    ('{"password":{"a":["s3cret"]},"n":1}', '{"password":"*","n":1}'),
    ('{"token":["s3cret",{"token":1}],"n":"s3cret"}', '{"token":"*","n":"*"}'),
    ('{"token":{"type":"shop"},"n":"shop"}', '{"token":"*","n":"shop"}'),
    ('{"token":true,"secret":null,"pwd":false}', '{"token":true,"secret":null,"pwd":false}'),
    ('{"password":"s3cr\\"et","b":"\\/"}', '{"password":"*","b":"\\/"}'),
    ('{"p\\u0061ssword":"s3cret"}', '{"p\\u0061ssword":"*"}'),
    ('{"password":"s3cret', '{"password":"*'),
    ('{"password":"s3cret\\', '{"password":"*\\'),
    ('{"password":{"a":["s3cret"', '{"password":"*"'),
    ('{"password":', '{"password":'),
    ('{"a":1}\n{"password":"s3cret"}\n', '{"a":1}\n{"password":"*"}\n'),
    ('\ufeff [{"jwt":"s3cret"}]', '\ufeff [{"jwt":"*"}]'),
    ("{password: s3cret, host: x}", "{password: *, host: x}"),
    ("{'password': 's3cret', 'host': 'x'}", "{'password': '*', 'host': 'x'}"),
    ("{'password': 5, 'host': 'x'}", "{'password': '*', 'host': 'x'}"),
    ('{"note":"it\'s","password":"s3cret"}', '{"note":"it\'s","password":"*"}'),
    ('"password"', '"password"'),
    ('["password", "x"]', '["password", "x"]'),
    ('bad {"token": "s3cret"} given', 'bad {"token": "*"} given'),
    ('{"url":"https://x/?sig=s3cret&n=1"}', '{"url":"https://x/?sig=*&n=1"}'),
    ('{"xml":"<dsn>s3cret</dsn>"}', '{"xml":"<dsn>*</dsn>"}'),
    ('{"yaml":"a: 1\\npassword: s3cret\\nb: 2"}', '{"yaml":"a: 1\\npassword: *\\nb: 2"}'),
    ('{"detail":"Password: is too short"}', '{"detail":"Password: is too short"}'),
    ('{"detail":"no secret = no token"}', '{"detail":"no secret = no token"}'),
]


@pytest.mark.parametrize(("text", "shown"), ROWS)
def test_only_the_values_of_secret_fields_are_hidden(text: str, shown: str) -> None:
    """Of strings, the quotes stay. Other values get the quotes of their key."""
    assert Redaction().text(text) == shown.replace("*", "[redacted]")


@pytest.mark.parametrize("value", ["s3cret", 12345, ["s3cret"]])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_json_in_strings_stays_json(depth: int, value: object) -> None:
    """At each depth only the value changes."""
    text, wanted = (
        json.dumps({"a": '"/é', "client_secret": one, "b": 1}) for one in (value, "[redacted]")
    )
    for _ in range(depth):
        text, wanted = (json.dumps({"inner": one, "n": "\\"}) for one in (text, wanted))

    assert Redaction().text(text) == wanted
