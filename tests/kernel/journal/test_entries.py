"""Journal entries: no secret is shown, and all else is shown as it was."""

from typing import Any

import pytest

from mockalog.kernel.journal.entries import entry_of
from mockalog.kernel.journal.redaction import Redaction
from tests.kernel.journal.factories import exchange

SECRETS = [
    {"token": "s3cret", "headers": [(b"authorization", b"Bearer s3cret")]},
    {"token": "s3cret", "response_body": b'{"message":"Invalid API key: s3cret"}'},
    {"headers": [(b"X-Mockalog-Admin", b"s3cret")]},
    {"headers": [(b"Cookie", b"session=s3cret")]},
    {"response_headers": [(b"set-cookie", b"session=s3cret")]},
    {"request_body": b'{"email":"a@b.c","password":"s3cret"}'},
    {"request_body": b'{"user": {"password" : "x\\"s3cret"}}'},
    {"request_body": b'{"password":"s3cret'},
    {"request_body": b"grant_type=client_credentials&client_secret=s3cret&x=1"},
    {"request_body": b"client_assertion=s3cret"},
    {"request_body": b'{"configuration":{"aws_secret":"s3cret"}}'},
    {"response_body": b'{"access_token":"s3cret","expires_in":300}'},
    {"query_string": b"reset_password_token=s3cret"},
    {"request_body": b"user%5Bpassword%5D=s3cret&x=1"},
    {"request_body": b"client%5fsecret=s3cret"},
    {"request_body": b"data=%7B%22password%22%3A%22s3cret%22%7D"},
    {"query_string": b"api%5Fkey=s3cret"},
    {"headers": [(b"x-api-key", b"s3cret")]},
    {"headers": [(b"Proxy-Authorization", b"Basic s3cret")], "request_body": b"<s3cret>"},
    {"response_headers": [(b"location", b"http://x/?access_token=s3cret#a")]},
    {"request_body": b'{"apiKey":"s3cret"}'},
    {"request_body": b'{"aws":{"secret_access_key":"s3cret"}}'},
    {"request_body": rb'{"pass\u0077ord":"s3cret"}'},
    {"request_body": b'{"accessToken":["s3cret",{"a":"s3cret"}],"b":1}'},
    {"request_body": b'{"token":{"value":"s3cret"'},
    {"request_body": b'{"pwd":"\\'} | {"response_body": b'{"secret":"s3cret\\'},
    {"request_body": rb'{"configuration":"{\"private-key\":\"s3cret\"}"}'},
    {"request_body": rb'{"url":"https://x/?token=s3cret","n":1}'},
    {
        "request_body": b'--b\r\nContent-Disposition: form-data; name="user[password]"\r\n\r\n'
        b's3cret\r\n--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n{"token":"s3cret"}'
        b"\r\n--b--"
    },
    {"response_body": b'{"data":{"id":"s3cret","attributes":{"token":"s3cret"}}}'},
    {"request_body": b'{"password":"s3cret/+"}', "query_string": b"q=s3cret%2F%2b"},
    {"request_body": b'{"password":"' + b"s3cret" * 999 + b'"}', "path": "/" + "s3cret" * 999},
    {"token": "s3cret+/", "query_string": b"key=s3cret%2B%2F"},
    {"headers": [(b"X-Braze-Key", b"s3cret")], "path": "/s3cret"},
    {"headers": [(b"authorization", b"Basic dTpzM2NyZXQ=")], "request_body": b"<s3cret>"},
    {"headers": [(b"authorization", b"Digest s3cret, a=1")], "request_body": b"<s3cret, a=1>"},
    {"headers": [(b"referer", b"https://x/?sig=s3cret")]},
    {"headers": [(b"authorization", b"basic \xff")], "request_body": b"dsn=s3cret"},
    {"request_body": b'{"headers":{"Authorization":"Bearer s3cret"},"a":"s3cret"}'},
    {"request_body": b"<a><jwt>s3cret</jwt></a>", "response_body": b"s3cret"},
    {"request_body": b"connection_string: s3cret", "response_body": b"s3cret"},
    {"request_body": b'{"password":"\\u0073\\u0033cret"}', "query_string": b"q=s3%63ret"},
    {"request_body": b"password=s3cret+1", "response_body": b'{"a":"s3cret 1"}'},
    {"query_string": b"password=s3cret", "response_headers": [(b"x-note", b"s3cret")]},
]


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_is_shown(secret: dict[str, Any]) -> None:
    """Secrets may be in headers, queries, paths and bodies, in any spelling."""
    shown = str(entry_of(exchange(**secret), Redaction()))

    assert "s3cret" not in shown
    assert "[redacted]" in shown


def test_other_parts_are_shown_as_they_were() -> None:
    """Bytes that are not UTF-8 are replaced."""
    shown = entry_of(exchange(request_body=b'{"name":"shop"}', response_body=b"\xff"), Redaction())

    assert shown["request"] == {"headers": {"host": "x"}, "body": '{"name":"shop"}'}
    assert shown["response"]["body"] == "\ufffd"


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"a": [1.0, "b"],"pin_token" : 1234,"n":2}', '{"a": [1.0, "b"],"pin_token" : "*","n":2}'),
        ('{"airbyte_secret":true,"token":null}', '{"airbyte_secret":true,"token":null}'),
        ('{"token":', '{"token":'),
        ('{"token":"-1"} {"token":"1234"}', '{"token":"-1"} {"token":"*"}'),
        ('{"token":12,"pin_token":"12"}', '{"token":"*","pin_token":"*"}'),
        ('["password", "\\x", "\\"q\\""]', '["password", "\\x", "\\"q\\""]'),
        ('{"password":"password","b":"password"}', '{"password":"*","b":"password"}'),
        ('{"token":["secret-1",2]} secret-1', '{"token":"*"} *'),
        ("a=b&passwords=1&x", "a=b&passwords=1&x"),
        ("--b\nno head", "--b\nno head"),
        ('--b\n\nname="x"', '--b\n\nname="x"'),
        ('--b\nX: name="x"\n\n--', '--b\nX: name="x"\n\n--'),
    ],
)
def test_only_the_value_of_a_secret_field_is_redacted(body: str, shown: str) -> None:
    """Blanks, numbers and other fields are unchanged. A value `password` is no secret."""
    found = entry_of(exchange(request_body=body.encode()), Redaction())["request"]["body"]

    assert found == shown.replace("*", "[redacted]")


def test_an_exchange_is_the_same_in_each_list() -> None:
    """Only its own secrets are redacted, so that a filter changes no exchange."""
    redaction = Redaction()
    entry_of(exchange(token="catalogs"), redaction)

    assert entry_of(exchange(), redaction)["path"] == "/catalogs"


def test_thousands_of_secrets_are_redacted_in_one_exchange() -> None:
    """Each one in its field and elsewhere."""
    secrets = [f"s3cret-{number}-" for number in range(3000)]
    sent = ",".join(f'{{"token":"{secret}"}}' for secret in secrets).encode()
    returned = "|".join(secrets).encode()

    shown = entry_of(exchange(request_body=sent, response_body=returned), Redaction())

    assert "s3cret" not in str(shown)
    assert shown["response"]["body"] == "|".join(["[redacted]"] * 3000)
