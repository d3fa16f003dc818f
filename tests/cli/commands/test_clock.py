"""`mockalog clock …`."""

from tests.cli.conftest import Command
from tests.cli.factories import said


def test_the_clock_commands_print_the_clock(command: Command) -> None:
    """Each command prints the clock after its change."""
    frozen = said(command, "clock", "freeze", "2025-03-01T12:00:00")
    assert frozen["now"] == "2025-03-01T12:00:00Z"
    advanced = said(command, "clock", "advance", "60")
    assert (advanced["now"], advanced["jobs_run"]) == ("2025-03-01T12:01:00Z", 0)
    assert said(command, "clock", "settle")["jobs_run"] == 0
    assert said(command, "clock", "run", "2025-03-01T12:00:00")["mode"] == "real"
    assert said(command, "clock", "run")["mode"] == "real"
    assert said(command, "clock", "show")["mode"] == "real"
