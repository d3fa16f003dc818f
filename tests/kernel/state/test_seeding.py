"""Seeds: files before the first request, and a vendor's refusals of a seed's calls."""

import sys
from pathlib import Path

import pytest

from mockalog.kernel.documents.errors import InvalidDocumentError
from mockalog.vendors import BY_NAME
from tests.emulation import Emulation, emulate
from tests.kernel.documents.factories import SEED, doc
from tests.kernel.documents.refusals import assert_refused
from tests.kernel.factories import CATALOG, SHOP, names

WRONG: list[tuple[str, str]] = [
    # The text, and its problem.
    (
        doc(attraqt={"tenancies": [{"tenant": "a", "environment": "b", "locale": ""}]}),
        "line 3: attraqt.tenancies[0].locale: Attraqt refuses it with 404",
    ),
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
]


@pytest.mark.parametrize(("text", "problem"), WRONG, ids=lambda value: str(value)[-40:])
def test_an_invalid_document_has_place_and_reason(
    emulation: Emulation, text: str, problem: str
) -> None:
    """Line, field and expected value; the state does not change."""
    assert_refused(emulation, text, problem)


def test_a_workspace_needs_another_one(emulation: Emulation) -> None:
    """A new workspace joins the organization of the first; the others of a seed need none."""
    squared = emulation.client("/squared", headers={"Workspace-Id": "1"})
    assert squared.delete("/api/v1/workspaces/1").status_code == 204
    control = emulation.control(squared)

    refused = control.post(
        "/seed", json={"mockalog": 1, "squared": {"workspaces": [{"name": "b"}]}}
    )
    accepted = control.post("/seed", json={"mockalog": 1, "squared": {"users": []}})

    assert (refused.status_code, accepted.status_code) == (400, 200)
    assert refused.json()["detail"].startswith(
        "body, line 1: squared.workspaces: the sandbox has no workspace left: reset it"
    )


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
