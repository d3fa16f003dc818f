"""Kinds of jobs, of vendors that may not be imported yet."""

import asyncio
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from mockalog.kernel.database.repository import Repository
from mockalog.kernel.jobs.queue import Job, JobKind
from mockalog.kernel.late_imports import NotImportedError, after_imports
from mockalog.kernel.sandboxes.settings import VendorSettings
from mockalog.kernel.vendor.job_kinds import JobKinds
from mockalog.kernel.vendor.vendor import Vendor, VendorApi
from mockalog.vendors import VENDORS

API = VENDORS[1].api


async def _effect(repository: Repository, job: Job) -> str:
    return "done"


SELL, BUY = JobKind(_effect), JobKind(_effect)


def vendor_of(jobs: dict[str, JobKind]) -> Vendor:
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
        )

    return Vendor("shop", "Shop", (), VendorSettings, load)


async def _loaded(late: NotImportedError) -> None:
    await late.load()


def test_a_handler_is_found_once_its_vendor_is_imported() -> None:
    """Before, it raises an error that imports the vendor."""
    vendor = vendor_of({"shop.sell": SELL})
    kinds = JobKinds({"shop": vendor})

    with pytest.raises(NotImportedError) as late:
        kinds["shop.sell"]
    asyncio.run(_loaded(late.value))

    assert kinds["shop.sell"] is SELL
    assert asyncio.run(vendor.loaded()) is vendor.api


def test_a_kind_that_no_vendor_has_is_unknown() -> None:
    """Neither its vendor nor its effect may be invented."""
    vendor = vendor_of({})
    kinds = JobKinds({"shop": vendor})
    assert vendor.api.jobs == {}

    assert kinds.get("shop.buy") is None
    assert kinds.get("nobody.sells") is None


def test_all_kinds_can_be_listed() -> None:
    """Which imports every vendor."""
    vendor = vendor_of({"shop.sell": SELL, "shop.buy": BUY})
    kinds = JobKinds({"shop": vendor})

    assert dict(kinds) == {"shop.sell": SELL, "shop.buy": BUY}
    assert len(kinds) == 2


def test_a_kind_waits_for_its_libraries_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the vendor, in a thread; the action that asked is done again each time."""
    (tmp_path / "late_library.py").write_text("import threading\nTHREAD = threading.get_ident()\n")
    monkeypatch.syspath_prepend(tmp_path)
    vendor = vendor_of({"shop.sell": (kind := JobKind(_effect, imports=("late_library",)))})
    kinds = JobKinds({"shop": vendor})
    tried: list[str] = []

    async def act() -> Any:
        tried.append("once more")
        return kinds["shop.sell"]

    assert asyncio.run(after_imports(act)) is kind
    assert tried == ["once more"] * 3
    assert threading.get_ident() != sys.modules.pop("late_library").THREAD
