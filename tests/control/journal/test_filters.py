"""The filters of the journal."""

import re

import httpx
import pytest

from tests.emulation import Emulation


class TestFilters:
    """The filters; an unknown name is refused, so that a typo does not count as none."""

    @pytest.mark.parametrize(
        ("path", "count"),
        [
            ("/catalogs", 1),
            ("/catalogs/", 1),
            ("/catalogs/*", 2),
            ("/catalogs/*/items", 1),
            ("/catalogs/[ab]/items", 1),
            ("/braze/catalogs*", 3),
            ("/catalogs/[", 1),
            ("/catalog?/c", 0),
        ],
    )
    def test_the_path_is_exact_or_a_glob(
        self, braze: httpx.Client, control: httpx.Client, path: str, count: int
    ) -> None:
        """As sent, or as the vendor's API has it; as in a fault."""
        for asked in ("/catalogs", "/catalogs/a/items", "/catalogs/["):
            braze.get(asked)

        assert control.get("/requests/count", params={"path": path}).json() == {"count": count}

    def test_answers_before_routing_have_operation_names(
        self, emulation: Emulation, squared: httpx.Client
    ) -> None:
        """Squared's health check, and a browser's preflight."""
        squared.get("/up")

        found = emulation.control().get("/requests?operation=get_health&limit=1").json()
        assert [one["path"] for one in found["requests"]] == ["/squared/up"]
        assert emulation.control(squared).get("/requests?operation=preflight").is_success

    @pytest.mark.parametrize(
        ("wanted", "detail"),
        [
            ("vendor=bruze", "vendor 'bruze' does not exist; use one of: braze"),
            (
                "operation=create_itmes",
                "operation 'create_itmes' does not exist; use one of: create_i",
            ),
            ("vendor=braze&operation=login", "braze operation 'login' does not exist"),
            ("operation=", "operation '' does not exist; use one of: activate_catalog, "),
        ],
    )
    def test_an_unknown_name_is_refused(
        self, control: httpx.Client, wanted: str, detail: str
    ) -> None:
        """At once, also by `wait`."""
        for call in ("", "/count", "/wait", "/unmatched", "/har"):
            refused = control.get(f"/requests{call}?{wanted}")

            assert refused.status_code == 400
            assert detail in refused.json()["detail"]

    def test_an_error_lists_at_most_fifty_names(self, control: httpx.Client) -> None:
        """If no name is similar."""
        refused = control.get("/requests?operation=qqqq").json()["detail"]

        assert re.search(r"use one of: (\w+, ){49}\w+ and \d\d more$", refused)
