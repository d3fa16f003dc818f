"""State documents in and out: exports, replacements, additions."""

import asyncio
from typing import Any

import pytest

from mockalog.kernel.sandboxes import generations
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.sandboxes.snapshots import UnknownSnapshotError
from mockalog.kernel.state.exports import export
from mockalog.kernel.state.transfer import State
from mockalog.kernel.turns import Turns
from mockalog.vendors import BY_NAME
from tests.emulation import Emulation, emulate
from tests.kernel.documents.factories import JOBS, SERIES, doc, table
from tests.kernel.documents.refusals import assert_refused
from tests.waiting import until_one_waits


def test_an_export_shows_no_secret_in_clear(emulation: Emulation) -> None:
    """Tokens are digests."""
    with emulate() as emulation:
        token = {"vendor": "braze", "token": "hush-hush", "sandbox": "mine"}
        emulation.control().post("/credentials", json=token)

        mine = emulation.control(headers={"X-Mockalog-Sandbox": "mine"})
        document = mine.get("/state")

        assert "hush-hush" not in document.text
        [known] = document.json()["credentials"]
        assert (known["vendor"], known["permissions"], len(known["digest"])) == ("braze", ["*"], 64)


WRONG: list[tuple[str, str]] = [
    # The text, and its problem.
    ("[]", "mockalog: expected the version of the format: 1"),
    ('{"mockalog": true}', "line 1: mockalog: expected the version of the format: 1"),
    ('{"mockalog": 1.0}', "mockalog: expected the version of the format: 1"),
    ('{"mockalog": 2}', "line 1: mockalog: expected the version of the format: 1"),
    (doc(settings={"nope": 1}), "line 3: settings: setting 'nope' does not exist"),
    (doc(settings={"braze.async_delay": "1"}), "line 3: settings: braze.async_delay: Input should"),
    (doc(credentials=[{"vendor": "x", "token": "t"}]), "credentials[0].vendor: expected one of"),
    (
        doc(credentials=[{"vendor": "braze", "token": "t", "sandbox": "yours"}]),
        "credentials[0].sandbox: it would open another sandbox",
    ),
    (
        doc(credentials=[{"vendor": "braze", "token": "t", "sandbox": "*"}]),
        "credentials[0].sandbox: '*' is the template of new sandboxes",
    ),
    ('{"mockalog": 1, "sandboxes": {"a\\u0000": {"mockalog": 1}}}', "NUL is not allowed"),
    ('{"mockalog": 1, "sandboxes": {"": {"mockalog": 1}}}', "at least 1 character"),
    (
        doc(tables=table("series", SERIES, ["a", 1], ["a", 1])),
        "tables: some rows violate a constraint",
    ),
    (
        doc(tables=table("jobs", JOBS, [1, "x.y", "{}", "pending", 0, 0, False])),
        "tables.jobs.rows[0]: job kind 'x.y' does not exist",
    ),
    (doc(sandboxes={}), "sandboxes: the state of a whole server cannot replace one"),
    (doc(sandboxes=[]), "sandboxes: expected documents by name"),
    (doc(sandboxes={}, braze={}), "sandboxes: beside sandboxes, only the version"),
    (doc(sandboxes={"a": {"brase": 1}}), "line 3: sandboxes.a.brase: key 'brase' does not exist"),
]


@pytest.mark.parametrize(("text", "problem"), WRONG, ids=lambda value: str(value)[-40:])
def test_an_invalid_document_has_place_and_reason(
    emulation: Emulation, text: str, problem: str
) -> None:
    """Line, field and expected value; the state does not change."""
    assert_refused(emulation, text, problem)


def test_a_reset_during_an_export_gives_an_empty_state(emulation: Emulation) -> None:
    """During a save of a snapshot too."""
    gone = Sandbox(0, "never-opened")
    runtime = emulation.runtime

    document = emulation.run(lambda: export(runtime, gone, Turns()))
    assert b"".join(document.listed()) == b'{"mockalog":1}'
    with pytest.raises(UnknownSnapshotError):
        emulation.run(lambda: runtime.snapshots.save(gone, "s"))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"mockalog": 1, "sandboxes": {}}, "a seed describes one sandbox"),
        ({"mockalog": 1, "tables": table("series", SERIES)}, "a seed has no rows"),
    ],
)
def test_a_seed_may_not_replace_state(emulation: Emulation, body: Any, problem: str) -> None:
    """Such a document belongs to PUT."""
    answer = emulation.control(emulation.client()).post("/seed", json=body)

    assert problem in answer.json()["detail"]


def test_a_credential_of_another_sandbox_stays_there(emulation: Emulation) -> None:
    """A document cannot take it over."""
    theirs = {"vendor": "braze", "token": "of-others", "sandbox": "others"}
    emulation.control().post("/credentials", json=theirs)
    control = emulation.control(emulation.client())
    known = [{"vendor": "braze", "token": "of-others"}]

    answer = control.put("/state", json={"mockalog": 1, "credentials": known})

    assert "credentials[0]: it opens another sandbox already" in answer.json()["detail"]


def test_a_seed_during_a_reset_goes_to_the_new_state(new_postgres_url: Any) -> None:
    """It finds its sandbox replaced after the wait."""
    with emulate(database_url=new_postgres_url(), migrate=True) as emulation:
        runtime = emulation.runtime

        async def act() -> str:
            sandbox, state = await runtime.sandboxes.open("s"), State(runtime, BY_NAME)
            found = state.check({"mockalog": 1, "settings": {"rate_limits": "off"}})
            async with runtime.database.transaction() as connection:
                await generations.retire(connection, "s")
                seeding = asyncio.create_task(state.add(sandbox, found))
                await until_one_waits(runtime.database)
            await seeding
            async with runtime.database.transaction() as connection:
                row: Any = await generations.find(connection, "s")
            return str(row.settings)

        assert "off" in emulation.run(act)
