"""Rows: the class of a query's rows must have the query's columns."""

from typing import NamedTuple

import pytest

from mockalog.kernel.database.rows import row_maker


class ItemRow(NamedTuple):
    """A row of two columns."""

    id: int
    name: str


def test_a_tuple_becomes_a_row_of_the_class() -> None:
    """Rows of the class `tuple` stay tuples."""
    assert row_maker(ItemRow, ["id", "name"])((1, "a")) == ItemRow(1, "a")
    assert row_maker(tuple, ["id"])((1,)) == (1,)


@pytest.mark.parametrize("names", [["name", "id"], ["id"], ["id", "name", "other"]])
def test_other_columns_are_a_type_error(names: list[str]) -> None:
    """Their order and their number count too."""
    with pytest.raises(TypeError, match="must be the columns"):
        row_maker(ItemRow, names)
