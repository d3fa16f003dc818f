"""The journal: complete, bounded, and without secrets."""

import asyncio
from typing import Any

import pytest

from mockalog.kernel.http.exchange import Exchange
from mockalog.kernel.journal.entries import entry_of
from mockalog.kernel.journal.journal import MAX_BODY, Journal, is_control_path
from mockalog.kernel.journal.redaction import Redaction


def exchange(**changes: Any) -> Exchange:
    """Return an exchange that was answered."""
    scope = {
        "scheme": "http",
        "method": "POST",
        "path": "/catalogs",
        "query_string": b"",
        "headers": [(b"host", b"x")],
    }
    made = Exchange(scope)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_the_oldest_go_when_there_are_too_many() -> None:
    """Numbers go on."""
    journal = Journal(max_exchanges=2, max_bytes=10**6)
    for _ in range(5):
        journal.record(exchange())

    assert [kept.id for kept in journal.exchanges()] == [4, 5]


def test_the_oldest_go_when_the_bytes_run_over() -> None:
    """A big one pushes several small ones out."""
    journal = Journal(max_exchanges=100, max_bytes=2900)
    for size in (10, 10, 2700):
        journal.record(exchange(response_body=b"x" * size))

    assert [len(kept.response_body) for kept in journal.exchanges()] == [2700]


@pytest.mark.parametrize(
    "big",
    [
        {"headers": [(b"x", b"x" * 10_000)]},
        {"response_headers": [(b"x" * 10_000, b"")]},
        {"query_string": b"x" * 10_000},
        {"raw_path": "x" * 10_000},
    ],
)
def test_whatever_is_big_counts(big: dict[str, Any]) -> None:
    """Headers, query and path are bounded as bodies are."""
    journal = Journal(max_exchanges=100, max_bytes=50_000)
    for _ in range(10):
        journal.record(exchange(**big))

    assert len(journal.exchanges()) <= 4


def test_a_body_is_cut_where_it_is_too_long() -> None:
    """The rest is not kept."""
    journal = Journal(max_exchanges=10, max_bytes=10**7)
    journal.record(exchange(request_body=b"x" * (MAX_BODY + 1)))

    assert len(journal.exchanges()[0].request_body) == MAX_BODY


def test_one_sandboxs_exchanges_are_cleared_alone() -> None:
    """The others stay."""
    journal = Journal(max_exchanges=10, max_bytes=10**6)
    for sandbox_id in (1, 2, 1):
        journal.record(exchange(sandbox_id=sandbox_id))

    assert journal.clear(1) == 2
    assert [kept.sandbox_id for kept in journal.exchanges()] == [2]
    assert journal.clear() == 1
    assert journal.exchanges() == []


def test_all_who_wait_look_again_when_something_comes_or_the_first_ones_time_is_up() -> None:
    """Who knows an older number does not wait at all."""

    async def scene() -> None:
        journal = Journal(max_exchanges=10, max_bytes=10**6)
        waiting = [asyncio.create_task(journal.changed(0, 60)) for _ in range(2)]
        await asyncio.sleep(0)
        journal.record(exchange())
        await asyncio.gather(*waiting)

        await journal.changed(0, 60)
        await asyncio.gather(journal.changed(1, 0), journal.changed(1, 60))
        await asyncio.gather(journal.changed(1, 0), journal.changed(1, 0))

    asyncio.run(scene())


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
]


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_is_shown(secret: dict[str, Any]) -> None:
    """Whatever it came in, and whichever way it was answered."""
    shown = str(entry_of(exchange(**secret), Redaction()))

    assert "s3cret" not in shown
    assert "[redacted]" in shown


def test_what_is_no_secret_is_shown_as_it_was() -> None:
    """Bytes that are no text are replaced."""
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
def test_only_the_value_of_a_secret_field_is_hidden(body: str, shown: str) -> None:
    """The rest stands as it came: blanks, numbers, what is no secret; the word for one is none."""
    found = entry_of(exchange(request_body=body.encode()), Redaction())["request"]["body"]

    assert found == shown.replace("*", "[redacted]")


@pytest.mark.parametrize(
    ("path", "reserved"),
    [("/_mockalog", True), ("/_mockalog/info", True), ("/_mockalogs", False), ("/", False)],
)
def test_the_control_planes_prefix_is_reserved(path: str, reserved: bool) -> None:
    """Control calls are not recorded."""
    assert is_control_path(path) is reserved
