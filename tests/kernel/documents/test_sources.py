"""Sources of documents: JSON and YAML, their limits, and the lines of problems."""

import json
from pathlib import Path

import pytest

from mockalog.kernel.documents.sources import DocumentSource
from tests.emulation import Emulation, emulate
from tests.kernel.documents.factories import SEED, YAML
from tests.kernel.documents.refusals import assert_refused
from tests.kernel.factories import names

JSON = {"Content-Type": "application/json"}


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


WRONG: list[tuple[str, str]] = [
    # The text, and its problem.
    ("{", "not JSON"),
    ('{"mockalog": 1e400}', "not JSON"),
    ('{"a": "\\ud800"}', "not JSON"),
    ("[" * 300 + "]" * 300, "not JSON"),
]


@pytest.mark.parametrize(("text", "problem"), WRONG, ids=lambda value: str(value)[-40:])
def test_an_invalid_document_has_place_and_reason(
    emulation: Emulation, text: str, problem: str
) -> None:
    """Line, field and expected value; the state does not change."""
    assert_refused(emulation, text, problem)


CATALOG = {"name": "shop", "fields": [{"name": "id", "type": "string"}]}
DOCUMENT = json.dumps({"mockalog": 1, "braze": {"catalogs": [CATALOG]}})
ENCODINGS = ["utf-8-sig", "utf-16", "utf-16-be", "utf-16-le", "utf-32"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("headers", [JSON, YAML], ids=lambda headers: headers["Content-Type"])
@pytest.mark.parametrize(("method", "path"), [("POST", "/seed"), ("PUT", "/state")])
def test_a_byte_order_mark_is_no_part_of_a_document(
    emulation: Emulation, method: str, path: str, headers: dict[str, str], encoding: str
) -> None:
    """Editors and PowerShell write it; seeds, states and YAML take the same encodings."""
    client = emulation.client("/braze")
    body = DOCUMENT.encode(encoding)

    answer = emulation.control(client).request(method, path, content=body, headers=headers)

    assert answer.status_code == 200, answer.text
    assert names(client) == ["shop"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_byte_order_mark_is_no_part_of_a_control_calls_body(
    emulation: Emulation, encoding: str
) -> None:
    """As in documents."""
    control = emulation.control(emulation.client())
    body = '{"rate_limits": "off"}'.encode(encoding)

    answer = control.patch("/settings", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["rate_limits"]) == (200, "off")


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
def test_a_byte_order_mark_is_no_part_of_a_seed_file(tmp_path: Path, suffix: str) -> None:
    """The file of `serve --seed`, too."""
    seed = (tmp_path / "seed").with_suffix(suffix)
    seed.write_text(DOCUMENT, encoding="utf-8-sig")

    with emulate(seed=(str(seed),)) as emulation:
        assert names(emulation.client("/braze")) == ["shop"]


@pytest.mark.parametrize(
    "body", [b"\xff\xfe{", b"\xff\xfe{\0\0\xd8", b"\0\0\0", b"\xef\xbb\xbf", b"\xff"]
)
@pytest.mark.parametrize("headers", [JSON, YAML], ids=lambda headers: headers["Content-Type"])
def test_bytes_that_no_encoding_fits_are_refused(
    emulation: Emulation, headers: dict[str, str], body: bytes
) -> None:
    """Half a character, or a mark alone."""
    control = emulation.control(emulation.client())

    assert control.post("/seed", content=body, headers=headers).status_code == 400


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


def test_line_numbers_have_a_bounded_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A large document has none, nor has JSON that YAML cannot read."""
    assert DocumentSource(b"[" * 50_000, "x", is_yaml=False).line((0,)) is None
    assert DocumentSource(b'{"a":\n"\\/"}', "x", is_yaml=False).line(("a",)) is not None
    long = "k" * 2000
    assert DocumentSource(f'{{"{long}": 1}}'.encode(), "x", is_yaml=False).line((long,)) is None
    monkeypatch.setattr("mockalog.kernel.documents.sources.MAX_SEARCHED", 3)

    assert DocumentSource(b'{"a": 1}', "x", is_yaml=False).line(("a",)) is None
