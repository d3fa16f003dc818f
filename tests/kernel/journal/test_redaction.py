"""Redaction: secrets are found in every spelling."""

import json
import re
from collections.abc import Callable, Sequence
from html import escape
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mockalog.kernel.journal.fields.names import SecretNames
from mockalog.kernel.journal.redaction import Redaction
from mockalog.kernel.journal.secret_fields import REDACTED
from mockalog.settings import SettingsError, load_settings

SECRETS = st.text(st.characters(exclude_categories=["Cs"]), min_size=4, max_size=12)

# Escapes of one level, as clients write them.
SPELLINGS: Sequence[Callable[[str], str]] = (
    str,
    quote_plus,
    escape,
    lambda text: quote(text, safe=""),
    lambda text: re.sub("%..", lambda found: found[0].lower(), quote(text, safe="")),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text, ensure_ascii=False)[1:-1].replace("/", "\\/"),
    lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    lambda text: "".join(f"&#x{ord(char):X};" for char in text),
    lambda text: "".join(f"&#{ord(char)};" for char in text),
)


@settings(deadline=None)
@given(SECRETS, st.lists(st.sampled_from(SPELLINGS), max_size=3))
def test_every_spelling_of_a_secret_is_found(
    secret: str, levels: list[Callable[[str], str]]
) -> None:
    """Escapes may be in escapes. The text around the secret stays as it is."""
    spelled = secret
    for level in levels:
        spelled = level(spelled)

    assert Redaction().text(f"\u2042{spelled}\u2042", token=secret) == f"\u2042{REDACTED}\u2042"


@settings(deadline=None)
@given(SECRETS, st.data())
def test_each_character_may_be_spelled_in_its_own_way(secret: str, data: st.DataObject) -> None:
    """Some clients escape only some characters, but always those that begin escapes."""
    spelled = ""
    for char in secret:
        ways = {spell(char) for spell in SPELLINGS}
        spelled += data.draw(st.sampled_from(sorted(ways - {char} if char in "%&\\" else ways)))

    assert Redaction().text(f"\u2042{spelled}\u2042", token=secret) == f"\u2042{REDACTED}\u2042"


@settings(deadline=None)
@given(st.text(max_size=200))
def test_a_text_without_secrets_is_unchanged(text: str) -> None:
    """In each format, and with escapes that are cut."""
    for shown in (text, json.dumps({"a": [text]}), f"a={quote(text, 'replace')}&b=1", f"<a>{text}"):
        assume(not SecretNames().hints_in(re.sub("[%&\\\\]", "", shown)))
        assert Redaction().text(shown, token="\u2042" * 9) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0123abcd", "[redacted]"),
        ("x0123abcd0123y", "x[redacted][redacted]y"),
        ("0123 abcd", "[redacted] [redacted]"),
        ("abcdabcd", "[redacted][redacted]"),
        ("01230123a", "[redacted][redacted]"),
    ],
)
def test_values_that_overlap_are_hidden_as_one(text: str, shown: str) -> None:
    """No end of one is left over."""
    redactor = Redaction().begin("0123a")
    hidden = redactor.redact(["secret=0123&token=3abcd&pwd=abcd", text])

    assert hidden == ["secret=[redacted]&token=[redacted]&pwd=[redacted]", shown]


@pytest.mark.parametrize("others", [0, 20])
@pytest.mark.parametrize(
    ("text", "shown"), [("xababab", "x*"), ("abab abab", "* *"), ("aba", "aba")]
)
def test_a_value_that_overlaps_itself_is_hidden(others: int, text: str, shown: str) -> None:
    """Among few values and among many."""
    more = "&".join(f"token=other-{number}" for number in range(others))

    hidden = Redaction().begin("abab").redact([more, text])[1]

    assert hidden == shown.replace("*", REDACTED)


def test_half_characters_are_replaced_by_nothing() -> None:
    """JSON may have a lone surrogate, which is no Unicode."""
    text = '{"token":"\\ud800abc","b":"\\ud800abc","c":"\\ud800"}'

    assert Redaction().text(text) == '{"token":"[redacted]","b":"[redacted]","c":"\\ud800"}'


@pytest.mark.parametrize(
    "text", ["%c0%af", "&#x110000;", "&#99999999;", "%ed%a0%80", "%u0041", "\\U0001F600"]
)
def test_escapes_without_a_character_change_nothing(text: str) -> None:
    """They are shown as they were, beside a secret, too."""
    assert Redaction().text(f"{text} s3cret", token="s3cret") == f"{text} {REDACTED}"


def test_deep_escapes_end() -> None:
    """A caller may escape its escapes without an end."""
    text = "a=%" + "25" * 500 + "41&token=s3cret"

    assert Redaction().text(text) == text.replace("s3cret", REDACTED)


def test_a_secret_between_slashes_is_a_regular_expression() -> None:
    """A secret without slashes is a plain text."""
    redaction = Redaction(("/[a-z]+@x/", "a.b"))

    assert redaction.text(b"me@x a.b acb") == f"{REDACTED} {REDACTED} acb"
    assert redaction.text('{"a":"me\\u0040x"}') == f'{{"a":"{REDACTED}"}}'


def test_a_regular_expression_that_matches_nothing_hides_nothing() -> None:
    """It may match the empty text in some places."""
    assert Redaction(("/(?=x)|ab/",)).text("xab") == f"x{REDACTED}"


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
