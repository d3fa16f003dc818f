"""Reading requests: upgrades, forms of targets, and refusals in the words of the address."""

import re
from collections.abc import Iterator

import pytest

from mockalog.server.connections import IDLE_SECONDS, Connections
from mockalog.server.heads import MAX_HEAD
from mockalog.server.http11 import ARRIVAL_SECONDS, LINGER_SECONDS
from tests.emulation import Emulation, emulate
from tests.server.factories import Line, line, statuses

HOST = b"Host: h\r\n"
GET = b"GET /catalogs HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer t\r\n\r\n"
UNFINISHED = b"POST /catalogs HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\n{"
CHUNKED = b"POST /catalogs HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
UNREAD = b"GET /catalogs HTTP/1.1\r\nHost: h\r\n"


@pytest.fixture(scope="module")
def emulation() -> Iterator[Emulation]:
    """An app with the vendors at their usual ports."""
    with emulate() as emulation:
        yield emulation


def exchange(emulation: Emulation, vendor: str, data: bytes, answers: int = 1) -> bytes:
    """Send data to a vendor's port and return so many answers."""

    async def talk() -> bytes:
        async with line(emulation._app, vendor) as it:
            return await it.send(data, answers)

    received: bytes = emulation.run(talk)
    return received


def post(name: str, headers: bytes, *, chunked: bool = False) -> bytes:
    """Return a request that creates a Braze catalog."""
    body = b'{"catalogs":[{"name":"%b","fields":[{"name":"id","type":"string"}]}]}' % name.encode()
    length = b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
    if chunked:
        length = b"Transfer-Encoding: chunked\r\n\r\n%x;a=b\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    head = b"POST /catalogs HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %b\r\n" % name.encode()
    return head + headers + length


UPGRADES = {
    "h2c": b"Connection: Upgrade\r\nUpgrade: h2c\r\n",
    "java": b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
    "alone": b"Upgrade: h2c\r\n",
    "websocket": b"Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n",
    "tls": b"Connection: upgrade\r\nUpgrade: TLS/1.0, HTTP/2.0\r\n",
}


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("upgrade", UPGRADES)
def test_a_request_to_upgrade_is_answered_as_any_other(
    emulation: Emulation, upgrade: str, *, chunked: bool
) -> None:
    """With its body; the requests behind it are answered, too."""
    name = f"{upgrade}-{chunked}"
    requests = post(name, UPGRADES[upgrade], chunked=chunked)

    received = exchange(emulation, "braze", requests + requests + GET, answers=3)

    assert statuses(received) == [201, 400, 200]


def test_a_request_to_upgrade_arrives_in_any_pieces(emulation: Emulation) -> None:
    """Byte by byte; the journal has the headers as they were sent."""

    async def talk() -> bytes:
        async with line(emulation._app) as it:
            for byte in post("pieces", UPGRADES["java"])[:-1]:
                await it.send(bytes([byte]), answers=0)
            return await it.send(b"}")

    assert statuses(emulation.run(talk)) == [201]
    client = emulation.client("/braze", token="pieces")
    [entry] = emulation.control(client).get("/requests").json()["requests"]
    assert "Upgrade, HTTP2-Settings" in str(entry)


def test_the_last_request_may_ask_to_upgrade(emulation: Emulation) -> None:
    """`Connection: close` still closes."""
    request = post("last", b"Connection: upgrade, close\r\nUpgrade: h2c\r\n")

    assert b"connection: close\r\n" in exchange(emulation, "braze", request + GET)


def test_an_upgrade_may_wait_for_100_continue(emulation: Emulation) -> None:
    """Both headers count."""
    request = post("waits", b"Expect: 100-continue\r\n" + UPGRADES["h2c"])

    assert statuses(exchange(emulation, "braze", request, answers=2)) == [100, 201]


TOKEN = b"POST /auth/realms/acme/protocol/openid-connect/token HTTP/1.1\r\n"

BODIES = {
    "mockalog": b'"status":%d,"detail":',
    "squared": b'{"status":%d,"error":"',
    "braze": b'{"message":"',
    "attraqt": b'{"code":3,"message":"INVALID_ARGUMENT: ',
}


@pytest.mark.parametrize("vendor", BODIES)
@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\n\r\n", 400),
        (b"GET /a b HTTP/1.1\r\n\r\n", 400),
        (b"GET h:443 HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno header\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * MAX_HEAD + b"\r\n\r\n", 431),
        (b"GET /" + b"a" * MAX_HEAD + b" HTTP/1.1\r\n\r\n", 431),
    ],
)
def test_an_unreadable_head_gets_the_words_of_its_address(
    emulation: Emulation, vendor: str, data: bytes, status: int
) -> None:
    """No body is the framework's, and the connection is closed."""
    data = data.replace(b"\r\n", b"\r\nAccept: application/json\r\n", 1)

    received = exchange(emulation, vendor, data)

    assert statuses(received) == [status]
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"connection: close" in head
    expected = BODIES[vendor] % status if b"%d" in BODIES[vendor] else BODIES[vendor]
    assert expected in body or (vendor == "squared" and body == b"")


