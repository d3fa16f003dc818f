"""HAR 1.2, as far as the journal fills it in."""

from typing import Literal

from pydantic import Field

from mockalog.control.schemas.journal import StrikeOut
from mockalog.control.schemas.wire import Out, absent


class PairOut(Out):
    """A header, or a value of a query."""

    name: str
    value: str


class PostDataOut(Out):
    """The body of a request; `comment` says that it is cut."""

    mime_type: str = Field(serialization_alias="mimeType")
    text: str
    comment: str = Field(default_factory=absent)


class ContentOut(Out):
    """The body of a response; `comment` says that it is cut."""

    size: int
    mime_type: str = Field(serialization_alias="mimeType")
    text: str
    comment: str = Field(default_factory=absent)


class HarRequestOut(Out):
    """A request."""

    method: str
    url: str
    http_version: str = Field(serialization_alias="httpVersion")
    cookies: list[PairOut] = Field(max_length=0)
    headers: list[PairOut]
    query_string: list[PairOut] = Field(serialization_alias="queryString")
    headers_size: Literal[-1] = Field(serialization_alias="headersSize")
    body_size: int = Field(serialization_alias="bodySize")
    post_data: PostDataOut = Field(default_factory=absent, serialization_alias="postData")


class HarResponseOut(Out):
    """A response; status 0: the connection was dropped."""

    status: int
    status_text: str = Field(serialization_alias="statusText")
    http_version: str = Field(serialization_alias="httpVersion")
    cookies: list[PairOut] = Field(max_length=0)
    headers: list[PairOut]
    content: ContentOut
    redirect_url: str = Field(serialization_alias="redirectURL")
    headers_size: Literal[-1] = Field(serialization_alias="headersSize")
    body_size: int = Field(serialization_alias="bodySize")


class TimingsOut(Out):
    """Milliseconds."""

    send: int
    wait: float
    receive: int


class CacheOut(Out):
    """Nothing: no cache takes part."""


class EntryOut(Out):
    """An exchange."""

    started: str = Field(serialization_alias="startedDateTime")
    time: float = Field(description="Milliseconds.")
    request: HarRequestOut
    response: HarResponseOut
    cache: CacheOut
    timings: TimingsOut
    vendor: str | None = Field(serialization_alias="_vendor")
    operation: str | None = Field(serialization_alias="_operation")
    faults: list[StrikeOut] = Field(serialization_alias="_faults")


class CreatorOut(Out):
    """The program that wrote the archive."""

    name: Literal["mockalog"]
    version: str


class LogOut(Out):
    """The archive's one member."""

    version: Literal["1.2"]
    creator: CreatorOut
    entries: list[EntryOut]


class HarOut(Out):
    """An HTTP archive."""

    log: LogOut
