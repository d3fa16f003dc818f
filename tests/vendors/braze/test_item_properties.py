"""Properties of items: any values, any order of calls, any walk over the pages."""

import itertools
import json
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.emulation import Emulation
from tests.vendors.braze.factories import make_catalog
from tests.vendors.braze.requests import get_catalog, send, walk_pages
from tests.vendors.braze.steering import unlimited

KINDS = ("string", "number", "boolean", "time", "object", "array", "geo")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Examples share the sandbox of their test, so each has its own id or catalog.
serial = itertools.count()


def relaxed(examples: int) -> settings:
    """Return settings for tests that run whole requests against a shared fixture."""
    return settings(
        deadline=None,
        max_examples=examples,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@pytest.fixture
def client(emulation: Emulation, braze: httpx.Client) -> httpx.Client:
    """A client without rate limits, with an empty catalog."""
    make_catalog(unlimited(emulation, braze))
    return braze


def text_of(value: Any) -> str:
    """Return JSON without the emulator's code, with every digit of a `Decimal`."""
    if isinstance(value, dict):
        return f"{{{','.join(f'{text_of(k)}:{text_of(v)}' for k, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{','.join(map(text_of, value))}]"
    return str(value) if isinstance(value, Decimal) else json.dumps(value, ensure_ascii=False)


def exact(value: Any) -> Any:
    """Return a value with its booleans marked, so that `True` differs from 1."""
    if isinstance(value, dict):
        return {key: exact(child) for key, child in value.items()}
    if isinstance(value, list):
        return [exact(child) for child in value]
    return repr(value) if isinstance(value, bool) else value


def is_short(value: Any) -> bool:
    """Return whether a value's JSON is within the limit of 5,000 characters."""
    return len(text_of(value)) <= 5000


def in_milliseconds(moment: datetime) -> str:
    """Return an instant in the form of items."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z"


texts = st.text(max_size=30)
numbers = st.one_of(
    st.integers(-(10**300), 10**300),
    st.floats(allow_nan=False, allow_infinity=False).map(repr).map(Decimal),
    st.from_regex(r"-?(0|[1-9][0-9]{0,30})\.[0-9]{1,40}([eE][+-]?[0-9]{1,2})?", fullmatch=True).map(
        Decimal
    ),
)
keys = st.text(max_size=8).filter(lambda key: "." not in key and "$" not in key)
values_of_objects = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=10,
)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = st.datetimes(timezones=offsets).filter(lambda moment: 1 < moment.year < 9999)
milliseconds = st.integers(-62_000_000_000_000, 253_000_000_000_000)
# The sent value and the returned value.
times = st.one_of(
    moments.map(lambda moment: (moment.isoformat(), in_milliseconds(moment))),
    milliseconds.map(
        lambda number: (
            Decimal(number).scaleb(-3),
            in_milliseconds(EPOCH + timedelta(milliseconds=number)),
        )
    ),
)


def unchanged(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, Any]]:
    """Return a strategy of pairs of a value and itself, null included."""
    return (st.none() | values).map(lambda value: (value, value))


items = st.fixed_dictionaries(
    {},
    optional={
        "string": unchanged(texts),
        "number": unchanged(numbers),
        "boolean": unchanged(st.booleans()),
        "time": times,
        "object": unchanged(st.dictionaries(keys, values_of_objects, max_size=4).filter(is_short)),
        "array": unchanged(st.lists(texts, max_size=100).filter(is_short)),
        "geo": unchanged(
            st.tuples(
                st.integers(-180, 180) | st.decimals(-180, 180),
                st.integers(-90, 90) | st.decimals(-90, 90),
            ).map(list)
        ),
    },
)


@relaxed(60)
@given(items, st.sampled_from(["POST", "PUT", "PATCH"]), st.booleans())
def test_an_accepted_item_is_returned_as_it_was_sent(
    client: httpx.Client, wanted: dict[str, tuple[Any, Any]], method: str, in_bulk: bool
) -> None:
    """Each call keeps Unicode, large integers, decimals and nesting."""
    item_id = f"i{next(serial)}"
    path = "/catalogs/shops/items" if in_bulk else f"/catalogs/shops/items/{item_id}"
    named = {"id": item_id} if in_bulk else {}
    if method == "PATCH":
        send(client, "PUT", f"shops/items/{item_id}", {})
    sent = {name: value for name, (value, _) in wanted.items()}

    accepted = client.request(method, path, content=text_of({"items": [{**named, **sent}]}))
    assert accepted.is_success, accepted.text
    answer = client.get(f"/catalogs/shops/items/{item_id}")

    [found] = json.loads(answer.text, parse_float=Decimal)["items"]
    stored = {name: value for name, (_, value) in wanted.items()}
    assert exact(found) == exact({"id": item_id, **dict.fromkeys(KINDS), **stored})
    assert list(found) == ["id", *KINDS]


# A call of the model: its method, its ids, the values of each, whether it is a single call.
Step = tuple[str, list[str], dict[str, Any], bool]

METHODS = ("POST", "PUT", "PATCH", "DELETE")
singles = st.tuples(
    st.sampled_from(METHODS),
    st.integers(0, 159).map(lambda number: [f"i{number}"]),
    st.fixed_dictionaries(
        {}, optional={"number": st.integers(0, 9), "string": st.sampled_from(["", "é🏪"])}
    ),
    st.just(True),
)
bulks = st.tuples(
    st.sampled_from([*METHODS, "POST", "PUT"]),
    st.builds(
        lambda start, count, step: [f"i{(start + n * step) % 160}" for n in range(count)],
        st.integers(0, 159),
        st.integers(1, 50),
        st.sampled_from([1, 3, -1]),
    ),
    st.fixed_dictionaries({}, optional={"number": st.integers(0, 9)}),
    st.just(False),
)


class Model:
    """The expected content of a catalog: items by id, in the order of creation."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}

    def apply(self, step: Step) -> int:
        """Apply a call to the model and return its status."""
        method, item_ids, values, is_single = step
        existed = [item_id in self.items for item_id in item_ids]
        for item_id, there in zip(item_ids, existed, strict=True):
            self._apply(method, item_id, values, there)
        return self._status(method, existed[0]) if is_single else 202

    def _apply(self, method: str, item_id: str, values: dict[str, Any], there: bool) -> None:
        blank = {"id": item_id, **dict.fromkeys(KINDS)}
        if method == "PUT" or (method == "POST" and not there):
            self.items[item_id] = {**blank, **values}
        elif method == "PATCH" and there:
            self.items[item_id] |= values
        elif method == "DELETE" and there:
            del self.items[item_id]

    @staticmethod
    def _status(method: str, there: bool) -> int:
        if there:
            return {"POST": 400, "PUT": 200, "PATCH": 200, "DELETE": 202}[method]
        return {"POST": 201, "PUT": 200, "PATCH": 404, "DELETE": 400}[method]


def perform(client: httpx.Client, catalog: str, step: Step) -> int:
    """Send a call and return its status."""
    method, item_ids, values, is_single = step
    if is_single:
        return send(client, method, f"{catalog}/items/{item_ids[0]}", values).status_code
    wanted = [{"id": item_id, **values} for item_id in item_ids]
    return send(client, method, f"{catalog}/items", *wanted).status_code


def cursor_of(skip: int) -> str:
    """Return the cursor of an offset."""
    return b64encode(b"skip:%d" % skip).decode()


def shown(pages: Sequence[httpx.Response]) -> list[Any]:
    """Return the items of pages."""
    return [found for page in pages for found in page.json()["items"]]


@relaxed(15)
@given(
    st.lists(singles | bulks | bulks, min_size=6, max_size=20),
    st.lists(st.integers(0, 170), min_size=1, max_size=4),
)
def test_any_walk_finds_every_item_once_in_order_of_creation(
    client: httpx.Client, steps: list[Step], starts: list[int]
) -> None:
    """After any calls, from any start, along the links or by cursors. The totals are right too."""
    catalog, model = f"c{next(serial)}", Model()
    make_catalog(client, catalog)
    for step in steps:
        assert perform(client, catalog, step) == model.apply(step)
    expected = list(model.items.values())

    assert shown([*walk_pages(client, catalog)]) == expected
    for start in starts:
        assert shown([*walk_pages(client, catalog, cursor_of(start))]) == expected[start:]
        aligned = start // 50 * 50
        back = [*walk_pages(client, catalog, cursor_of(aligned), "prev")]
        assert shown(back[::-1]) == expected[: aligned + 50]
    totals = get_catalog(client, catalog)
    assert totals["num_items"] == len(expected)
    assert totals["storage_size"] == sum(len(text_of(item).encode()) for item in expected)
