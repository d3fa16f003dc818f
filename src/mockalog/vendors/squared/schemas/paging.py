"""The pages of lists (docs/vendors/squared.md#3-paging)."""

from collections.abc import Mapping, Sequence
from typing import Annotated, NamedTuple

from orjson import Fragment
from pydantic import Field
from pydantic.config import JsonDict
from typing_extensions import TypedDict

from mockalog.vendors.squared.rules import paging as rules
from mockalog.vendors.squared.schemas.base import In, Out, Resource, absent

# Rules ignore a negative size and a text. Of several keys the first one counts.
Size = Annotated[int | str, Field(examples=[20])]
_NOT_ZERO: JsonDict = {"not": {"enum": [0, "0"]}}

_SIZE = "Rows of a page, from 1; a negative one, or one that is no number, is ignored"
_DOCS_SIZE = f"{_SIZE}. 100 by default and at most"


class DocsSizeIn(In):
    """The size of a page; of several spellings the first one counts."""

    per_page: Size = absent(description=_DOCS_SIZE, json_schema_extra=_NOT_ZERO)
    page_size: Size = absent(description="The same as `per_page`")
    size: Size = absent(alias="page[size]", description="The same as `per_page`")


class ServerSizeIn(In):
    """The size of a page."""

    per_page: Size = absent(description=f"{_SIZE}. 10 by default", json_schema_extra=_NOT_ZERO)


class DocsPageIn(DocsSizeIn):
    """A page."""

    page: int = absent(description="Number of the page, from 1 by default", examples=[2])
    number: int = absent(alias="page[number]", description="The same as `page`")


class ServerPageIn(ServerSizeIn):
    """A page."""

    page: int = absent(description="Number of the page, from 1 by default", examples=[2])


class DocsLenientPageIn(DocsSizeIn):
    """A page; a number that is none counts as 1."""

    page: int | str = absent(description="Number of the page, from 1 by default", examples=[2])
    number: int | str = absent(alias="page[number]", description="The same as `page`")


class ServerLenientPageIn(ServerSizeIn):
    """A page; a number that is none counts as 1."""

    page: int | str = absent(description="Number of the page, from 1 by default", examples=[2])


class LinksOut(Out):
    """The URLs of other pages; they keep every key of the query."""

    self_: str = Field(alias="self")
    first: str
    prev: str | None = Field(description="Null on the first page")
    next: str | None = Field(description="Null on the last page")
    last: str


# The example of a document.
_PAGE = "https://api.squared.ai/api/v1/connectors?page=1&per_page=100"
LINKS = {
    "self": "https://api.squared.ai/api/v1/connectors?",
    "first": _PAGE,
    "prev": None,
    "next": None,
    "last": _PAGE,
}


class Listing(TypedDict):
    """One page of records with the links to other pages."""

    data: Sequence[Resource | Fragment]
    links: Mapping[str, str | None]


class PageRequest(NamedTuple):
    """The request of a page: the URL without its query, and the query.

    The page is read from the query after the caller is authorised, as on the server.
    """

    url: str
    query: Mapping[str, str]
    dialect: str

    def page(self) -> rules.Page:
        """Return the page; raises `BadRequestError`."""
        return rules.page_of(self.query, self.dialect)

    def listing(
        self, records: Sequence[Resource | Fragment], page: rules.Page, total: int
    ) -> Listing:
        """Return the records of a page with its links; `total`: the number of all records."""
        return {"data": records, "links": rules.links(self.url, self.query, page, total)}
