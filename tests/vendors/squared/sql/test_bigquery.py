"""BigQuery's meanings, by its manual; each query of `bigquery.json` names the section."""

import pytest

from tests.vendors.squared.sql.comparison import Answers
from tests.vendors.squared.sql.documented import Documented, check, documented


@pytest.fixture(scope="module")
def answers() -> Answers:
    """The sources, with the tables of the comparison."""
    return Answers()


@pytest.mark.parametrize("case", documented("Bigquery"), ids=lambda case: case.query[:60])
def test_query_has_the_documented_answer(answers: Answers, case: Documented) -> None:
    """A query has the rows or the error that the manual gives."""
    check(answers, "Bigquery", case)
