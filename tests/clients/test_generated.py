"""Clients generated from the documents: they type-check, and a call of each tag works.

The generator is openapi-python-client, which knows nothing of the emulator.
"""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from inspect import signature
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from mockalog.openapi.document import document_of
from mockalog.testing import Mockalog, Sandbox
from mockalog.vendors import VENDORS
from tests.clients.calls import APIS, Api, Asked

# The generator's own template does not fit the types of the httpx in use.
TYPES = "[mypy]\n[mypy-*.client]\nignore_errors = True\n"


class Client(NamedTuple):
    """A generated package, and a client of it in a sandbox."""

    package: ModuleType
    caller: Any

    def send(self, asked: Asked) -> Any:
        """Make a call as the package's users do: a body is one of its models."""
        module = importlib.import_module(f"{self.package.__name__}.api.{asked.operation}")
        arguments = dict(asked.arguments)
        if "body" in arguments:
            body = arguments["body"]
            model = _model_of(signature(module.sync_detailed).parameters["body"].annotation)
            alone = not isinstance(body, list)
            arguments["body"] = model.from_dict(body) if alone else [*map(model.from_dict, body)]
        return module.sync_detailed(client=self.caller, **arguments)


def _model_of(annotation: Any) -> Any:
    """Return the model among the types that a parameter takes."""
    choices = getattr(annotation, "__args__", (annotation,))
    return next(one for one in choices if hasattr(one, "from_dict"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the packages are generated, and imported from."""
    folder = tmp_path_factory.mktemp("clients")
    (folder / "mypy.ini").write_text(TYPES)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        yield folder


@pytest.fixture(scope="module", params=APIS, ids=lambda api: api.package)
def api(request: pytest.FixtureRequest, folder: Path) -> Api:
    """Each vendor's client, in each dialect."""
    api: Api = request.param
    vendor = next(vendor for vendor in VENDORS if vendor.name == api.vendor)
    document = folder / f"{api.package}.json"
    document.write_text(json.dumps(document_of(vendor.api, vendor.title, dialect=api.dialect)))
    generate = ("openapi_python_client", "generate", "--meta", "none", "--fail-on-warning")
    _run(folder, *generate, "--path", document.name, "--output-path", api.package)
    return api


@pytest.fixture
def sandbox(api: Api) -> Iterator[Sandbox]:
    """A sandbox of a served emulator, in the dialect of the client."""
    with Mockalog(host="127.0.0.1") as mockalog:
        sandbox = mockalog.sandbox()
        if api.dialect:
            sandbox.settings[f"{api.vendor}.dialect"] = api.dialect
        yield sandbox


def test_a_generated_client_type_checks(api: Api, folder: Path) -> None:
    """Every model and every call of it."""
    _run(folder, "mypy", "--config-file", "mypy.ini", "-p", api.package)


def test_a_call_of_each_tag_works(api: Api, sandbox: Sandbox) -> None:
    """The answer is the documented one, and the client reads it as its own model."""
    package = importlib.import_module(api.package)
    handle = getattr(sandbox, api.vendor)
    with package.AuthenticatedClient(base_url=handle.url, token=handle.token) as caller:
        for asked in APIS[api]:
            answer = Client(package, caller).send(asked)

            assert answer.status_code == asked.status, (asked, answer.content)
            assert answer.parsed is not None or answer.status_code == 204


def test_every_tag_has_a_call(api: Api) -> None:
    """A new group of operations asks for one."""
    vendor = next(vendor for vendor in VENDORS if vendor.name == api.vendor)
    tags = {tag.lower().replace(" ", "_") for tag in vendor.api.documentation().tags}

    assert {asked.operation.partition(".")[0] for asked in APIS[api]} == tags


def _run(folder: Path, module: str, *arguments: str) -> None:
    """Run a module in a folder; the generator looks for ruff on the path."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        (sys.executable, "-m", module, *arguments),
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
