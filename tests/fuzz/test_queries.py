"""A short run of the fuzzer of queries; `python -m tests.fuzz.queries` is the long one."""

from collections.abc import Iterator

import pytest

from tests.fuzz.queries import Fuzzer

QUERIES = 60


@pytest.fixture
def fuzzer() -> Iterator[Fuzzer]:
    """A fuzzer with a process of its own."""
    fuzzer = Fuzzer()
    yield fuzzer
    fuzzer.stop()


def test_no_query_reaches_more_than_its_tables(fuzzer: Fuzzer) -> None:
    """Each gives rows or an error text; some of both."""
    findings = [finding for seed in range(QUERIES) for finding in fuzzer.run(seed)]

    assert findings == []
    assert 0 < fuzzer.answered < QUERIES


def test_a_seed_makes_the_same_query(fuzzer: Fuzzer) -> None:
    """So a finding can be repeated."""
    grammar = fuzzer.grammar

    assert [grammar.query(n) for n in range(20)] == [grammar.query(n) for n in range(20)]
