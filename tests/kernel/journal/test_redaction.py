"""Redaction: a secret is found however it is spelled."""

import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockalog.kernel.journal.redaction import Redaction
from mockalog.kernel.journal.secret_fields import REDACTED
from mockalog.settings import SettingsError, load_settings

SECRETS = st.text(st.characters(exclude_categories=["Cs"]), min_size=4, max_size=12)


@settings(deadline=None)
@given(SECRETS)
def test_every_spelling_of_a_secret_is_found(secret: str) -> None:
    """As it is, percent-encoded in either case, form-encoded, JSON-escaped in either way."""
    spellings = {
        secret,
        quote(secret, safe=""),
        quote(secret, safe="").lower() if secret.isascii() and secret.islower() else secret,
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        json.dumps(secret)[1:-1].replace("/", "\\/"),
        "".join(f"%{byte:02x}" for byte in secret.encode()),
    }
    for spelling in spellings:
        assert Redaction().text(f"<{spelling}>", token=secret) == f"<{REDACTED}>"


def test_a_pattern_hides_what_it_fits() -> None:
    """Slashes around it say that it is one."""
    redaction = Redaction(("/[a-z]+@x/", "a.b"))

    assert redaction.text(b"me@x a.b acb") == f"{REDACTED} {REDACTED} acb"


def test_a_short_credential_does_not_blacken_the_text() -> None:
    """Nobody's real credential has three characters."""
    assert Redaction().text("catalogs", token="a") == "catalogs"


@pytest.mark.parametrize(
    ("given", "secrets"),
    [("a,b", ("a", "b")), ('["a,b", "/c/"]', ("a,b", "/c/")), ("/x{2,}/", None)],
)
def test_secrets_come_as_a_list(
    monkeypatch: pytest.MonkeyPatch, given: str, secrets: tuple[str, ...] | None
) -> None:
    """JSON, or with commas between; a pattern with a comma needs JSON."""
    monkeypatch.setenv("MOCKALOG_SECRETS", given)

    found = load_settings().secrets

    assert found == (secrets or ("/x{2", "}/"))


@pytest.mark.parametrize("given", ['["/(/"]', '["/x*/"]', '["a", ""]', "[", "[1]", "a,,b"])
def test_a_secret_that_hides_nothing_is_refused(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    """At the start, without showing it."""
    monkeypatch.setenv("MOCKALOG_SECRETS", given)

    with pytest.raises(SettingsError, match=r"^secrets"):
        load_settings()