@pytest.mark.parametrize("vendor", BODIES)
def test_an_unreadable_control_call_gets_a_problem(emulation: Emulation, vendor: str) -> None:
    """On every port."""
    received = exchange(emulation, vendor, b"GET /_mockalog/info HTTP/1.1\r\nbad\r\n\r\n")

    assert b"\r\ncontent-type: application/problem+json\r\n" in received
    assert b'"detail":"the request is no HTTP/1.1: Invalid header token"' in received


def test_a_control_call_with_too_large_a_head_gets_a_problem(emulation: Emulation) -> None:
    """Its head is read up to the limit."""
    head = b"GET /_mockalog/info HTTP/1.1\r\nA: " + b"a" * MAX_HEAD + b"\r\n\r\n"

    received = exchange(emulation, "mockalog", head)

    assert statuses(received) == [431]
    assert b"\r\ncontent-type: application/problem+json\r\n" in received


def test_a_token_call_with_too_large_a_head_gets_an_error_of_oauth(emulation: Emulation) -> None:
    """Its path is known before the rest of its head."""
    received = exchange(emulation, "attraqt", TOKEN + b"A: " + b"a" * MAX_HEAD + b"\r\n\r\n")

    assert statuses(received) == [431]
    assert b'"error":"invalid_request"' in received


@pytest.mark.parametrize("request_line", [b"CONNECT h:443", b"OPTIONS *", b"GET http://h"])
@pytest.mark.parametrize("vendor", BODIES)
def test_a_target_without_a_path_is_answered(
    emulation: Emulation, vendor: str, request_line: bytes
) -> None:
    """As the path `/`; the connection goes on."""
    request = request_line + b" HTTP/1.1\r\nHost: h\r\n\r\n"

    received = exchange(emulation, vendor, request + request, answers=2)

    expected = 200 if (vendor, request_line) == ("squared", b"GET http://h") else 404
    assert statuses(received) == [expected] * 2


def test_a_refusal_waits_for_the_answers_before_it(emulation: Emulation) -> None:
    """Nothing behind it is read."""
    received = exchange(emulation, "braze", GET + b"nonsense\r\n\r\n" + GET, answers=2)

    assert statuses(received) == [200, 400]


def test_the_journal_has_refused_requests(emulation: Emulation) -> None:
    """Of a head without a method, too."""
    exchange(emulation, "braze", b"\x16\x03\r\n\r\n")

    unmatched = emulation.control().get("/requests/unmatched").json()["requests"]

    last = unmatched[-1]
    assert (last["method"], last["path"], last["status"], last["vendor"]) == (
        "?",
        "/",
        400,
        "braze",
    )


STALLED = {
    "nothing of the path": b"G",
    "a part of the path": b"GET /cat",
    "a head": UNREAD,
    "a body": UNFINISHED,
    "a chunk": CHUNKED + b"5\r\nab",
    "an upgrade": b"POST /catalogs HTTP/1.1\r\nContent-Length: 9\r\n" + UPGRADES["h2c"] + b"\r\n{",
}


@pytest.mark.parametrize("stalled", STALLED)
def test_a_request_that_does_not_arrive_gets_408(emulation: Emulation, stalled: str) -> None:
    """Not before the time is over; then the connection is closed."""

    async def talk() -> tuple[bytes, bytes, Line]:
        async with line(emulation._app) as it:
            await it.send(STALLED[stalled], answers=0)
            early = await it.after(ARRIVAL_SECONDS - 1, answers=0)
            return early, await it.after(ARRIVAL_SECONDS + 1), it

    early, late, it = emulation.run(talk)
    assert (early, statuses(late)) == (b"", [408])
    assert b'{"message":"Request Timeout"}' in late
    assert (it.wire.half_closed, it.connections.idle) == (True, {})


@pytest.mark.parametrize(
    ("vendor", "data"),
    [
        ("braze", b"PUT /_mockalog/state HTTP/1.1\r\nContent-Length: 2\r\n\r\n{"),
        ("mockalog", b"GET /nowhere HTTP/1.1\r\n"),
        (
            "squared",
            b"POST /api/v1/login HTTP/1.1\r\nAccept: application/json\r\nContent-Length: 2",
        ),
        ("attraqt", b"GET /catalogs HTTP/1.1\r\n"),
        ("attraqt", TOKEN + b"Content-Length: 2\r\n\r\n{"),
    ],
)
def test_every_address_words_a_408(emulation: Emulation, vendor: str, data: bytes) -> None:
    """Also the control plane, and the main port without a vendor."""

    async def talk() -> bytes:
        async with line(emulation._app, vendor) as it:
            await it.send(data, answers=0)
            return await it.after(ARRIVAL_SECONDS + 1)

    received: bytes = emulation.run(talk)
    assert statuses(received) == [408]
    assert b"\r\nconnection: close\r\n" in received


