"""Names of secret fields and headers."""

import pytest

from mockalog.kernel.journal.fields.names import SecretNames, VendorSecrets, is_secret_header

SECRET = [
    *("password", "PASSWORD", "user_password", "user[password]", "passwordConfirmation"),
    *("pass", "pw", "private-key", "secret_access", "secretAccessKey", "access_token", "id_token"),
    *("apiKey", "x-api-key", "jwt", "clientJWT", "sig", "X-Amz-Signature", "dsn", "SENTRY_DSN"),
    *("connection_string", "connectionString", "client_assertion", "credential", "set-cookie"),
    *("user.password", "ns:password", "sharedAccessKey"),
]
PUBLIC = [
    *("passwords", "tokens", "key", "keys", "compass", "secretary", "design", "config"),
    *("tokenize", "client_id", "email"),
]
SECRET_HEADERS = [
    *("authorization", "proxy-authorization", "x-api-key", "x-braze-key", "x-auth", "x-jwt"),
    *("x-mockalog-admin", "cookie", "set-cookie", "x-hub-signature", "x-amz-security-token"),
    "ocp-apim-subscription-key",
]


@pytest.mark.parametrize("name", SECRET)
def test_a_name_is_secret_by_its_end(name: str) -> None:
    """Case and signs do not matter."""
    assert name in SecretNames()


@pytest.mark.parametrize("name", PUBLIC)
def test_other_names_are_public(name: str) -> None:
    """Also those that only contain a secret word."""
    assert name not in SecretNames()


@pytest.mark.parametrize(
    "name", ["client_id", "clientId", "a[client_id]", "a.client-id", "CLIENT_ID"]
)
def test_names_of_a_vendor_are_secret_as_a_whole(name: str) -> None:
    """A longer name with the same end is another field."""
    names = SecretNames({"client_id"})

    assert name in names
    assert "other_client_id" not in names


def test_many_names_use_no_more_memory() -> None:
    """A caller may invent names."""
    names = SecretNames()

    assert not any(f"n{number}" in names for number in range(5000))
    assert len(names._known) <= 2000


def test_an_operation_has_secrets_of_its_own() -> None:
    """Besides those of its vendor."""
    secrets = VendorSecrets(frozenset({"a"}), {"login": frozenset({"b"})})

    assert [sorted(secrets.of(name)) for name in ("login", "x")] == [["a", "b"], ["a"]]


@pytest.mark.parametrize(
    "name",
    [
        "authorization",
        "proxy-authorization",
        "x-api-key",
        "x-braze-key",
        "x-auth",
        "x-mockalog-admin",
        "cookie",
        "set-cookie",
        "x-hub-signature",
        "x-amz-security-token",
        "ocp-apim-subscription-key",
        "x-jwt",
    ],
)
def test_a_header_is_secret(name: str) -> None:
    """Keys of other names are credentials in headers, too."""
    assert is_secret_header(name)


@pytest.mark.parametrize(
    "name", ["content-type", "idempotency-key", "sec-websocket-key", "www-authenticate", "etag"]
)
def test_a_header_is_public(name: str) -> None:
    """A test needs an idempotency key to find its request."""
    assert not is_secret_header(name)
