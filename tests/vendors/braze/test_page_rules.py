"""The items of a page, and the document of each.

Sources: docs/vendors/braze.md#41-values, docs/vendors/braze.md#43-list-items and
docs/vendors/braze.md#5-fields.
"""

from base64 import b64encode
from decimal import Decimal
from typing import Any

import pytest

from mockalog.vendors.braze.errors import BrazeError
from mockalog.vendors.braze.repository.items import ItemRow
from mockalog.vendors.braze.rules.catalog_schema import catalog_schema, item_document
from mockalog.vendors.braze.rules.cursors import link, offset_of


class TestCursors:
    """Cursors are the base64 of `skip:N`; links are relative."""

    @pytest.mark.parametrize(
        ("cursor", "offset"),
        [
            (None, 0),
            ("", 0),
            ("c2tpcDow", 0),
            ("c2tpcDo1MA==", 50),
            ("c2tpcDoxMDA=", 100),
            ("c2tpcDo3", 7),
            (b64encode(b"skip:123456789012345678").decode(), 123456789012345678),
        ],
    )
    def test_a_cursor_holds_the_number_of_items_before_the_page(
        self, cursor: str | None, offset: int
    ) -> None:
        """A missing and an empty cursor mean the first page."""
        assert offset_of(cursor) == offset

    @pytest.mark.parametrize(
        "cursor",
        [
            "bad-cursor",
            "skip:50",
            "50",
            "c2tpcDo1MA",
            "c2tpcDo1MA=",
            "c2tpcDo1 MA==",
            " c2tpcDow",
            "c2tpcDo1MA==\n",
            "ключ",
            "\x00",
            *[
                b64encode(text).decode()
                for text in (b"skip:", b"skip:-1", b"skip:1.5", b"skip: 1", b"skip:1 ", b"skip:a")
            ],
            *[b64encode(text).decode() for text in (b"Skip:1", b"xskip:1", b"skip:1\n", b"\xff")],
            b64encode("skip:٣".encode()).decode(),
        ],
    )
    def test_anything_else_is_an_invalid_cursor(self, cursor: str) -> None:
        """The error has the sent cursor."""
        with pytest.raises(BrazeError) as raised:
            offset_of(cursor)

        [problem] = raised.value.problems
        assert (problem.id, problem.parameter_values) == ("invalid-cursor", (cursor,))

    @pytest.mark.parametrize(
        ("offset", "num_items", "previous", "following"),
        [
            (0, 0, None, None),
            (0, 50, None, None),
            (0, 51, None, 50),
            (50, 51, 0, None),
            (50, 100, 0, None),
            (50, 101, 0, 100),
            (20, 60, 0, None),
            (20, 71, 0, 70),
            (1000, 60, 950, None),
        ],
    )
    def test_links_lead_fifty_items_back_and_on(
        self, offset: int, num_items: int, previous: int | None, following: int | None
    ) -> None:
        """No link leads before the first or beyond the last item."""
        expected = [
            f'</catalogs/shops/items?cursor={b64encode(b"skip:%d" % to).decode()}>; rel="{rel}"'
            for to, rel in ((previous, "prev"), (following, "next"))
            if to is not None
        ]

        assert link("shops", offset, num_items) == (",".join(expected) or None)


class TestSchema:
    """Items under the old and the current fields of their catalog."""

    # Three tokens were given, and the field of token 1 was deleted.
    NOW = catalog_schema(
        '[{"name":"id","token":"-1","type":"string"},{"name":"string","token":"0","type":"string"},'
        '{"name":"number","token":"2","type":"number"}]',
        selections="[]",
        tokens=3,
        drops=1,
    )

    @staticmethod
    def row(document: str, tokens: int, drops: int) -> ItemRow:
        """Return a stored item."""
        return ItemRow(0, "a", document, tokens, drops)

    @pytest.mark.parametrize(
        ("values", "text"),
        [
            ({}, '{"id":"a","string":null,"number":null}'),
            ({"number": 1, "string": "x"}, '{"id":"a","string":"x","number":1}'),
            ({"number": None}, '{"id":"a","string":null,"number":null}'),
        ],
    )
    def test_the_id_comes_first_then_every_field_in_order(
        self, values: dict[str, Any], text: str
    ) -> None:
        """Fields without a value are null."""
        assert item_document(self.NOW, "a", values) == text

    @pytest.mark.parametrize(
        ("text", "tokens", "drops", "expected"),
        [
            # Written with the current fields: the document stays as it is stored.
            ('{"anything": 1}', 3, 1, '{"anything": 1}'),
            # The number was added since.
            ('{"id":"a","string":"x"}', 2, 1, '{"id":"a","string":"x","number":null}'),
            # Another field was deleted since.
            (
                '{"id":"a","string":"x","b":1,"number":2}',
                3,
                0,
                '{"id":"a","string":"x","number":2}',
            ),
            # A field of the same name was deleted and added again since.
            ('{"id":"a","string":"x","number":2}', 2, 0, '{"id":"a","string":"x","number":null}'),
        ],
    )
    def test_a_stored_item_has_the_current_fields(
        self, text: str, tokens: int, drops: int, expected: str
    ) -> None:
        """New fields are null, and so are fields that were deleted and added again."""
        assert self.row(text, tokens, drops).current_document(self.NOW) == expected

    def test_an_edit_starts_from_the_values_of_the_current_fields(self) -> None:
        """The values lack the id, and numbers are not rounded."""
        row = self.row('{"id":"a","string":"x","number":0.12345678901234567890}', 3, 1)

        assert row.current_values(self.NOW) == {
            "string": "x",
            "number": Decimal("0.12345678901234567890"),
        }
