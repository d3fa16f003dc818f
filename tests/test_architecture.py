"""The rules of the house that a machine can hold."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from mockalog.kernel.database import metadata
from mockalog.kernel.vendor import Vendor
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


# Modules that import no part of the package but these, by the part that they belong to.
ALLOWED = {
    # The runtime holds the settings; modules that only name its type may import it for that.
    "kernel": {"kernel", "settings", "__version__"},
    "control": {"control", "kernel", "openapi", "reach", "settings", "__version__"},
    **{f"vendors.{vendor.name}": {"kernel", f"vendors.{vendor.name}"} for vendor in VENDORS},
}


def named(file: Path) -> str:
    """Return the file's path within the package."""
    return str(file.relative_to(SOURCE))


@cache
def imports(file: Path) -> frozenset[str]:
    """Return every module that a file imports, inside functions too."""
    return frozenset(_imports(ast.parse(file.read_text())))


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported(files: Iterable[Path], *packages: str) -> list[str]:
    """Return a line for each import of one of the packages, or of a part of it."""
    return [
        f"{named(file)} imports {module}"
        for file in files
        for module in sorted(imports(file))
        if module.startswith(packages)
    ]


def home(file: Path) -> str:
    """Return the part of the package that a file belongs to."""
    return layer(".".join(("mockalog", *file.relative_to(SOURCE).with_suffix("").parts)))


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


def test_imports_run_one_way() -> None:
    """The kernel names no vendor, and no vendor names another."""
    offenders = [
        f"{named(file)} imports {module}"
        for file in FILES
        if (allowed := ALLOWED.get(home(file)))
        for module in sorted(imports(file))
        if module.startswith("mockalog.") and layer(module) not in allowed
    ]

    assert offenders == []


def test_the_kernel_mentions_no_vendor_in_its_code() -> None:
    """Its strings and names hold none; only prose may say where a fact comes from."""
    names = "|".join(vendor.name for vendor in VENDORS)
    pattern = re.compile(rf"\b({names})\b", re.IGNORECASE)
    offenders = [
        f"{named(file)} mentions {word}"
        for file in FILES
        if home(file) == "kernel"
        for word in pattern.findall(ast.unparse(_without_docstrings(ast.parse(file.read_text()))))
    ]

    assert offenders == []


def test_rules_are_pure() -> None:
    """They import neither FastAPI nor SQLAlchemy nor the runtime."""
    files = [file for vendor in VENDORS for file in rules_of(vendor.name)]
    impure = ("fastapi", "starlette", "sqlalchemy", "mockalog.kernel.runtime")

    assert files
    assert imported(files, *impure) == []


def test_sql_lives_in_repositories_models_and_the_kernel() -> None:
    """No other file imports SQLAlchemy."""
    others = [
        file
        for file in FILES
        if home(file) != "kernel"
        and not {"repository", "models"} & {*file.relative_to(SOURCE).parts, file.stem}
    ]

    assert imported(others, "sqlalchemy") == []


FORBIDDEN = {
    r"\bHTTPException\b": ["control/problems.py"],  # renders what Starlette raises itself
    r"\.commit\(": ["kernel/pool.py", "kernel/sqlite.py"],
    r"datetime\.now|\btime\.time\b|time_ns": ["kernel/clock.py"],
    r"^global \b": [],
    r"\bprint\(": ["cli/child.py", "cli/exits.py", "cli/output.py", "server.py"],
    r"BaseHTTPMiddleware": [],
}


def test_some_things_stand_in_one_place() -> None:
    """And nowhere else."""
    offenders = [
        f"{named(file)} has {pattern}"
        for file in FILES
        for pattern, places in FORBIDDEN.items()
        if named(file) not in places and re.search(pattern, file.read_text(), re.MULTILINE)
    ]

    assert offenders == []


def test_files_have_a_noun_for_a_name() -> None:
    """No drawers."""
    drawer = re.compile(r"utils?|common|helpers?|manager|misc|base_.*")

    assert [named(file) for file in FILES if drawer.fullmatch(file.stem)] == []


def test_files_stay_short() -> None:
    """300 lines at most."""
    assert [named(file) for file in FILES if len(file.read_text().splitlines()) > 300] == []


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
