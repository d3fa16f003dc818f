"""Redaction: secrets are found in every spelling."""

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
    """Plain, percent-encoded in upper and lower case, form-encoded, and JSON-escaped."""
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


def test_a_secret_between_slashes_is_a_regular_expression() -> None:
    """A secret without slashes is a plain text."""
    redaction = Redaction(("/[a-z]+@x/", "a.b"))

    assert redaction.text(b"me@x a.b acb") == f"{REDACTED} {REDACTED} acb"


def test_a_short_credential_is_not_redacted_in_texts() -> None:
    """No vendor issues a credential of three characters."""
    assert Redaction().text("catalogs", token="a") == "catalogs"


@pytest.mark.parametrize(
    ("given", "secrets"),
    [("a,b", ("a", "b")), ('["a,b", "/c/"]', ("a,b", "/c/")), ("/x{2,}/", None)],
)
def test_the_setting_is_a_list(
    monkeypatch: pytest.MonkeyPatch, given: str, secrets: tuple[str, ...] | None
) -> None:
    """It is JSON or separated by commas; a regular expression with a comma needs JSON."""
    monkeypatch.setenv("MOCKALOG_SECRETS", given)

    found = load_settings().secrets

    assert found == (secrets or ("/x{2", "}/"))


@pytest.mark.parametrize("given", ['["/(/"]', '["/x*/"]', '["a", ""]', "[", "[1]", "a,,b"])
def test_invalid_secrets_are_refused(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """The error names the setting, not the secret."""
    monkeypatch.setenv("MOCKALOG_SECRETS", given)

    with pytest.raises(SettingsError, match=r"^secrets"):
        load_settings()
