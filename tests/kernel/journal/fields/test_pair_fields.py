"""Secret fields of forms, queries and URLs."""

import pytest

from mockalog.kernel.journal.redaction import Redaction

ROWS = [
    ("a=b&password=s3cret&x=1", "a=b&password=*&x=1"),
    ("password=s3 cret=&x", "password=*&x"),
    ("password=&x", "password=*&x"),
    ("user%5Bpassword%5D=s3cret&user[token]=s3cret", "user%5Bpassword%5D=*&user[token]=*"),
    ("client%5fsecret=s3cret", "client%5fsecret=*"),
    ("data=%7B%22password%22%3A%22s3cret%22%7D&x=%2F", "data=%7B%22password%22%3A%22*%22%7D&x=%2F"),
    ("to=https%3A%2F%2Fx%2F%3Ftoken%3Ds3cret%26n%3D1", "to=https%3A%2F%2Fx%2F%3Ftoken%3D*%26n%3D1"),
    ("to=http://x/?token=s3cret&n=1", "to=http://x/?token=*&n=1"),
    ("http://x/?access_token=s3cret#a", "http://x/?access_token=*"),
    ("http://x/#id_token=s3cret&b=1", "http://x/#id_token=*&b=1"),
    ("Server=x;Password=s3cret;Database=y", "Server=x;Password=*;Database=y"),
    ("see https://x/?sig=s3cret for more", "see https://x/?sig=* for more"),
    ("bad token='s3 cret' or secret=\"s3 cret\".", "bad token='*' or secret=\"*\"."),
    ("passwords=1&tokens=2", "passwords=1&tokens=2"),
    ("tok%" + "25" * 9 + "65n=1", "tok%" + "25" * 9 + "65n=1"),
    ("token=%41%42%43%44&x=ABCD", "token=*&x=*"),
]


@pytest.mark.parametrize(("text", "shown"), ROWS)
def test_only_the_values_of_secret_pairs_are_hidden(text: str, shown: str) -> None:
    """In a form a value ends at `&`; in other texts at its quote or at a blank."""
    assert Redaction().text(text) == shown.replace("*", "[redacted]")
