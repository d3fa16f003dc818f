"""What a source is asked: queries and payloads.

Sources: docs/vendors/squared.md#87-query-a-source and docs/vendors/squared.md#88-execute-a-model.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from mockalog.kernel.errors import MalformedBodyError
from mockalog.kernel.formats.json import loads
from mockalog.vendors.squared.errors import Declined, Invalid
from mockalog.vendors.squared.rules.models import AI_MODEL
from mockalog.vendors.squared.rules.validation import Key, checked, require

DEFAULT_LIMIT = 50


class Question(NamedTuple):
    """A query; the limit is whatever was sent, for it goes into the query's text unseen.

    Ruby takes 0 and "" for something, null and false for nothing.
    """

    connector_id: int
    query: str
    limit: Any


def question(body: Mapping[str, Any], connector_id: str) -> Question:
    """Return what to query; raises `Invalid`."""
    contract = {"id": Key("integer"), "query": Key("string")}
    values, errors = checked({**body, "id": connector_id}, contract)
    require(errors)
    limit = body.get("limit")
    nothing = limit is None or limit is False
    return Question(values["id"], values["query"], DEFAULT_LIMIT if nothing else limit)


def payload(body: Mapping[str, Any], connector_id: str) -> tuple[int, Any]:
    """Return a connector's id and what its model is sent; raises `Invalid`."""
    contract = {"id": Key("integer"), "payload": Key("string")}
    values, errors = checked({**body, "id": connector_id}, contract)
    require(errors)
    try:
        return values["id"], loads(values["payload"])
    except MalformedBodyError:
        raise Invalid({"payload": ["must be a valid JSON string"]}) from None


def check_source(connector: Any) -> None:
    """Raise `Declined` for a destination: nobody asks it anything."""
    if connector.connector_type != "source":
        raise Declined(422, "Connector is not a source")


def check_model(connector: Any) -> None:
    """Raise `Declined` for a source that is no AI model: its client cannot run one (inferred)."""
    check_source(connector)
    if connector.category != AI_MODEL:
        client = f"Multiwoven::Integrations::Source::{connector.connector_name}::Client"
        raise Declined(422, f"undefined method 'run_model' for an instance of {client}")


def model_answer(connector: Any, asked: Any) -> dict[str, Any]:
    """Return what a model answers that nobody told what to: there is no network (inferred).

    It is the example in the configuration's `response_format`; without one, the question.
    """
    example = loads(connector.configuration).get("response_format")
    try:
        answer = loads(example) if isinstance(example, str) else None
    except MalformedBodyError:
        answer = None
    return answer if isinstance(answer, dict) and answer else {"payload": asked}
