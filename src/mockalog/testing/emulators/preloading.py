"""Everything that an app of this process otherwise reads from disk at first use, read at once.

A test may then replace the file system, change the working directory or delete the source tree.
A start from the shell reads late, because it must be quick: see `kernel/late_imports.py`.
"""

import codecs
from collections.abc import Collection
from importlib import import_module

from mockalog.control.pages.assets import TYPES, asset
from mockalog.kernel.vendor.route_documents import describe
from mockalog.kernel.vendor.vendor import VendorApi
from mockalog.vendors import VENDORS

# The modules of all calls that no start imports. The last two are a library's own late imports:
# asyncio's for threads, and Pydantic's for the schemas of documents.
_MODULES = (
    "mockalog.control.app",
    "mockalog.control.documents.api",
    "mockalog.kernel.documents.sources",
    "mockalog.kernel.state.exports",
    "mockalog.kernel.state.transfer",
    "mockalog.openapi.document",
    "concurrent.futures.thread",
    "pydantic.dataclasses",
)

# The encodings that Python imports at first use: of secrets' escapes, and of host names.
_ENCODINGS = ("utf-16-be", "idna")


def preload(vendors: Collection[str]) -> None:
    """Read the control plane, every vendor's API, and all that calls to some vendors need."""
    for module in _MODULES:
        import_module(module)
    for encoding in _ENCODINGS:
        codecs.lookup(encoding)
    for name in TYPES:
        asset(name)
    for vendor in VENDORS:
        _read_api(vendor.api)
        if vendor.name in vendors:
            _read_late(vendor.api)


def _read_api(api: VendorApi) -> None:
    """Read the parts of an API that calls of the control plane need."""
    for read in (api.documentation, api.seed, api.invariants):
        read()
    route = api.router.operations[0]
    describe(route, route.verbs[0])  # FastAPI's own late imports


def _read_late(api: VendorApi) -> None:
    """Read the libraries and the data of single calls and jobs."""
    for module in api.late_modules:
        import_module(module)
    for read in api.late_data:
        read()
