"""The parts of a control call: path parameters, query and JSON body.

Each part is validated against the type that the route declares. A refusal names the place and
gives Pydantic's reason.
"""

import json
from email.message import Message
from functools import cached_property
from typing import Any, NamedTuple, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.datastructures import QueryParams

from mockalog.control.calls.problems import ProblemError

# Stands for the body of a request without one.
MISSING = object()


class NotJson(NamedTuple):
    """Stands for a body of another content type than JSON."""

    content_type: str


class Part:
    """A part of a call: its place, as a refusal names it, and its type."""

    def __init__(self, place: str, annotation: Any) -> None:
        self._place = place
        self._annotation = annotation

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self._annotation)

    # Any: the type of the value is known to its model only.
    def read(self, value: Any) -> Any:
        """Return a value in the type of the part; raises `ProblemError`."""
        try:
            # `from_attributes` changes only Pydantic's error texts: JSON values have no attributes.
            return self._adapter.validate_python(value, from_attributes=True)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
        where = ".".join([self._place, *map(str, first["loc"])])
        raise ProblemError(400, f"{where}: {first['msg'].removeprefix('Value error, ')}")


class Query(Part):
    """A query, read as a model. The model decides whether unknown keys are refused."""

    def __init__(self, model: type[BaseModel]) -> None:
        super().__init__("query", model)
        self._fields = model.model_fields

    # Any: the type of the value is known to its model only.
    def read(self, value: bytes) -> Any:
        """Return a raw query as the model; the last of repeated keys counts, except in lists."""
        sent = QueryParams(value)
        known: dict[str, Any] = {name: sent[name] for name in self._fields if name in sent}
        for name in known:
            if get_origin(self._fields[name].annotation) is list:
                known[name] = sent.getlist(name)
        unknown = {name: sent[name] for name in sent if name not in known}
        return super().read({**known, **unknown})


class Body(Part):
    """A JSON body."""

    def __init__(self, annotation: Any, *, is_optional: bool) -> None:
        super().__init__("body", annotation | None if is_optional else annotation)
        self._is_optional = is_optional

    def read_json(self, body: bytes, content_type: str) -> object:
        """Return the parsed body before its type check; raises `ProblemError` for invalid JSON."""
        if not body:
            return MISSING
        if not _is_json(content_type):
            return NotJson(content_type)
        try:
            return json.loads(body)
        except json.JSONDecodeError as error:
            reason = f"{error.msg} (character {error.pos})"
        except RecursionError:
            reason = "it is nested too deeply"
        except ValueError as error:  # bytes that no encoding fits, or a number with too many digits
            reason = str(error)
        raise ProblemError(400, f"the body is not JSON: {reason}")

    # Any: the type of the value is known to its model only.
    def read(self, value: Any) -> Any:
        """Return the result of `read_json` in the type of the body; raises `ProblemError`."""
        if isinstance(value, NotJson):
            wanted = "the body must be JSON, with Content-Type: application/json"
            raise ProblemError(415, f"{wanted}; it has {value.content_type}")
        if value is not MISSING:
            return super().read(value)
        if self._is_optional:
            return None
        raise ProblemError(400, "body: Field required")


def _is_json(content_type: str) -> bool:
    message = Message()
    message["content-type"] = content_type
    subtype = message.get_content_subtype()
    is_application = message.get_content_maintype() == "application"
    return is_application and (subtype == "json" or subtype.endswith("+json"))
