"""State documents and seeds: what they may say, and what is said about those that cannot be."""

import json
import sys
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Column, LargeBinary

from mockalog.kernel.clock import LATEST, SECOND
from mockalog.kernel.documents.errors import InvalidDocumentError
from mockalog.kernel.documents.sources import DocumentSource
from mockalog.kernel.documents.table_dumps import _problem
from mockalog.kernel.sandboxes.sandboxes import Sandbox
from mockalog.kernel.sandboxes.snapshots import UnknownSnapshotError
from mockalog.kernel.state.transfer import State
from mockalog.vendors import BY_NAME
from tests.emulation import Emulation, emulate

YAML = {"Content-Type": "application/yaml"}
SHOP = {"catalogs": [{"name": "shop", "fields": [{"name": "id", "type": "string"}]}]}

SEED = """\
mockalog: 1
clock: {mode: real, now: 2031-05-06T07:08:09Z}
settings: {rate_limits: "off"}
credentials:
  - {vendor: braze, token: s3cret, permissions: [catalogs.get]}
braze:
  catalogs:
    - name: shop
      description: &said NO
      fields:
        - {name: id, type: string}
        - {name: open, type: boolean}
        - {name: since, type: string}
      items:
        - {id: a, open: true, since: 2024-10-14}
        - {id: "7", open: ~, since: *said}
"""


def names(client: httpx.Client) -> list[str]:
    """Return the names of the catalogs that a Braze client sees."""
    return [catalog["name"] for catalog in client.get("/catalogs").json()["catalogs"]]


def test_a_seed_is_yaml_without_its_pitfalls(emulation: Emulation) -> None:
    """Dates and `NO` are texts, and only `true` is true."""
    client = emulation.client("/braze")
    control = emulation.control(client)

    assert control.post("/seed", content=SEED, headers=YAML).json() == {"status": "seeded"}

    assert client.get("/catalogs/shop/items").json()["items"] == [
        {"id": "a", "open": True, "since": "2024-10-14"},
        {"id": "7", "open": None, "since": "NO"},
    ]
    assert client.get("/catalogs").json()["catalogs"][0]["description"] == "NO"
    assert control.get("/clock").json()["now"].startswith("2031-05-06T07:08")
    assert emulation.client("/braze", token="s3cret").post("/catalogs").status_code == 403


def test_a_seed_adds_and_a_state_replaces(emulation: Emulation) -> None:
    """JSON works too; jobs of a seed run, and limits are not used."""
    client = emulation.client("/braze")
    control = emulation.control(client)
    client.post("/catalogs", json=SHOP)
    more = {"mockalog": 1, "braze": {"catalogs": [{**SHOP["catalogs"][0], "name": "more"}]}}

    assert control.post("/seed", json=more).status_code == 200
    assert names(client) == ["shop", "more"]
    assert control.get("/requests/count").json() == {"count": 2}
    assert control.put("/state", json=more).json() == {"status": "replaced"}
    assert names(client) == ["more"]
    assert control.get("/requests/count").json() == {"count": 1}


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


CATALOG = {"name": "x", "fields": [{"name": "id", "type": "string"}]}


def doc(**sections: Any) -> str:
    """Return a document as JSON, with each section on its own line from the third line on."""
    lines = [f'"{name}": {json.dumps(value)}' for name, value in sections.items()]
    return "{\n" + ",\n".join(['"mockalog": 1', *lines]) + "\n}"


def table(name: str, columns: list[str], *rows: list[Any]) -> dict[str, Any]:
    """Return the tables section with one table."""
    return {name: {"columns": columns, "rows": list(rows)}}


SERIES = ["name", "last"]
STORED = [
    *("id", "name", "description", "fields", "num_items", "storage_size", "updated_at"),
    *("tokens", "drops", "selections", "last_position"),
]
OPERATION = (
    '{"kind":"delete","id":"a","type":"t","context":"","parent_id":"","at":0,"attributes":{},'
    '"fhr":false,"more":1}'
)
BATCHED = ["batch_id", "position", "operation", "receipt_id"]


