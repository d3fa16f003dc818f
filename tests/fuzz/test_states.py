"""A short run of the fuzzer of state documents; `python -m tests.fuzz.states` is the long one."""

from copy import deepcopy
from typing import Any

import pytest

from tests.emulation import Emulation
from tests.fuzz.editor import Editor
from tests.fuzz.states import Fuzzer

DOCUMENTS = 10
SEED = 1


@pytest.fixture(scope="module")
def fuzzer(emulation: Emulation) -> Fuzzer:
    """A fuzzer on each kind of database."""
    return Fuzzer(emulation)


def test_no_edited_document_breaks_the_server(fuzzer: Fuzzer) -> None:
    """It is refused with a place, or all calls work on it."""
    findings = [str(found) for seed in range(SEED, SEED + DOCUMENTS) for found in fuzzer.run(seed)]

    assert findings == []
    assert fuzzer.accepted


def test_a_seed_makes_the_same_edits(fuzzer: Fuzzer) -> None:
    """So a finding can be repeated; the original stays as it is."""
    document: dict[str, Any] = {
        "settings": {"rate_limits": "off"},
        "tables": {"series": {"columns": ["name", "last"], "rows": [["a", 1], ["b", 2]]}},
    }
    before = deepcopy(document)

    edited = [Editor(seed).edited(document) for seed in range(50)]

    assert edited == [Editor(seed).edited(document) for seed in range(50)]
    assert document == before
    assert len({str(one) for one in edited}) > 25
