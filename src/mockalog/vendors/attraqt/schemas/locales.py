"""The default locale on the wire.

Source: docs/vendors/attraqt.md#8-default-locale.
"""

from typing import Annotated

from fastapi import Path

from mockalog.vendors.attraqt.rules.locales import LANGUAGE, LOCALE
from mockalog.vendors.attraqt.schemas.base import Out, shown

_PATTERN = f"^({LOCALE.pattern}|{LANGUAGE.pattern})$"

DefaultLocale = Annotated[
    str,
    Path(
        description="A locale such as `en_GB`; without `fhrValidation` a bare language too.",
        pattern=_PATTERN,
        examples=["en_GB"],
    ),
]


class LocaleOut(Out):
    """The default locale of a tenancy."""

    model_config = shown({"locale": "en_GB"})

    locale: str
