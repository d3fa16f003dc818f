"""The rules of the house that a machine can hold."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mockalog.kernel.database.models import metadata
from mockalog.kernel.vendor.vendor import Vendor
from mockalog.schema import metadata as complete
from mockalog.vendors import VENDORS

SOURCE = Path(__file__).parents[1] / "src" / "mockalog"
FILES = sorted(SOURCE.rglob("*.py"))
VENDOR_FILES = [
    "api",
    "errors",
    "forms",
    "models",
    "repository",
    "router",
    "rules",
    "schemas",
    "seeds",
    "service",
    "settings",
]


def named(file: Path) -> str:
    """Return the file's path within the package."""
    return str(file.relative_to(SOURCE))


def imports(file: Path) -> Iterator[str]:
    """Yield every module that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(module: str) -> str:
    """Return the part of the package that a module belongs to."""
    parts = module.removeprefix("mockalog.").split(".")
    return ".".join(parts[:2]) if parts[0] == "vendors" else parts[0]


def rules_of(vendor: str) -> list[Path]:
    """Return the file or the files of a vendor's rules."""
    folder = SOURCE / "vendors" / vendor
    return [*folder.glob("rules.py"), *folder.glob("rules/*.py")]


@pytest.mark.parametrize("vendor", [vendor.name for vendor in VENDORS])
def test_every_vendor_has_the_same_files(vendor: str) -> None:
    """Who has read one vendor's folder finds everything in the other two."""
    folder = SOURCE / "vendors" / vendor
    parts = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}

    assert parts - {"__pycache__"} == {"__init__", *VENDOR_FILES}


@pytest.mark.parametrize("file", FILES, ids=named)
def test_imports_run_one_way(file: Path) -> None:
    """The kernel names no vendor, and no vendor names another."""
    here = layer(".".join(("mockalog", *file.relative_to(SOURCE).with_suffix("").parts)))
    used = {layer(module) for module in imports(file) if module.startswith("mockalog.")}
    if here == "kernel":
        # The runtime holds the settings; who only names its type may import it for that.
        assert used <= {"kernel", "settings", "__version__"}
    elif here.startswith("vendors.") and file.parent.name != "vendors":
        assert used <= {"kernel", here}
    elif here == "control":
        shared = {"addresses", "kernel", "openapi", "settings", "__version__"}
        assert used <= {"control", *shared}


@pytest.mark.parametrize("file", sorted(SOURCE.glob("kernel/**/*.py")), ids=named)
def test_the_kernel_mentions_no_vendor_in_its_code(file: Path) -> None:
    """Its strings and names hold none; only prose may say where a fact comes from."""
    names = "|".join(vendor.name for vendor in VENDORS)
    code = ast.unparse(_without_docstrings(ast.parse(file.read_text())))

    assert not re.search(rf"\b({names})\b", code, re.IGNORECASE)


@pytest.mark.parametrize(
    "file", [file for vendor in VENDORS for file in rules_of(vendor.name)], ids=named
)
def test_rules_are_pure(file: Path) -> None:
    """They import neither FastAPI nor SQLAlchemy nor the runtime."""
    used = set(imports(file))

    assert not [m for m in used if m.startswith(("fastapi", "starlette", "sqlalchemy"))]
    assert not [m for m in used if m.startswith("mockalog.kernel.vendor.runtime")]


@pytest.mark.parametrize("file", FILES, ids=named)
def test_sql_lives_in_repositories_models_and_the_kernel(file: Path) -> None:
    """Nobody else imports SQLAlchemy."""
    home = {"repository", "models"} & {*file.relative_to(SOURCE).parts, file.stem}
    if layer("mockalog." + named(file).replace("/", ".")) != "kernel" and not home:
        assert not [module for module in imports(file) if module.startswith("sqlalchemy")]


FORBIDDEN = {
    r"\bHTTPException\b": ["control/problems.py"],  # renders what Starlette raises itself
    r"\.commit\(": ["kernel/database/pool.py", "kernel/database/sqlite.py"],
    r"datetime\.now|\btime\.time\b|time_ns": ["kernel/clock.py"],
    r"^global \b": [],
    r"\bprint\(": ["cli/child.py", "cli/exits.py", "cli/output.py", "server/serve.py"],
    r"BaseHTTPMiddleware": [],
}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_some_things_stand_in_one_place(pattern: str) -> None:
    """And nowhere else."""
    found = {named(file) for file in FILES if re.search(pattern, file.read_text(), re.MULTILINE)}

    assert found <= set(FORBIDDEN[pattern])


@pytest.mark.parametrize("file", FILES, ids=named)
def test_files_have_a_noun_for_a_name_and_stay_short(file: Path) -> None:
    """No drawers; 300 lines at most."""
    assert not re.fullmatch(r"utils?|common|helpers?|manager|misc|base_.*", file.stem)
    assert len(file.read_text().splitlines()) <= 300


def test_every_table_is_its_vendors_or_the_kernels() -> None:
    """A vendor's tables begin with its name; all carry their sandbox."""
    assert complete is metadata
    prefixes = tuple(f"{vendor.name}_" for vendor in VENDORS)
    kernels = {
        "credentials",
        "faults",
        "jobs",
        "rate_windows",
        "sandboxes",
        "series",
        "snapshots",
    }

    strangers = [n for n in metadata.tables if not n.startswith(prefixes) and n not in kernels]
    assert strangers == []


@pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
def test_a_vendor_is_data(vendor: Vendor) -> None:
    """Operation names are unique, so that journal and faults can name them."""
    names = [operation.name for operation in vendor.api.router.operations]

    assert len(names) == len(set(names))
    assert all(kind.startswith(f"{vendor.name}.") for kind in vendor.api.jobs)
    assert f"{vendor.name}.localhost" in vendor.hosts


def _without_docstrings(tree: ast.AST) -> ast.AST:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            texts = (ast.Expr,)
            node.body = [  # type: ignore[attr-defined]
                child
                for child in body
                if not (isinstance(child, texts) and isinstance(child.value, ast.Constant))
            ] or [ast.Pass()]
    return tree
