"""The index that finds an operation by method and path."""

import pytest

from mockalog.kernel.errors import UnknownOperationError
from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.router import Router

router = Router()


@router.get("/things")
async def list_things(call: Call) -> Response:
    """List."""
    return Response(200)


@router.declare(("PUT", "PATCH"), "/things/{name}")
async def update_thing(call: Call, name: str) -> Response:
    """Update."""
    return Response(200)


@router.delete("/things/{name}/parts/{part}")
async def delete_part(call: Call, name: str, part: str) -> Response:
    """Delete a part."""
    return Response(200)


@router.patch("/things/{name}/parts/{part}")
async def update_part(call: Call, name: str, part: str) -> Response:
    """Update a part."""
    return Response(200)


@router.get("/things/active")
async def get_active(call: Call) -> Response:
    """Return the active one."""
    return Response(200)


FOUND = [
    ("GET", "/things", "list_things", {}),
    ("HEAD", "/things", "list_things", {}),
    ("GET", "/things/", "list_things", {}),
    ("GET", "//things", "list_things", {}),
    ("GET", "/%74hings", "list_things", {}),
    ("PUT", "/things/a", "update_thing", {"name": "a"}),
    ("PATCH", "/things/a", "update_thing", {"name": "a"}),
    ("PUT", "/things/a%2Fb", "update_thing", {"name": "a/b"}),
    ("PUT", "/things/%C3%A9", "update_thing", {"name": "é"}),
    ("PUT", "/things/%ff", "update_thing", {"name": "\ufffd"}),
    ("DELETE", "/things/a/parts/b", "delete_part", {"name": "a", "part": "b"}),
    ("PATCH", "/things/a/parts/b", "update_part", {"name": "a", "part": "b"}),
    ("GET", "/things/active", "get_active", {}),
]


@pytest.mark.parametrize(("method", "path", "name", "parameters"), FOUND)
def test_a_path_finds_its_operation(
    method: str, path: str, name: str, parameters: dict[str, str]
) -> None:
    """Segments are decoded after the path was split."""
    operation, found = router.find(method, path)

    assert (operation.name, found) == (name, parameters)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", ""),
        ("GET", "/nothing"),
        ("POST", "/things"),
        ("get", "/things"),
        ("DELETE", "/things/a"),
        ("GET", "/things/a/parts"),
        ("PUT", "/things/a/parts/b"),
        ("DELETE", "/things/a/parts/b/c"),
    ],
)
def test_what_no_operation_has_is_unknown(method: str, path: str) -> None:
    """A wrong method is as unknown as a wrong path."""
    with pytest.raises(UnknownOperationError):
        router.find(method, path)


def test_operations_are_listed_as_declared() -> None:
    """The control plane shows them."""
    names = [operation.name for operation in router.operations]

    assert names == ["list_things", "update_thing", "delete_part", "update_part", "get_active"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_each_verb_has_a_decorator_that_keeps_the_options(method: str) -> None:
    """One method, its path, and what stands beside it."""
    router = Router()
    declare = getattr(router, method.lower())
    assert declare("/things", permission="things.do")(list_things) is list_things

    operation, _ = router.find(method, "/things")

    assert (operation.verbs, operation.path) == ((method,), "/things")
    assert (operation.permission, operation.bucket) == ("things.do", None)


def test_several_routers_become_one() -> None:
    """In the order in which they are named."""
    other = Router()

    @other.get("/others")
    async def list_others(call: Call) -> Response:
        """List others."""
        return Response(200)

    whole = Router.of(other, router)

    assert whole.find("GET", "/others")[0].name == "list_others"
    assert whole.find("PUT", "/things/a")[0].name == "update_thing"
    assert [operation.name for operation in whole.operations][:2] == ["list_others", "list_things"]


def test_a_parameter_may_take_the_rest_of_a_path() -> None:
    """Slashes and all, but for a literal after it."""
    router = Router()
    router.put("/snapshots/{name:path}")(update_thing)
    router.post("/snapshots/{name:path}/restore")(list_things)

    assert router.find("PUT", "/snapshots/a/b%2Fc")[1] == {"name": "a/b/c"}
    assert router.find("PUT", "/snapshots/restore")[1] == {"name": "restore"}
    assert router.find("PUT", "/snapshots/a/restore")[1] == {"name": "a/restore"}
    assert router.find("POST", "/snapshots/a/b/restore")[1] == {"name": "a/b"}
    assert router.allowed("/snapshots/a/restore") == ["POST", "PUT"]
    with pytest.raises(UnknownOperationError):
        router.find("POST", "/snapshots/restore")
