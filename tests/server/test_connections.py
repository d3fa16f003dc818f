"""The bounds of connections: in number, in time, in bytes."""

import asyncio
from collections.abc import Callable

from mockalog.kernel.errors import ApiError
from mockalog.server.connections import IDLE_SECONDS, KEPT_SECONDS, Connections


class Fake:
    """A connection that notes its end."""

    def __init__(self) -> None:
        self.held = 0
        self.end = ""

    def close(self) -> None:
        """Note it."""
        self.end = "closed"

    def shutdown(self) -> None:
        """Note it."""
        self.end = "last"

    def expire(self) -> None:
        """Note it."""
        self.end = "expired"

    def refuse(self, refusal: ApiError) -> None:
        """Note it."""
        self.end = "refused"


def ends(test: Callable[[], list[Fake]]) -> list[str]:
    """Run a test in a loop and return the ends of its connections."""

    async def run() -> list[Fake]:
        return test()

    return [fake.end for fake in asyncio.run(run())]


def opened(connections: Connections, count: int) -> list[Fake]:
    """Open so many connections, one after the other."""
    fakes = [Fake() for _ in range(count)]
    for fake in fakes:
        connections.open(fake)
    return fakes


def test_a_connection_beyond_the_bound_closes_the_longest_idle() -> None:
    """One in use is not idle."""

    def test() -> list[Fake]:
        connections = Connections(0, max_idle=2)
        first = opened(connections, 1)
        del connections.idle[first[0]]
        return first + opened(connections, 4)

    assert ends(test) == ["", "closed", "closed", "", ""]


def test_connections_that_become_idle_together_are_bounded_too() -> None:
    """By the sweep."""

    def test() -> list[Fake]:
        connections = Connections(0, max_idle=1)
        fakes = [Fake(), Fake(), Fake()]
        now = asyncio.get_running_loop().time()
        connections.idle.update(dict.fromkeys(fakes, now))
        connections.sweep(now)
        return fakes

    assert ends(test) == ["closed", "closed", ""]


def test_an_idle_connection_stays_open_for_longer_than_announced() -> None:
    """Then it is closed."""

    def test() -> list[Fake]:
        connections = Connections(0)
        now = asyncio.get_running_loop().time()
        fakes = opened(connections, 2)
        connections.idle[fakes[1]] = now + 100
        connections.sweep(now + KEPT_SECONDS)
        assert [fake.end for fake in fakes] == ["", ""]
        connections.sweep(now + IDLE_SECONDS + 1)
        return fakes

    assert ends(test) == ["closed", ""]


def test_a_request_expires_at_its_deadline() -> None:
    """One that has arrived, or never will, does not."""

    def test() -> list[Fake]:
        connections = Connections(0)
        fakes = opened(connections, 4)
        for fake, deadline in zip(fakes, (1, 2, 1, 1), strict=True):
            connections.wait(fake, deadline, 0)
        connections.arrived(fakes[2])
        connections.lose(fakes[3])
        connections.sweep(1)
        return fakes

    assert ends(test) == ["expired", "", "", ""]


def test_the_largest_of_too_many_bytes_is_refused() -> None:
    """Whole bodies do not count."""

    def test() -> list[Fake]:
        connections = Connections(100)
        fakes = opened(connections, 4)
        for fake, size in zip(fakes, (90, 50, 20, 30), strict=True):
            connections.wait(fake, 1, size)
            if size == 90:
                connections.arrived(fake)
        assert [fake.end for fake in fakes] == [""] * 4
        connections.wait(fakes[2], 1, 21)
        return fakes

    assert ends(test) == ["", "refused", "", ""]


def test_the_sweep_goes_on_while_connections_are_open() -> None:
    """Its timer does not outlive them."""

    async def test() -> tuple[bool, bool]:
        connections, fake = Connections(0), Fake()
        connections.connections.add(fake)  # type: ignore[arg-type]
        connections.open(fake)
        connections.open(Fake())
        connections._sweep_again()
        goes_on = connections._is_sweeping
        connections.connections.clear()
        connections._sweep_again()
        return goes_on, connections._is_sweeping

    assert asyncio.run(test()) == (True, False)


def test_a_stop_ends_all_connections_in_turn() -> None:
    """First those that answer, then the idle ones, then all; it waits for their ends."""

    async def test() -> list[str]:
        connections = Connections(0)
        busy, idle = opened(connections, 2)
        connections.connections = {busy, idle}  # type: ignore[arg-type]
        del connections.idle[busy]
        waiting = asyncio.create_task(asyncio.sleep(60))
        connections.waiting.add(waiting)

        connections.stop()
        seen = [busy.end, idle.end]
        await connections.closed(0)
        connections.close_idle()
        connections.connections.clear()
        connections.lose(idle)
        await connections.closed(60)
        late = opened(connections, 1)
        connections.connections = {busy, *late}  # type: ignore[arg-type]
        assert not connections._closed.is_set()
        connections.close_all()
        await asyncio.wait([waiting])
        return [*seen, busy.end, idle.end, str(waiting.cancelled())]

    assert asyncio.run(test()) == ["last", "last", "closed", "closed", "True"]
