"""The token endpoint: form and answer.

Source: docs/vendors/attraqt.md#2-authentication.
"""

from typing import Annotated

from pydantic import ConfigDict, Field

from mockalog.vendors.attraqt.rules.tokens import (
    ASSERTION_TYPE,
    DEFAULT_SCOPE,
    GRANT,
    LIFE,
    SCOPES,
)
from mockalog.vendors.attraqt.schemas.base import In, Out, one_of, shown


class ClientIn(In):
    """A client; empty fields count as absent ones.

    It identifies itself in one of three ways: HTTP Basic, `client_id` with `client_secret`, or a
    JWT that it signed (RFC 7523).
    """

    model_config = ConfigDict(alias_generator=None)

    client_id: str = Field(
        "", description="With `client_secret`; beside an assertion it must be the assertion's."
    )
    client_secret: str = ""
    client_assertion_type: str = Field(
        "", description=f"With `client_assertion`: `{ASSERTION_TYPE}`."
    )
    client_assertion: str = Field(
        "",
        description="A JWT with `iss` and `sub` (both the client's id), `exp`, `aud` (the token "
        "endpoint or the realm) and a `jti` that was not used before.",
    )


class TokenIn(ClientIn):
    """A client that asks for an access token."""

    model_config = ConfigDict(
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
    scope: str = Field(
        "",
        description=f"Some of {', '.join(SCOPES)}. It comes back in the answer; empty: "
        f"`{DEFAULT_SCOPE}`.",
    )


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
