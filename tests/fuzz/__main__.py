"""`python -m tests.fuzz`: schemathesis against each document of a served emulator.

It sends valid and invalid requests of every operation and of chains of them, and fails for a 5xx,
an undocumented status, type or shape. `schemathesis.toml` beside this file turns a check off where
an emulator differs by design, with the reason.
"""

import argparse
import json
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import httpx

from mockalog.control.documents.documents import Documents
from mockalog.control.pages.page import CONTROL
from mockalog.kernel.journal.journal import CONTROL_PREFIX
from mockalog.kernel.sandboxes.settings import SettingRegistry
from mockalog.openapi.document import document_of
from mockalog.testing import Mockalog
from mockalog.vendors import VENDORS

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")

# Seconds that a run may take beyond its budget: it ends the request under way.
PATIENCE = 300


class Target(NamedTuple):
    """A document, the address of its API, and the credential of a sandbox for it."""

    name: str
    document: object
    url: str
    token: str


def targets(mockalog: Mockalog) -> Iterator[Target]:
    """Yield the control plane's document and each vendor's in each dialect, each in a sandbox."""
    vendors = {vendor.name: vendor for vendor in VENDORS}
    options = SettingRegistry({vendor.name: vendor.settings for vendor in VENDORS})
    document = Documents(vendors, options).write(CONTROL, "", ("/",))
    yield Target("control", document, f"{mockalog.url}{CONTROL_PREFIX}", secrets.token_hex(8))
    for vendor in VENDORS:
        for dialect in vendor.api.documentation().dialects or ("",):
            token = secrets.token_hex(8)
            settings = {"rate_limits": "off"}
            if dialect:
                settings[f"{vendor.name}.dialect"] = dialect
            httpx.patch(
                f"{mockalog.url}/_mockalog/settings",
                json=settings,
                headers={"Authorization": f"Bearer {token}"},
            ).raise_for_status()
            document = document_of(vendor.api, vendor.title, dialect=dialect)
            name = " ".join(filter(None, (vendor.name, dialect)))
            yield Target(name, document, f"{mockalog.url}/{vendor.name}", token)


def fuzz(target: Target, folder: Path, seconds: int, seed: int) -> bool:
    """Run schemathesis against one document; return whether it found nothing."""
    file = folder / f"{target.name}.json"
    file.write_text(json.dumps(target.document))
    print(f"== {target.name}", flush=True)
    done = subprocess.run(
        (
            *(sys.executable, "-m", "schemathesis.cli"),
            *("--config-file", str(CONFIGURATION), "run", str(file), "--url", target.url),
            *("--header", f"Authorization: Bearer {target.token}"),
            *("--max-time", str(seconds), "--seed", str(seed)),
        ),
        cwd=folder,
        timeout=seconds + PATIENCE,
    )
    return done.returncode == 0


def main() -> None:
    """Fuzz every document; exit with 1 if one differs from its answers."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="a document (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the requests (%(default)s)")
    parser.add_argument("--only", default="", help="documents whose name holds this")
    wanted = parser.parse_args()
    with Mockalog(host="127.0.0.1") as mockalog, TemporaryDirectory() as folder:
        found = [
            fuzz(target, Path(folder), wanted.seconds, wanted.seed)
            for target in targets(mockalog)
            if wanted.only in target.name
        ]
    sys.exit(not all(found))


if __name__ == "__main__":
    main()
