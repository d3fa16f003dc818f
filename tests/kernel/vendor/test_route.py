"""A route: light to declare, and FastAPI's own once FastAPI looks at it."""

from typing import Annotated

import pytest
from fastapi import FastAPI, Path
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from mockalog.kernel.http.responses import Response
from mockalog.kernel.vendor.call import Call
from mockalog.kernel.vendor.declaration import ByDialect, ResponseDoc
from mockalog.kernel.vendor.pipeline import VendorRoute, VendorRouter
from mockalog.kernel.vendor.route import Route
from mockalog.kernel.vendor.route_documents import describe
from mockalog.kernel.vendor.router import Router


class ThingIn(BaseModel):
    """A thing."""

    name: str


class ThingOut(BaseModel):
    """A thing with its number."""

    number: int


class PageQuery(BaseModel):
    """A page."""

    page: int = 1


class WhoseHeaders(BaseModel):
    """Whose things."""

    workspace_id: str | None = None


router = VendorRouter(tag="Things", key=HTTPBearer(auto_error=False))


@router.post(
    "/things/{shelf}",
    permission="things.create",
    body=ThingIn,
    query=PageQuery,
    headers=WhoseHeaders,
    responses={
        201: ResponseDoc(ThingOut, "Kept.", headers={"link": "The next page."}),
        204: None,
    },
)
async def create_thing(call: Call, shelf: Annotated[str, Path(description="A shelf.")]) -> Response:
    """Keep a thing."""
    return Response(204)


@router.declare(
    ("PUT", "PATCH"),
    "/things",
    body=ByDialect(docs=ThingIn, server=ThingOut),
    optional_body=True,
    responses=ByDialect(docs={200: ThingOut}, server={202: None}),
)
async def update_thing(call: Call) -> Response:
    """Change a thing."""
    return Response(200)


@router.post(
    "/tokens", public=True, form=ThingIn, responses={200: ResponseDoc(media_type="text/plain")}
)
async def create_token(call: Call) -> Response:
    """Give a token."""
    return Response(200)


CREATE, UPDATE, TOKEN = router.operations


def test_a_route_is_fastapis_route() -> None:
    """So is its router FastAPI's."""
    assert isinstance(CREATE, VendorRoute)
    assert isinstance(CREATE, APIRoute)
    assert router.routes == router.operations
    assert router.route_class is VendorRoute


def test_fastapis_part_is_made_with_the_first_look() -> None:
    """A start that shows no document does without it."""
    route = Route("/things", create_thing, ("GET",), {})
    assert "dependant" not in vars(route)

    assert route.dependant.path == "/things"
    assert "dependant" in vars(route)
    assert route.endpoint is create_thing


def test_an_unknown_attribute_is_none_of_fastapis() -> None:
    """Copying and pickling ask for special ones, which make nothing."""
    route = Route("/things", create_thing, ("GET",), {})

    with pytest.raises(AttributeError):
        _ = route.__copy__
    assert "dependant" not in vars(route)
    with pytest.raises(AttributeError, match="nothing"):
        _ = route.nothing


def test_a_document_shows_the_wire() -> None:
    """Path, query, headers, body, answers, the group and the permission."""
    operation = FastAPI(routes=[describe(CREATE, "POST")]).openapi()["paths"]["/things/{shelf}"]

    shown = operation["post"]
    assert {(one["in"], one["name"]) for one in shown["parameters"]} == {
        ("path", "shelf"),
        ("query", "page"),
        ("header", "workspace-id"),
    }
    assert shown["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/ThingIn"
    }
    assert shown["security"] == [{"HTTPBearer": ["things.create"]}]
    assert shown["tags"] == ["Things"]
    assert shown["responses"]["201"]["description"] == "Kept."
    assert list(shown["responses"]["201"]["headers"]) == ["link"]
    assert "content" not in shown["responses"]["204"]


def test_a_route_of_two_methods_is_two_operations() -> None:
    """Each with an id of its own."""
    assert [UPDATE.id_of(verb) for verb in UPDATE.verbs] == [
        "update_thing_put",
        "update_thing_patch",
    ]
    assert CREATE.id_of("POST") == "create_thing"


@pytest.mark.parametrize(("dialect", "status"), [("docs", 200), ("server", 202)])
def test_a_declaration_may_differ_by_dialect(dialect: str, status: int) -> None:
    """The document of each shows its own."""
    route = describe(UPDATE, "PUT", dialect)

    assert route.status_code == status
    assert route.body_field is not None
    assert not route.body_field.field_info.is_required()


def test_a_public_call_needs_no_key_and_may_take_a_form() -> None:
    """Its answer need not be JSON."""
    shown = FastAPI(routes=[describe(TOKEN, "POST")]).openapi()["paths"]["/tokens"]["post"]

    assert "security" not in shown
    assert list(shown["requestBody"]["content"]) == ["application/x-www-form-urlencoded"]
    assert list(shown["responses"]["200"]["content"]) == ["text/plain"]


def test_routers_put_their_prefix_before_their_paths() -> None:
    """And their options beside them; a route's own win."""
    router = Router(prefix="/shop", permission="shop.read")
    router.get("/things")(create_thing)
    router.get("/others", permission="others.read")(update_thing)

    assert [route.path for route in router.operations] == ["/shop/things", "/shop/others"]
    assert [route.permission for route in router.operations] == ["shop.read", "others.read"]
