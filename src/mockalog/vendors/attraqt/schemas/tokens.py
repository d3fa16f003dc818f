"""The token endpoint: form and answer.

Source: docs/vendors/attraqt.md#2-authentication.
"""

from typing import Annotated

from fastapi import Path
from pydantic import ConfigDict, Field

from mockalog.vendors.attraqt.json_columns import MAX_TENANCY
from mockalog.vendors.attraqt.rules.tokens import ASSERTION_TYPE, GRANT, LIFE
from mockalog.vendors.attraqt.schemas.base import PLAIN, In, Out, one_of, shown

Realm = Annotated[
    str,
    Path(
        description="The tenant whose access token is wanted.",
        min_length=1,
        max_length=MAX_TENANCY,
        pattern=PLAIN,
        examples=["acme"],
    ),
]


class TokenIn(In):
    """A client that asks for an access token; empty fields count as absent ones.

    The client identifies itself in one of three ways: HTTP Basic, `client_id` with
    `client_secret`, or a JWT that it signed (RFC 7523).
    """

    model_config = ConfigDict(
        alias_generator=None,
        **shown(
            {
                "grant_type": GRANT,
                "client_id": "my-service",
                "client_secret": "s-1",
                "scope": "openid",
            },
            {
                "grant_type": GRANT,
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": "eyJ...",
            },
        ),
    )

    grant_type: Annotated[str, one_of([GRANT])]
    client_id: str = Field(
        "", description="With `client_secret`; beside an assertion it must be the assertion's."
    )
    client_secret: str = ""
    client_assertion_type: str = Field(
        "", description=f"With `client_assertion`: `{ASSERTION_TYPE}`."
    )
    client_assertion: str = Field(
        "",
        description="A JWT with `iss` and `sub` (both the client's id), `exp`, and, where the "
        "client registered its key, `aud` (this endpoint) and a `jti` that was not used before.",
    )
    scope: str = Field("", description="It comes back in the answer; empty: `openid`.")


class TokenOut(Out):
    """An access token, in the words of Keycloak."""

    model_config = ConfigDict(
        alias_generator=None,
        **shown(
            {
                "access_token": "eyJ...",
                "expires_in": LIFE,
                "refresh_expires_in": 0,
                "token_type": "Bearer",
                "not-before-policy": 0,
                "scope": "openid",
            }
        ),
    )

    access_token: str = Field(description="A JWT; send it as `Authorization: Bearer <token>`.")
    expires_in: int = Field(description="Seconds.")
    refresh_expires_in: int = Field(description="0: there is no refresh token.")
    token_type: Annotated[str, one_of(["Bearer"])]
    not_before_policy: int = Field(alias="not-before-policy")
    scope: str


def token_out(token: str, scope: str) -> dict[str, object]:
    """Return the answer of the token endpoint (inferred, Keycloak)."""
    return {
        "access_token": token,
        "expires_in": LIFE,
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": scope,
    }
