"""`mockalog openapi`: a document without a server."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from mockalog.cli.shell.connection import local_settings
from mockalog.cli.shell.errors import BAD_USAGE, exit_with
from mockalog.cli.shell.output import Document, show

if TYPE_CHECKING:
    from mockalog.kernel.vendor.vendor import Vendor


def install(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(openapi)


def openapi(
    vendor: Annotated[
        str | None, typer.Argument(help="The vendor; by default the control plane.")
    ] = None,
    dialect: Annotated[
        str, typer.Option(help="The dialect of the vendor; by default its usual one.")
    ] = "",
) -> None:
    """Print an OpenAPI document; its servers are those of the settings."""
    from mockalog.control.calls.problems import ProblemError
    from mockalog.kernel.vendor.fault_rules import unknown
    from mockalog.vendors import VENDORS

    vendors = {vendor.name: vendor for vendor in VENDORS}
    if vendor is not None and vendor not in vendors:
        raise exit_with(unknown("vendor", vendor, vendors), BAD_USAGE)
    if vendor is None and dialect:
        raise exit_with("--dialect goes with a vendor", BAD_USAGE)
    try:
        show(_document(vendors, vendor, dialect), as_json=False)
    except ProblemError as problem:
        raise exit_with(problem.detail, BAD_USAGE) from None


def _document(vendors: "Mapping[str, Vendor]", vendor: str | None, dialect: str) -> Document:
    """Return the document of a vendor, or of the control plane; raises `ProblemError`."""
    from mockalog.control.documents.documents import Documents
    from mockalog.control.pages.page import CONTROL
    from mockalog.control.pages.servers import absolute_servers
    from mockalog.kernel.sandboxes.settings import SettingRegistry

    options = SettingRegistry({name: one.settings for name, one in vendors.items()})
    servers = absolute_servers(local_settings(), vendor)
    return Document(Documents(vendors, options).write(vendor or CONTROL, dialect, servers))
