"""Database URLs: parsing, and errors that show no password."""

import pytest

from mockalog.kernel.database.interfaces import DatabaseConfigurationError
from mockalog.kernel.database.urls import is_ephemeral, parse_url


@pytest.mark.parametrize(
    ("url", "ephemeral"),
    [
        ("sqlite://", True),
        ("sqlite:///:memory:", True),
        ("sqlite:////data/mockalog.db", False),
        ("postgresql://user:pw@host/db", False),
    ],
)
def test_only_databases_in_memory_are_ephemeral(url: str, ephemeral: bool) -> None:
    """The URLs name no driver."""
    assert is_ephemeral(parse_url(url)) is ephemeral


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "mysql://u:s3cret@h/d",
        "postgresql+asyncpg://u:s3cret@h/d",
        "postgresql://u:p@ss:s3cret@h/d",
        "postgresql://u:p@s3cret@h/d",
        "postgresql://u:p@h:s3cret/d",
        "postgresql://u:s3cret@h\udc80/d",
        "sqlite:///a.db?timeout=s3cret",
        "sqlite://s3cret.db",
    ],
)
def test_errors_of_other_urls_show_no_password(url: str) -> None:
    """The error names the setting."""
    with pytest.raises(DatabaseConfigurationError) as problem:
        parse_url(url)

    assert "database URL" in str(problem.value)
    assert "s3cret" not in str(problem.value)
