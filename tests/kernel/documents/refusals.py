"""Documents that a server refuses."""

from tests.emulation import Emulation
from tests.kernel.factories import SHOP, names


def assert_refused(emulation: Emulation, text: str, problem: str) -> None:
    """Check that a document is refused with a problem, and that the state does not change."""
    client = emulation.client("/braze")
    client.post("/catalogs", json=SHOP)

    answer = emulation.control(client).put("/state", content=text)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem in answer.json()["detail"]
    assert names(client) == ["shop"]
