"""The calls of the credentials."""

import json
from typing import Any
from uuid import uuid4

import pytest

from mockalog.kernel.sandboxes.credentials import digest
from mockalog.kernel.vendor.vendor import Vendor
from mockalog.vendors import VENDORS
from tests.emulation import Emulation, emulate
from tests.kernel.factories import SHOP

PLACEHOLDERS = ["undefined", "null", "None", "NaN", "[object Object]", " undefined"]


class TestCredentials:
    """Registering, listing and removing credentials."""

    def test_a_token_is_never_listed_in_clear(self) -> None:
        """Its SHA-256 is listed."""
        with emulate() as emulation:
            control = emulation.control()
            rights = ["catalogs.get_items", "catalogs.get"]
            wanted = {"vendor": "braze", "token": "s3cret", "permissions": rights}

            created = control.post("/credentials", json=wanted)

            assert created.status_code == 201
            assert created.json()["permissions"] == sorted(rights)
            listed = control.get("/credentials")
            assert listed.json() == {"credentials": [created.json()]}
            assert "s3cret" not in listed.text + created.text

    @pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
    def test_the_permissions_of_info_can_be_registered(
        self, emulation: Emulation, vendor: Vendor
    ) -> None:
        """Also permissions of APIs that are not emulated."""
        info = emulation.control().get("/info").json()
        [listed] = [one["permissions"] for one in info["vendors"] if one["name"] == vendor.name]
        token = uuid4().hex
        wanted = {"vendor": vendor.name, "token": token, "permissions": [*listed, "*"]}
        control = emulation.control(emulation.client())

        assert control.post("/credentials", json=wanted).status_code == 201

        assert {one.permission for one in vendor.api.router.operations} <= {*listed, None}

    def test_registering_again_replaces(self) -> None:
        """One token is one credential."""
        with emulate() as emulation:
            control = emulation.control()
            for permissions in (["catalogs.get"], ["catalogs.create"]):
                wanted = {"vendor": "braze", "token": "t", "permissions": permissions}
                control.post("/credentials", json=wanted)

            (listed,) = control.get("/credentials").json()["credentials"]

            assert listed["permissions"] == ["catalogs.create"]

    def test_the_list_of_a_sandbox_is_its_own(self) -> None:
        """It has the credentials that open the sandbox."""
        with emulate() as emulation:
            for token in ("one", "two"):
                emulation.control().post("/credentials", json={"vendor": "braze", "token": token})

            mine = emulation.control(emulation.client(token="one")).get("/credentials").json()

            assert len(mine["credentials"]) == 1

    def test_a_removed_credential_opens_nothing(self) -> None:
        """On a strict server."""
        with emulate(auth="strict") as emulation:
            control, client = emulation.control(), emulation.client("/braze", token="t")
            created = control.post("/credentials", json={"vendor": "braze", "token": "t"}).json()
            assert client.get("/catalogs").status_code == 200

            assert control.delete(f"/credentials/{created['id']}").status_code == 204

            assert client.get("/catalogs").status_code == 401

    @pytest.mark.parametrize(
        "body",
        [
            {"vendor": "nobody", "token": "t"},
            {"vendor": "braze", "token": ""},
            {"vendor": "braze", "token": " "},
            *({"vendor": "braze", "token": text} for text in PLACEHOLDERS),
            {"vendor": "braze"},
            {"vendor": "braze", "token": "t", "permissions": "all"},
            {"vendor": "braze", "token": "t", "permission": ["*"]},
            {"vendor": "braze", "token": "t", "sandbox": "*"},
            {"vendor": "braze", "token": "t", "sandbox": ""},
        ],
    )
    def test_an_invalid_credential_is_refused(self, emulation: Emulation, body: Any) -> None:
        """Unknown vendors, tokens that no client can send, unknown keys. Seeds refuse them too."""
        control = emulation.control(emulation.client())
        document = {"mockalog": 1, "credentials": [body]}

        assert control.post("/credentials", json=body).status_code == 400
        assert control.post("/seed", json=document).status_code == 400

    @pytest.mark.parametrize("field", ["vendor", "token", "permissions", "sandbox", "public_key"])
    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("a\ud800", "a lone surrogate is not allowed"),
            ("\udfffz", "a lone surrogate is not allowed"),
            ("a\0", "NUL is not allowed"),
            ("", "String should have at least 1 character"),
        ],
    )
    def test_an_unstorable_text_is_refused(
        self, emulation: Emulation, field: str, text: str, reason: str
    ) -> None:
        """In every field, on either database; the list of credentials stays whole."""
        value = [text] if field == "permissions" else text
        body = json.dumps({"vendor": "braze", "token": "t", field: value})
        control = emulation.control(headers={"Content-Type": "application/json"})

        answer = control.post("/credentials", content=body)

        assert (answer.status_code, control.get("/credentials").status_code) == (400, 200)
        assert answer.json()["detail"].endswith(reason)
        assert answer.json()["detail"].startswith(f"body.{field}")

    @pytest.mark.parametrize(
        ("vendor", "permission", "near"),
        [
            ("squared", "connectors:read", "use one of: connector:read"),
            ("squared", "CONNECTOR:READ", "use one of: connector:read"),
            ("attraqt", "items:WRIT", "use one of: items:WRITE"),
            ("attraqt", "items:zzzzzzzzzz", "use one of: items:READ, items:WRITE"),
        ],
    )
    def test_a_permission_that_looks_like_a_typo_is_refused(
        self, emulation: Emulation, vendor: str, permission: str, near: str
    ) -> None:
        """These two vendors' permissions are all known.

        Otherwise its credential would be refused without a visible reason.
        """
        control = emulation.control(emulation.client())
        wanted = {"vendor": vendor, "token": "typo", "permissions": ["*", permission]}
        document = {"mockalog": 1, "credentials": [wanted]}

        refused = control.post("/credentials", json=wanted)
        in_a_seed = control.post("/seed", json=document)

        assert (refused.status_code, in_a_seed.status_code) == (400, 400)
        said = f"{vendor} permission {permission!r} does not exist; {near}"
        assert refused.json()["detail"].startswith(said)
        assert f"credentials[0].permissions: {said}" in in_a_seed.json()["detail"]

    @pytest.mark.parametrize(
        ("permission", "near"),
        [
            ("catalogs.get_itemz", "catalogs.get_item, catalogs.get_items"),
            ("CATALOGS.GET_ITEMS", "catalogs.get_items"),
            ("catalogs.zzzzzzzzzz", "catalogs.add_items, catalogs.create, "),
            ("catlogs.get", "catalogs.get"),
            ("catalogs", "catalogs.get"),
            ("catalogs-get_items", "catalogs.get_items"),
        ],
    )
    def test_a_permission_of_braze_that_looks_like_a_typo_has_a_warning(
        self, emulation: Emulation, permission: str, near: str
    ) -> None:
        """Braze has unpublished permissions, so it may be real (amendment braze A1)."""
        control = emulation.control(emulation.client())
        rights = ["catalogs.get", permission]
        wanted = {"vendor": "braze", "token": uuid4().hex, "permissions": rights}

        created = control.post("/credentials", json=wanted)

        assert created.status_code == 201
        assert created.json()["permissions"] == sorted(rights)
        [warning] = created.json()["warnings"]
        said = f"no operation requires braze permission {permission!r}; if it is a typo, use one of"
        assert warning.startswith(f"{said}: {near}")
        (listed,) = control.get("/credentials").json()["credentials"]
        assert listed == {key: one for key, one in created.json().items() if key != "warnings"}

    def test_a_document_with_such_a_permission_has_the_warning_once(
        self, emulation: Emulation
    ) -> None:
        """A seed and an import; an export can be imported again (amendment braze A1)."""
        control = emulation.control(emulation.client())
        wanted = {"vendor": "braze", "permissions": ["*", "catalogs.list"]}
        tokens = [{**wanted, "token": uuid4().hex} for _ in range(2)]

        seeded = control.post("/seed", json={"mockalog": 1, "credentials": tokens}).json()
        replaced = control.put("/state", json=control.get("/state").json()).json()

        assert (seeded["status"], replaced["status"]) == ("seeded", "replaced")
        assert seeded["warnings"] == replaced["warnings"]
        assert [one.partition(";")[0] for one in seeded["warnings"]] == [
            "no operation requires braze permission 'catalogs.list'"
        ]

    @pytest.mark.parametrize(
        "permission", ["catalogs.get_selections", "users.track", "email.hard_bounces", "sso.saml"]
    )
    def test_a_real_permission_of_no_operation_has_no_warning(
        self, emulation: Emulation, permission: str
    ) -> None:
        """The first was seen on the vendor's dashboard (amendment braze A1)."""
        control = emulation.control(emulation.client())
        wanted = {"vendor": "braze", "token": uuid4().hex, "permissions": [permission]}
        document = {"mockalog": 1, "credentials": [wanted]}

        created = control.post("/credentials", json=wanted)
        seeded = control.post("/seed", json=document)

        assert (created.status_code, seeded.json()) == (201, {"status": "seeded"})
        assert "warnings" not in created.json()

    def test_an_unknown_permission_is_accepted(self, emulation: Emulation) -> None:
        """A test may register the permissions of a production key."""
        rights = ["catalogs.get", "content_blocks.create", "media_library.create", "users.track"]
        wanted = {"vendor": "braze", "token": "t", "permissions": [*rights, "a word of our own"]}

        answer = emulation.control(emulation.client()).post("/credentials", json=wanted)

        assert (answer.status_code, answer.json()["permissions"]) == (
            201,
            sorted(wanted["permissions"]),
        )


def test_a_credential_opens_the_registering_sandbox(emulation: Emulation) -> None:
    """Another one may be named. A sandbox cannot delete another's credential."""
    client, other = emulation.client("/braze"), emulation.client("/braze")
    mine, theirs = emulation.control(client), emulation.control(other)
    token = f"second-{digest(client.headers['Authorization'])}"
    client.post("/catalogs", json=SHOP)

    created = mine.post("/credentials", json={"vendor": "braze", "token": token}).json()

    assert len(emulation.client("/braze", token=token).get("/catalogs").json()["catalogs"]) == 1
    assert mine.get("/credentials").json() == {"credentials": [created]}
    assert theirs.delete(f"/credentials/{created['id']}").status_code == 404
    assert mine.delete(f"/credentials/{created['id']}").status_code == 204
    assert mine.get("/credentials").json() == {"credentials": []}
    named = {"vendor": "braze", "token": token, "sandbox": f"named-{token}"}
    assert mine.post("/credentials", json=named).json()["sandbox"] == named["sandbox"]
    by_name = emulation.control(headers={"X-Mockalog-Sandbox": named["sandbox"]})
    assert len(by_name.get("/credentials").json()["credentials"]) == 1
