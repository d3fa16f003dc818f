"""The calls of state documents: limits of their bodies."""

import pytest

from tests.emulation import Emulation


def test_a_document_beyond_the_limit_is_refused(
    emulation: Emulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 413."""
    monkeypatch.setattr("mockalog.control.routes.state.MAX_DOCUMENT", 10)

    answer = emulation.control(emulation.client()).put("/state", content="x" * 11)

    assert answer.status_code == 413
