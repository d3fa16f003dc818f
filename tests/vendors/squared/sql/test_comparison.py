"""The answers to the queries whose right answers are known."""

import pytest

from tests.vendors.squared.sql.comparison import CASES, Answers, Case


@pytest.fixture(scope="module")
def answers() -> Answers:
    """Every kind of source."""
    return Answers()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_the_answer_is_the_sources(answers: Answers, case: Case) -> None:
    """Its rows with the names and the order of their columns, or its error text."""
    verdict, given = answers.verdict(case)
    assert verdict == "right", given