def test_a_body_has_time_as_long_as_it_grows(emulation: Emulation) -> None:
    """A head must come at once."""

    async def talk() -> list[bool]:
        async with line(emulation._app) as body, line(emulation._app) as head:
            deadlines = []
            for it, first in ((body, UNFINISHED), (head, UNREAD)):
                await it.send(first, answers=0)
                before = dict(it.connections._arriving)
                it.connections._arriving[it.protocol] -= 10
                await it.send(b"a", answers=0)
                deadlines.append(it.connections._arriving[it.protocol] >= before[it.protocol])
            return deadlines

    assert emulation.run(talk) == [True, False]


ENDLESS = {
    "a header": [UNREAD, b"A: ", *[b"a" * 10_000] * 7],
    "headers": [UNREAD, *[b"a: b\r\n" * 2000] * 6],
    "a target": [b"GET /", *[b"a" * 10_000] * 7],
    "trailers": [CHUNKED + b"1\r\nx\r\n0\r\n", *[b"a: b\r\n" * 2000] * 6],
    "a chunk's extension": [CHUNKED + b"1;", *[b"a" * 10_000] * 7],
}


@pytest.mark.parametrize("endless", ENDLESS)
def test_endless_parts_besides_the_body_get_431(emulation: Emulation, endless: str) -> None:
    """Before the time is over."""

    async def talk() -> bytes:
        async with line(emulation._app) as it:
            for piece in ENDLESS[endless]:
                await it.send(piece, answers=0)
            return await it.received()

    assert statuses(emulation.run(talk)) == [431]


def test_a_body_in_small_chunks_is_no_endless_part(emulation: Emulation) -> None:
    """Though most of its bytes are not of the body."""

    async def talk() -> bytes:
        async with line(emulation._app) as it:
            await it.send(CHUNKED, answers=0)
            for _ in range(300):
                await it.send(b"1;%b\r\n \r\n" % (b"a" * 300), answers=0)
            return await it.send(b"0\r\n\r\n")

    assert statuses(emulation.run(talk)) == [401]


def test_http_1_0_ends_with_its_answer(emulation: Emulation) -> None:
    """As the protocol says."""
    received = exchange(emulation, "braze", GET.replace(b"1.1", b"1.0"))

    assert (statuses(received), b"\r\nconnection: close\r\n" in received) == ([200], True)


def test_a_client_is_not_read_faster_than_the_app_reads(emulation: Emulation) -> None:
    """Nor is a body that waits behind another answer."""
    large = b"POST /catalogs HTTP/1.1\r\nContent-Length: 70000\r\n\r\n" + b" " * 69_999

    async def talk() -> tuple[bool, bool, bytes]:
        async with line(emulation._app, connections=Connections(100_000)) as it:
            await it.send(large, answers=0)
            alone = it.wire.paused
            await it.send(b" ", answers=0)
            await it.send(GET, answers=0)
            queued = it.wire.paused
            return alone, queued, await it.received(2)

    alone, queued, received = emulation.run(talk)
    assert (alone, queued, statuses(received)) == (True, True, [401, 200])


def test_a_head_behind_an_answer_has_its_own_time(emulation: Emulation) -> None:
    """The answer does not extend it."""

    async def talk() -> bytes:
        async with line(emulation._app) as it:
            first = await it.send(GET + UNREAD)
            return first + await it.after(ARRIVAL_SECONDS + 1)

    assert statuses(emulation.run(talk)) == [200, 408]


def test_trailers_are_no_headers(emulation: Emulation) -> None:
    """A credential there opens nothing."""
    trailers = CHUNKED + b"2\r\n{}\r\n0\r\nAuthorization: Bearer t\r\n\r\n"

    assert statuses(exchange(emulation, "braze", trailers)) == [401]


