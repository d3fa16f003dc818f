"""The pages of lists."""

from typing import Annotated

from pydantic import Field

from mockalog.vendors.squared.schemas.base import In, Out, absent

# Rules ignore a size that is negative or no number. Of several spellings the first one counts.
Size = Annotated[int | str, Field(examples=[20])]
_NOT_ZERO = {"not": {"enum": [0, "0"]}}

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


# An example.
_PAGE = "https://api.squared.ai/api/v1/connectors?page=1&per_page=100"
LINKS = {
    "self": "https://api.squared.ai/api/v1/connectors?",
    "first": _PAGE,
    "prev": None,
    "next": None,
    "last": _PAGE,
}
