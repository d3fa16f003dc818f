"""Job handlers of vendors that may have yet to be imported."""

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from mockalog.kernel.late_imports import NotImportedError, after_imports
from mockalog.kernel.sandboxes.settings import VendorSettings
from mockalog.kernel.vendor.job_handlers import JobHandlers
from mockalog.kernel.vendor.vendor import Vendor, VendorApi
from mockalog.vendors import VENDORS

API = VENDORS[1].api


def vendor_of(jobs: dict[str, Any], **parts: Any) -> Vendor:
    """Return a vendor that has yet to be loaded."""

    def load() -> VendorApi:
        return VendorApi(
            router=API.router,
            envelope=API.envelope,
            headers=API.headers,
            control_routes=API.control_routes,
            documentation=API.documentation,
            seed=API.seed,
            jobs=jobs,
            **parts,
        )

    return Vendor("shop", "Shop", (), VendorSettings, load)


async def _loaded(late: NotImportedError) -> None:
    await late.load()


def test_a_handler_is_found_once_its_vendor_is_imported() -> None:
    """Before, it says whom to wait for."""
    vendor = vendor_of({"shop.sell": "handler"})
    handlers: JobHandlers[Any] = JobHandlers({"shop": vendor}, lambda api: api.jobs)

    with pytest.raises(NotImportedError) as late:
        handlers["shop.sell"]
    asyncio.run(_loaded(late.value))

    assert handlers["shop.sell"] == "handler"
    assert asyncio.run(vendor.loaded()) is vendor.api


def test_a_kind_that_no_vendor_has_is_unknown() -> None:
    """Neither its vendor nor its effect may be invented."""
    vendor = vendor_of({})
    handlers: JobHandlers[Any] = JobHandlers({"shop": vendor}, lambda api: api.jobs)
    assert vendor.api.jobs == {}

    assert handlers.get("shop.buy") is None
    assert handlers.get("nobody.sells") is None


def test_all_kinds_can_be_listed() -> None:
    """Which imports every vendor."""
    handlers: JobHandlers[Any] = JobHandlers(
        {"shop": vendor_of({"shop.sell": 1, "shop.buy": 2})}, lambda api: api.jobs
    )

    assert dict(handlers) == {"shop.sell": 1, "shop.buy": 2}
    assert len(handlers) == 2


def test_a_kind_waits_for_its_libraries_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the vendor, in a thread; the action that asked is done again each time."""
    (tmp_path / "late_library.py").write_text("import threading\nTHREAD = threading.get_ident()\n")
    monkeypatch.syspath_prepend(tmp_path)
    vendor = vendor_of({"shop.sell": "handler"}, job_imports={"shop.sell": ("late_library",)})
    handlers: JobHandlers[Any] = JobHandlers({"shop": vendor}, lambda api: api.jobs)
    tried: list[str] = []

    async def act() -> Any:
        tried.append("once more")
        return handlers["shop.sell"]

    assert asyncio.run(after_imports(act)) == "handler"
    assert tried == ["once more"] * 3
    assert threading.get_ident() != sys.modules.pop("late_library").THREAD
