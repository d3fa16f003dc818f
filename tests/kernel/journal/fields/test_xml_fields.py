"""Secret elements and attributes of XML."""

import pytest

from mockalog.kernel.journal.redaction import Redaction

ROWS = [
    ("<a><password>s3cret</password><b>1</b></a>", "<a><password>*</password><b>1</b></a>"),
    (
        '<?xml version="1.0"?>\n<x:Token a="1">s3cret</x:Token>',
        '<?xml version="1.0"?>\n<x:Token a="1">*</x:Token>',
    ),
    ("<token><![CDATA[s3cret]]></token> s3cret", "<token>*</token> *"),
    ("<token><v>s3cret</v></token><b>s3cret</b>", "<token>*</token><b>*</b>"),
    ("<pwd>a&amp;b&#x63;d</pwd><b>a&#38;bcd</b>", "<pwd>*</pwd><b>*</b>"),
    ("<a password=\"s3cret\" b='1' secret='s3cret'/>", "<a password=\"*\" b='1' secret='*'/>"),
    ("<password/><b>1</b>", "<password/><b>1</b>"),
    ("<password></password>", "<password></password>"),
    ("<password>s3cret", "<password>*"),
    ("<password>s3cret</pass", "<password>*"),
    ("<passwords>1</passwords>", "<passwords>1</passwords>"),
    ('<a href="https://x/?token=s3cret&amp;b=1">', '<a href="https://x/?token=*&amp;b=1">'),
]


@pytest.mark.parametrize(("text", "shown"), ROWS)
def test_only_the_contents_of_secret_elements_are_hidden(text: str, shown: str) -> None:
    """A text may be cut. Values are found with other escapes, too."""
    assert Redaction().text(text) == shown.replace("*", "[redacted]")
