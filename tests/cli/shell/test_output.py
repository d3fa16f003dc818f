"""The output of commands."""

import json

import pytest

from mockalog.cli.shell.output import progress_bar, show
from tests.cli.conftest import Command
from tests.cli.factories import said


def test_a_terminal_shows_a_progress_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a terminal nothing is drawn."""
    with progress_bar():
        pass
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with progress_bar():
        pass
    assert "0:00:00" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("as_json", "lines"), [(True, '{"a": "é"}\n{"a": 2}\n'), (False, "é\n2\n")]
)
def test_an_iterator_is_printed_line_by_line(
    as_json: bool, lines: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Until its end."""
    show(iter([{"a": "é"}, {"a": 2}]), as_json=as_json)

    assert capsys.readouterr().out == lines


def test_json_output(command: Command) -> None:
    """A command without a result prints a status; a document is printed as it is."""
    assert said(command, "reset") == {"status": "done"}
    document = said(command, "state", "export")
    assert document["mockalog"] == 1
    assert json.loads(command("state", "export").stdout) == document
