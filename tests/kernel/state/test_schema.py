"""The schema of a state document: its sections and their values."""

import uuid

import pytest

from mockalog.kernel.clock import LATEST, SECOND
from tests.emulation import Emulation
from tests.kernel.documents.factories import doc
from tests.kernel.documents.refusals import assert_refused

WRONG: list[tuple[str, str]] = [
    # The text, and its problem.
    (doc(brase={}), "line 3: brase: key 'brase' does not exist; use one of: mockalog, settings"),
    (doc(settings=[]), "line 3: settings: Input should be a valid dictionary"),
    (doc(clock={"mode": "sideways"}), "line 3: clock.mode: Input should be 'real' or 'frozen'"),
    (doc(clock={"now": "1969-12-31T23:59:59Z"}), "clock: must lie between 1970 and 9999"),
    (doc(clock={"now": 12345}), "line 3: clock.now: must be an instant such as 2025-03-01T12"),
    (doc(clock={"shift": "1"}), "line 3: clock.shift: Input should be a valid integer"),
    (
        doc(credentials=[{"vendor": "braze", "token": "t", "revoked": "no"}]),
        "line 3: credentials[0].revoked: Input should be a valid boolean",
    ),
    (doc(credentials=[{"vendor": "braze"}]), "needs either the token or its digest"),
    (doc(braze=5), "line 3: braze: Input should be"),
    (doc(braze={"catalogs": [{"name": "x"}]}), "braze.catalogs[0].fields: Field required"),
    (doc(credentials=[{"vendor": "braze", "token": "a\0"}]), "credentials[0].token: NUL is"),
]


@pytest.mark.parametrize(("text", "problem"), WRONG, ids=lambda value: str(value)[-40:])
def test_an_invalid_document_has_place_and_reason(
    emulation: Emulation, text: str, problem: str
) -> None:
    """Line, field and expected value; the state does not change."""
    assert_refused(emulation, text, problem)


def test_a_credential_may_expire_after_the_year_9999(emulation: Emulation) -> None:
    """It was issued in the last hour that a clock can show."""
    control = emulation.control(emulation.client())
    known = {"vendor": "attraqt", "digest": uuid.uuid4().hex * 2, "expires_at": LATEST + SECOND}

    answer = control.put("/state", json={"mockalog": 1, "credentials": [known]})

    assert answer.status_code == 200, answer.text
    assert control.get("/state").json()["credentials"][0].items() >= known.items()
