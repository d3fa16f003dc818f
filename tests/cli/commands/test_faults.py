"""`mockalog fault …`."""

from tests.cli.conftest import Command
from tests.cli.factories import said


def test_faults_are_armed_listed_and_disarmed(command: Command) -> None:
    """An operation that the vendor does not have is refused."""
    armed = said(command, "fault", "add", "braze", "create_items", "--status", "429")
    assert [fault["id"] for fault in said(command, "fault", "list")] == [armed["id"]]
    assert "create_items" in command("fault", "list").stdout
    by_path = said(command, "fault", "add", "braze", "*", "--path", "/catalogs", "--drop")
    assert by_path["path"] == "/catalogs"
    assert said(command, "fault", "rm", str(armed["id"])) == {"status": "done"}
    assert [fault["id"] for fault in said(command, "fault", "list")] == [by_path["id"]]
    assert command("fault", "clear").exit_code == 0
    assert said(command, "fault", "list") == []

    refused = command("fault", "add", "braze", "creat_items", "--drop")

    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert "create_items" in refused.stderr
