"""Signals and exit codes of a program under `mockalog exec`."""

import os
import signal
import subprocess
from typing import Any

import pytest

from mockalog.cli.shell import subprocess_runner


@pytest.mark.parametrize(
    ("number", "at_terminal"), [("TERM", True), ("INT", False), ("HUP", True), ("QUIT", False)]
)
def test_signals_are_forwarded(
    number: str, at_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exit code of a signalled program is that of a shell."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: at_terminal, raising=False)
    script = f"sleep 0.1; kill -{number} $PPID; exec sleep 60"

    code = subprocess_runner.run(["sh", "-c", script], dict(os.environ))

    assert code == 128 + getattr(signal, f"SIG{number}")


def test_a_signal_during_the_start_is_forwarded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As soon as the program runs."""

    class Slow(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr("mockalog.cli.shell.subprocess_runner.subprocess.Popen", Slow)

    assert subprocess_runner.run(["sleep", "60"], dict(os.environ)) == 128 + signal.SIGTERM


def test_ctrl_c_at_a_terminal_is_not_forwarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal sends the signal to the program itself."""
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)

    assert (
        subprocess_runner.run(["sh", "-c", "kill -INT $PPID; sleep 0.1; exit 3"], dict(os.environ))
        == 3
    )
