"""The default locale (docs/vendors/attraqt.md#8-default-locale)."""

import httpx
import pytest

from tests.vendors.attraqt.requests import error


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_a_locale_is_set_shown_and_unset(attraqt: httpx.Client, content_type: str) -> None:
    """An empty body of any type is ignored; the last call wins."""
    for locale in ("en", "en_GB"):
        answer = attraqt.post(f"/locale/{locale}", headers={"Content-Type": content_type})
        assert (answer.status_code, answer.json()) == (200, {"locale": locale})
    assert attraqt.get("/locale").json() == {"locale": "en_GB"}

    answer = attraqt.delete("/locale")

    assert (answer.status_code, answer.text) == (200, "{}")
    assert error(attraqt.get("/locale")) == (404, 5, "LOCALE_NOT_FOUND")
    assert error(attraqt.delete("/locale")) == (404, 5, "LOCALE_NOT_FOUND")


@pytest.mark.parametrize("locale", ["en-GB", "EN", "en_gb", "english", "%00", "en_GB_x"])
def test_a_malformed_locale_is_refused(attraqt: httpx.Client, locale: str) -> None:
    """It must be Java's style, or a bare language."""
    assert error(attraqt.post(f"/locale/{locale}")) == (400, 3, "LOCALE_INVALID")
    assert attraqt.get("/locale").status_code == 404


@pytest.mark.parametrize("locale", ["pt_BR", "zh_TW", "de_CH", "he_IL", "nb_NO", "sr_RS", "uk"])
def test_existing_languages_and_countries_are_accepted(attraqt: httpx.Client, locale: str) -> None:
    """In any combination (amendment attraqt A14)."""
    assert attraqt.post(f"/locale/{locale}").json() == {"locale": locale}


@pytest.mark.parametrize("locale", ["xx", "xx_GB", "en_UK", "en_EU", "de_XX", "iw_IL", "en_AA"])
def test_a_locale_of_no_language_or_country_is_refused(attraqt: httpx.Client, locale: str) -> None:
    """ISO 639-1 and ISO 3166-1 know it not; the message shows it (amendment attraqt A14)."""
    answer = attraqt.post(f"/locale/{locale}")

    assert error(answer) == (400, 3, "LOCALE_INVALID")
    assert f'not "{locale}"' in answer.json()["message"]


def test_fredhopper_requires_a_country(attraqt: httpx.Client) -> None:
    """Inferred."""
    query = {"fhrValidation": "true"}

    refused = attraqt.post("/locale/en", params=query)

    assert error(refused) == (400, 3, "LOCALE_INVALID")
    assert attraqt.post("/locale/en_GB", params=query).status_code == 200


def test_each_pair_has_its_own(attraqt: httpx.Client) -> None:
    """Each tenant and environment has a locale."""
    attraqt.post("/locale/en_GB")
    attraqt.post("/locale/de_DE", params={"environment": "test1"})

    assert attraqt.get("/locale").json() == {"locale": "en_GB"}
    assert attraqt.get("/locale", params={"tenant": "other"}).status_code == 404