def test_bodies_that_are_too_large_together_are_bounded(emulation: Emulation) -> None:
    """The largest gets 413 in the words of its address; the others go on."""
    large = b"POST /catalogs HTTP/1.1\r\nContent-Length: 9000\r\n\r\n" + b" " * 700
    call = b"PUT /_mockalog/state HTTP/1.1\r\nContent-Length: 9000\r\n\r\n" + b" " * 750

    async def talk() -> list[bytes]:
        bounds = Connections(1000)
        async with (
            line(emulation._app, connections=bounds) as vendor,
            line(emulation._app, connections=bounds) as control,
            line(emulation._app, connections=bounds) as small,
        ):
            await small.send(UNFINISHED, answers=0)
            await vendor.send(large, answers=0)
            await control.send(call, answers=0)
            first = await control.received()
            await small.send(b"", answers=0)
            await vendor.send(b" " * 300, answers=0)
            return [first, await vendor.received(), await small.send(b"}" * 8)]

    first, second, third = emulation.run(talk)
    assert b"all bodies that arrive at the same time have at most 1000 bytes" in first
    assert b'{"message":"Request Entity Too Large"}' in second
    assert [statuses(one) for one in (first, second, third)] == [[413], [413], [401]]


def test_the_rest_of_an_answered_request_is_dropped(emulation: Emulation) -> None:
    """It does not count as memory. The next request is answered, or the connection is closed."""
    head = b"POST /catalogs HTTP/1.1\r\nHost: h\r\nContent-Length: 99000000\r\n\r\n"

    async def talk() -> tuple[bytes, int, bool]:
        async with line(emulation._app) as it:
            received = await it.send(head)
            await it.send(b"a" * 2000, answers=0)
            held = it.connections._held
            await it.after(ARRIVAL_SECONDS + 1, answers=0)
            return received, held, it.wire.closed

    received, held, closed = emulation.run(talk)
    assert (statuses(received), held, closed) == ([413], 0, True)


def test_a_whole_body_behind_its_answer_leaves_the_connection_idle(emulation: Emulation) -> None:
    """The next request is answered."""
    size = 17_000_000
    head = b"POST /catalogs HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % size

    async def talk() -> tuple[bytes, int, bytes]:
        async with line(emulation._app) as it:
            first = await it.send(head)
            await it.send(b"a" * size, answers=0)
            return first, len(it.connections.idle), await it.send(GET)

    first, idle, second = emulation.run(talk)
    assert (statuses(first), idle, statuses(second)) == ([413], 1, [200])


def test_a_refused_client_may_send_on_for_a_while(emulation: Emulation) -> None:
    """The bytes are dropped; a reset would take the answer away from it."""

    async def talk() -> tuple[list[bool], bytes]:
        async with line(emulation._app) as it:
            await it.send(b"nonsense\r\n\r\n")
            ends = [it.wire.closed]
            more = await it.send(GET, answers=0)
            await it.after(LINGER_SECONDS + 1, answers=0)
            return [*ends, it.wire.closed], more

    assert emulation.run(talk) == ([False, True], b"")


def test_an_app_at_work_is_no_late_request(emulation: Emulation) -> None:
    """While it does not read, or words a refusal, the client is not at fault."""

    async def talk() -> bytes:
        async with line(emulation._app) as it:
            await it.send(UNFINISHED, answers=0)
            it.protocol.flow.read_paused = True
            early = await it.after(ARRIVAL_SECONDS + 1, answers=0)
            it.protocol.flow.read_paused = False
            it.protocol.expire()
            it.protocol.expire()
            return early + await it.received()

    assert statuses(emulation.run(talk)) == [408]


def test_an_idle_connection_is_announced_and_closed(emulation: Emulation) -> None:
    """Only an answer that leaves the connection open announces it."""

    async def talk() -> tuple[bytes, bytes, bool]:
        async with line(emulation._app) as it, line(emulation._app) as last:
            kept = await it.send(GET)
            closed = await last.send(GET.replace(HOST, b"Connection: close\r\n"))
            await it.after(IDLE_SECONDS + 1, answers=0)
            return kept, closed, it.wire.closed

    kept, closed, ended = emulation.run(talk)
    assert b"\r\nconnection: keep-alive\r\nkeep-alive: timeout=75\r\n" in kept
    assert re.findall(rb"(?i)keep-alive", closed) == []
    assert (b"\r\nconnection: close\r\n" in closed, ended) == (True, True)


def test_lines_without_a_request_leave_a_connection_idle(emulation: Emulation) -> None:
    """Empty lines may come before a request (RFC 9112, section 2.2)."""

    async def talk() -> int:
        async with line(emulation._app) as it:
            await it.send(b"\r\n\r\n", answers=0)
            return len(it.connections.idle)

    assert emulation.run(talk) == 1


def test_a_stop_makes_each_answer_the_last(emulation: Emulation) -> None:
    """Of requests that arrive before and after it."""

    async def talk() -> list[bytes]:
        bounds = Connections(1000)
        async with (
            line(emulation._app, connections=bounds) as before,
            line(emulation._app, connections=bounds) as after,
        ):
            await before.send(UNFINISHED, answers=0)
            bounds.stop()
            return [await before.send(b"}" * 8), await after.send(GET)]

    for received in emulation.run(talk):
        assert b"\r\nconnection: close\r\n" in received
        assert b"keep-alive" not in received