def kept(fields: str) -> list[Any]:
    """Return a catalog's row."""
    return [1, "shop", "null", fields, 0, 0, 0, 0, 0, "[]", 0]


def stored_field(**changes: str) -> str:
    """Return the JSON of a catalog's only field."""
    return json.dumps([{"name": "id", "token": "-1", "type": "string", **changes}])


JOBS = ["id", "kind", "payload", "state", "due_at", "created_at", "recurring"]

WRONG: list[tuple[str, str]] = [
    # The text, and what is said of it.
    ("{", "not JSON"),
    ('{"mockalog": 1e400}', "not JSON"),
    ('{"a": "\\ud800"}', "not JSON"),
    ("[" * 300 + "]" * 300, "not JSON"),
    ("[]", "mockalog: expected the version of the format: 1"),
    ('{"mockalog": true}', "line 1: mockalog: expected the version of the format: 1"),
    ('{"mockalog": 1.0}', "mockalog: expected the version of the format: 1"),
    ('{"mockalog": 2}', "line 1: mockalog: expected the version of the format: 1"),
    (doc(brase={}), "line 3: brase: key 'brase' does not exist; use one of: mockalog, settings"),
    (doc(settings={"nope": 1}), "line 3: settings: setting 'nope' does not exist"),
    (doc(settings=[]), "line 3: settings: Input should be a valid dictionary"),
    (doc(clock={"mode": "sideways"}), "line 3: clock.mode: Input should be 'real' or 'frozen'"),
    (doc(clock={"now": "1969-12-31T23:59:59Z"}), "clock: must lie between 1970 and 9999"),
    (doc(clock={"now": 12345}), "line 3: clock.now: must be an instant such as 2025-03-01T12"),
    (doc(clock={"shift": "1"}), "line 3: clock.shift: Input should be a valid integer"),
    (doc(settings={"braze.async_delay": "1"}), "line 3: settings: braze.async_delay: Input should"),
    (
        doc(credentials=[{"vendor": "braze", "token": "t", "revoked": "no"}]),
        "line 3: credentials[0].revoked: Input should be a valid boolean",
    ),
    (doc(credentials=[{"vendor": "braze"}]), "needs either the token or its digest"),
    (
        doc(attraqt={"tenancies": [{"tenant": "a", "environment": "b", "locale": ""}]}),
        "line 3: attraqt.tenancies[0].locale: Attraqt refuses it with 404",
    ),
    (doc(credentials=[{"vendor": "x", "token": "t"}]), "credentials[0].vendor: expected one of"),
    (
        doc(credentials=[{"vendor": "braze", "token": "t", "sandbox": "yours"}]),
        "credentials[0].sandbox: it would open another sandbox",
    ),
    (
        doc(credentials=[{"vendor": "braze", "token": "t", "sandbox": "*"}]),
        "credentials[0].sandbox: '*' is the template of new sandboxes",
    ),
    (doc(braze=5), "line 3: braze: Input should be"),
    (doc(braze={"catalogs": [{"name": "x"}]}), "braze.catalogs[0].fields: Field required"),
    (
        doc(braze={"catalogs": [CATALOG, CATALOG]}),
        'braze.catalogs[1]: Braze refuses it with 400: {"errors":[{"id":"catalog-name-already',
    ),
    (
        doc(braze={"catalogs": [{**CATALOG, "items": [{"id": "a"}, {"id": "a b"}]}]}),
        "braze.catalogs[0].items[1]: Braze refuses it with 400",
    ),
    (
        doc(braze={"catalogs": [{**CATALOG, "items": [{"id": "a"}, {"id": "b"}, {"id": "a"}]}]}),
        "braze.catalogs[0].items[0]: Braze refuses it with 400",
    ),
    (
        doc(braze={"catalogs": [{**CATALOG, "selections": [{}]}]}),
        "braze.catalogs[0].selections[0]: Braze refuses it",
    ),
    (
        doc(attraqt={"tenancies": [{"tenant": "t", "environment": "e", "schemas": [{}]}]}),
        "attraqt.tenancies[0].schemas[0]: Attraqt refuses it",
    ),
    (
        doc(
            squared={
                "connectors": [
                    {
                        "workspace": "w",
                        **dict.fromkeys(("name", "connector_type", "connector_name"), "x"),
                        "configuration": {},
                    }
                ]
            }
        ),
        "squared.connectors[0].workspace: workspace does not exist; use one of: default",
    ),
    (
        doc(squared={"models": [{"connector": "c", "name": "m", "query_type": "raw_sql"}]}),
        "squared.models[0].connector: source does not exist; use one of: none",
    ),
    (doc(tables={"nope": {"columns": [], "rows": []}}), "tables.nope: table 'nope' does not exist"),
    (doc(tables={"credentials": {"columns": [], "rows": []}}), "does not exist"),
    (doc(tables=table("series", ["name"])), "series needs the column 'last'"),
    (doc(tables=table("series", [*SERIES, "sandbox_id"])), "series has no column 'sandbox_id'"),
    (doc(tables=table("series", [*SERIES, "last"])), "a column is given twice"),
    (doc(tables=table("series", SERIES, ["a"])), "expected 2 values, one for each column"),
    (doc(tables=table("series", SERIES, ["a", "1"])), "rows[0][1]: last must be an integer"),
    (doc(tables=table("series", SERIES, ["a", True])), "last must be an integer that fits"),
    (doc(tables=table("series", SERIES, ["a", 2**63])), "last must be an integer that fits"),
    (doc(tables=table("series", SERIES, ["a", None])), "last must be given"),
    (doc(tables=table("series", SERIES, ["\0", 1])), "name must be a text that fits"),
    ('{"mockalog": 1, "sandboxes": {"a\\u0000": {"mockalog": 1}}}', "NUL is not allowed"),
    ('{"mockalog": 1, "sandboxes": {"": {"mockalog": 1}}}', "at least 1 character"),
    (doc(credentials=[{"vendor": "braze", "token": "a\0"}]), "credentials[0].token: NUL is"),
    (
        doc(tables=table("series", SERIES, ["a", 1], ["a", 1])),
        "tables: some rows violate a constraint",
    ),
    (
        doc(tables=table("jobs", JOBS, [1, "x", "{", "pending", 0, 0, False])),
        "payload must be JSON as a text",
    ),
    (
        doc(tables=table("jobs", JOBS, [1, "x", {}, "pending", 0, 0, False])),
        "payload must be JSON as a text",
    ),
    (
        doc(tables=table("jobs", JOBS, [1, "x", "{}", "asleep", 0, 0, False])),
        "state must be a text that fits",
    ),
    (
        doc(tables=table("jobs", JOBS, [1, "x", "{}", "done", 2**62, 0, False])),
        "due_at must be an integer that fits",
    ),
    (
        doc(tables=table("jobs", JOBS, [1, "x.y", "{}", "pending", 0, 0, False])),
        "tables.jobs.rows[0]: job kind 'x.y' does not exist",
    ),
    (
        doc(tables=table("jobs", JOBS, [2**40, "x", "{}", "done", 0, 0, False])),
        "id must be an integer of 32 bits",
    ),
    (
        doc(tables=table("jobs", JOBS, [1, "x", "[]", "done", 0, 0, False])),
        "tables.jobs.rows[0][2]: payload must be of its type (Input should be a valid dictionary)",
    ),
    (doc(tables=table("braze_catalogs", STORED, kept(fields="5"))), "fields must be of its type"),
    (
        doc(tables=table("braze_catalogs", STORED, kept(fields=stored_field(type="text")))),
        "fields must be of its type (0.type: expected one of: string, number",
    ),
    (
        doc(tables=table("braze_catalogs", STORED, kept(fields=stored_field(token="x")))),
        "fields must be of its type (0.token: String should match pattern",
    ),
    (
        doc(tables=table("attraqt_batch_items", BATCHED, [1, 1, '{"kind": "melt"}', "r"])),
        "operation must be of its type (kind: Input should be 'upsert'",
    ),
    (
        doc(tables=table("attraqt_batch_items", BATCHED, [1, 1, "[]", "r"])),
        "operation must be of its type (expected an object)",
    ),
    (
        doc(tables=table("attraqt_batch_items", BATCHED, [1, 1, OPERATION, "r"])),
        "operation must be of its type (more: Extra inputs are not permitted",
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
    client = emulation.client("/braze")
    client.post("/catalogs", json=SHOP)

    answer = emulation.control(client).put("/state", content=text)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem in answer.json()["detail"]
    assert names(client) == ["shop"]


BOMB = "a: &a [x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 10)}]\n" for n in range(9)
)

WRONG_YAML: list[tuple[str, str]] = [
    ("mockalog: 1\nbrase:\n\n  catalogs: []", "line 2: brase: key 'brase' does not exist"),
    ("a: [", "line 2: not YAML"),
    ("mockalog: 1\nmockalog: 1", "each key must be a text, and unique"),
    ("mockalog: 1\n? [a]\n: b", "each key must be a text, and unique"),
    ("mockalog: !!python/object/apply:os.system [ls]", "the tag tag:yaml.org,2002:python/object"),
    ("mockalog: 1\nsettings: !x {}", "line 2: settings: the tag !x is not supported"),
    (BOMB, "more than 5,000,000 values"),
    ("a: &a [*a]", "more than 200 levels"),
    ("a: " + "[" * 250 + "]" * 250, "more than 200 levels"),
    ("mockalog: 1\nsettings: " + "[" * 50_000, "line 2: more than 200 levels"),
    ("mockalog: 1\nsettings: " + "{a: " * 50_000, "line 2: more than 200 levels"),
    ("mockalog: 1\nsettings:\n  " + "- " * 50_000, "line 3: more than 200 levels"),
    ("mockalog: 1e999", "mockalog: the number 1e999 is out of range"),
    ("mockalog: 1\nsettings: {\n  a: b,\n  c: d}", "line 2: settings: setting 'a' does not exist"),
    ("", "expected the version"),
    ('mockalog: "\\udc00"', "line 1: not YAML: found invalid Unicode"),
]


@pytest.mark.parametrize(("text", "problem"), WRONG_YAML, ids=lambda value: str(value)[:30])
def test_dangerous_yaml_is_refused(emulation: Emulation, text: str, problem: str) -> None:
    """Tags, bombs, cycles, repeated keys."""
    control = emulation.control(emulation.client())

    answer = control.put("/state", content=text, headers=YAML)

    assert answer.status_code == 400
    assert problem in answer.json()["detail"]


def test_invalid_unicode_is_refused(emulation: Emulation) -> None:
    """In both formats."""
    control = emulation.control(emulation.client())

    for headers in ({}, YAML):
        assert control.put("/state", content=b'{"a": "\xff"}', headers=headers).status_code == 400


def test_a_reset_during_an_export_gives_an_empty_state(emulation: Emulation) -> None:
    """During a save of a snapshot too."""
    gone = Sandbox(0, "never-opened")
    runtime = emulation.runtime

    assert emulation.run(lambda: State(runtime, BY_NAME).export(gone)) == {"mockalog": 1}
    with pytest.raises(UnknownSnapshotError):
        emulation.run(lambda: runtime.snapshots.save(gone, "s"))


def test_a_column_type_without_a_form_is_an_error() -> None:
    """The error says where to add it."""
    with pytest.raises(NotImplementedError):
        _problem(Column("new", LargeBinary), b"")


def test_line_numbers_have_a_bounded_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large document has none, nor has JSON that YAML cannot read."""
    assert DocumentSource(b"[" * 50_000, "x", is_yaml=False).line((0,)) is None
    assert DocumentSource(b'{"a":\n"\\/"}', "x", is_yaml=False).line(("a",)) is not None
    long = "k" * 2000
    assert DocumentSource(f'{{"{long}": 1}}'.encode(), "x", is_yaml=False).line((long,)) is None
    monkeypatch.setattr("mockalog.kernel.documents.sources.MAX_SEARCHED", 3)

    assert DocumentSource(b'{"a": 1}', "x", is_yaml=False).line(("a",)) is None


def test_a_document_beyond_the_limit_is_refused(
    emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 413."""
    monkeypatch.setattr("mockalog.control.routes.state.MAX_DOCUMENT", 10)

    answer = emulation.control(emulation.client()).put("/state", content="x" * 11)

    assert answer.status_code == 413


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


def test_a_credential_may_expire_after_the_year_9999(emulation: Emulation) -> None:
    """It was issued in the last hour that a clock can show."""
    control = emulation.control(emulation.client())
    known = {"vendor": "attraqt", "digest": uuid.uuid4().hex * 2, "expires_at": LATEST + SECOND}

    answer = control.put("/state", json={"mockalog": 1, "credentials": [known]})

    assert answer.status_code == 200, answer.text
    assert control.get("/state").json()["credentials"][0].items() >= known.items()


class TestSeedingARunningServer:
    """Without a credential: the baseline of the whole server."""

    def later(self, name: str) -> dict[str, Any]:
        """Return a document with one catalog."""
        return {"mockalog": 1, "braze": {"catalogs": [{**CATALOG, "name": name}]}}

    @pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
    def test_a_reset_restores_the_baseline(self, kind: str, request: pytest.FixtureRequest) -> None:
        """Of several seeds, for old and new sandboxes; later changes are gone."""
        own = kind == "postgresql" and request.getfixturevalue("new_postgres_url")()
        with emulate(database_url=own or "sqlite://", migrate=True) as emulation:
            server, old = emulation.control(), emulation.client("/braze")
            for name in ("a", "b"):
                server.post("/seed", json=self.later(name)).raise_for_status()
            for _ in range(2):
                server.post("/reset").raise_for_status()
                assert names(old) == names(emulation.client("/braze")) == ["a", "b"]
                old.delete("/catalogs/a")
                server.patch("/settings", json={"rate_limits": "off"})
                server.post("/faults", json={"vendor": "braze", "operation": "*"})
            assert server.get("/snapshots").json() == {"snapshots": []}
            server.post("/reset").raise_for_status()
            assert server.get("/settings").json()["rate_limits"] == "vendor"

            server.post("/reset", json={"to": "empty"})
            server.post("/seed", json=self.later("c")).raise_for_status()
            server.post("/reset").raise_for_status()
            assert names(old) == ["c"]

    def test_a_baseline_has_settings_and_clock_without_faults(self) -> None:
        """Of the moment of the seed."""
        with emulate() as emulation:
            server, client = emulation.control(), emulation.client("/braze")
            server.patch("/settings", json={"rate_limits": "off"})
            server.post("/faults", json={"vendor": "braze", "operation": "*"})
            frozen = {"mode": "frozen", "now": "2030-01-01T00:00:00Z"}
            document = {**self.later("a"), "clock": frozen}
            server.post("/seed", json=document).raise_for_status()
            server.put("/clock", json={"mode": "real"})

            server.post("/reset").raise_for_status()

            assert names(client) == ["a"]
            assert server.get("/settings").json()["rate_limits"] == "off"
            assert emulation.control(client).get("/clock").json()["now"] == frozen["now"]

    def test_a_refused_seed_changes_no_baseline(self) -> None:
        """It makes none either."""
        with emulate() as emulation:
            server = emulation.control()
            wrong = {"mockalog": 1, "braze": {"catalogs": [CATALOG, CATALOG]}}

            assert server.post("/seed", json=wrong).status_code == 400

            assert not emulation.run(emulation.runtime.snapshots.has_baseline)

    def test_a_sandbox_of_the_seed_files_keeps_its_baseline(self, tmp_path: Path) -> None:
        """Only the template has changed."""
        file = tmp_path / "seed.json"
        mine = {"braze": {"catalogs": [CATALOG]}}
        file.write_text(json.dumps({"mockalog": 1, "sandboxes": {"mine": mine, "*": {}}}))
        with emulate(seed=(str(file),)) as emulation:
            server = emulation.control()
            server.post("/seed", json=self.later("a")).raise_for_status()
            server.post("/reset").raise_for_status()

            by_name = emulation.client("/braze", headers={"X-Mockalog-Sandbox": "mine"})
            assert names(by_name) == ["x"]
            assert names(emulation.client("/braze")) == ["a"]

    def test_a_reset_removes_a_sandboxs_own_seed(
        self, emulation: Emulation, braze: httpx.Client
    ) -> None:
        """Its baseline is the template."""
        control = emulation.control(braze)
        control.post("/seed", json=self.later("mine")).raise_for_status()
        assert names(braze) == ["mine"]

        control.post("/reset").raise_for_status()

        assert names(braze) == []


class TestFiles:
    """`--seed`: the template of new sandboxes, before the first request."""

    def seed(self, folder: Path, text: str = SEED, name: str = "seed.yaml") -> str:
        """Write a seed file and return its name."""
        (folder / name).write_text(text)
        return str(folder / name)

    def test_files_are_applied_in_order(self, tmp_path: Path) -> None:
        """A reset of the whole server restores them."""
        first = self.seed(tmp_path)
        second = self.seed(tmp_path, doc(braze={"catalogs": [CATALOG]}), "more.json")
        with emulate(seed=(first, second)) as emulation:
            client, server = emulation.client("/braze"), emulation.control()
            assert names(client) == ["shop", "x"]

            server.post(
                "/seed", json={"mockalog": 1, "braze": {"catalogs": [{**CATALOG, "name": "later"}]}}
            )
            client.delete("/catalogs/shop")
            server.post("/reset", json={"to": "empty"})
            assert names(client) == []
            for _ in range(2):
                server.post("/reset")
                assert names(client) == ["shop", "x", "later"]
            assert server.get("/snapshots").json() == {"snapshots": []}
            assert server.post("/reset", json={"to": "snapshot:"}).status_code == 400

    def test_a_persistent_database_is_seeded_once(self, tmp_path: Path) -> None:
        """Later changes stay."""
        url = f"sqlite:///{tmp_path}/a.db"
        seed = (self.seed(tmp_path),)
        with emulate(database_url=url, seed=seed) as emulation:
            emulation.client("/braze", token="t").delete("/catalogs/shop")

        with emulate(database_url=url, seed=seed) as emulation:
            assert names(emulation.client("/braze", token="t")) == []
            assert names(emulation.client("/braze", token="new")) == ["shop"]

    def test_sandboxes_of_a_persistent_database_are_not_touched(self, tmp_path: Path) -> None:
        """The first seed is for new sandboxes."""
        url = f"sqlite:///{tmp_path}/a.db"
        with emulate(database_url=url) as emulation:
            emulation.client("/braze", token="t").post("/catalogs", json={"catalogs": [CATALOG]})

        with emulate(database_url=url, seed=(self.seed(tmp_path),)) as emulation:
            assert names(emulation.client("/braze", token="t")) == ["x"]
            assert names(emulation.client("/braze", token="new")) == ["shop"]

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("mockalog: 1\nbrase: {}", "seed.yaml, line 2: brase: key 'brase' does not exist"),
            ("mockalog: 1\nbraze:\n  catalogs: [{name: x}]", "line 3: braze.catalogs[0].fields"),
            (None, "none.yaml cannot be read: No such file"),
        ],
    )
    def test_an_invalid_seed_stops_the_start(
        self, tmp_path: Path, text: str | None, problem: str
    ) -> None:
        """With the file, the line and the field."""
        file = f"{tmp_path}/none.yaml" if text is None else self.seed(tmp_path, text)

        with pytest.raises(InvalidDocumentError) as raised, emulate(seed=(file,)):
            pass

        assert problem in str(raised.value)


def test_a_seed_imports_the_libraries_of_its_calls(
    emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a thread outside the transaction, before the seed is applied."""
    vendor = BY_NAME["braze"]
    creating = next(o for o in vendor.api.router.operations if o.name == "create_catalog")
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    monkeypatch.setattr(creating, "imports", ("colorsys",))
    client = emulation.client("/braze")

    seed = {"mockalog": 1, "braze": SHOP}
    answer = emulation.control(client).post("/seed", json=seed)

    assert answer.json() == {"status": "seeded"}
    assert names(client) == ["shop"]
    assert "colorsys" in sys.modules
