"""The rules of docs/architecture.md that a machine can check. Each test lists the offenders."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import BaseModel

from mockalog.kernel.database.models import metadata
from mockalog.kernel.vendor.vendor import Vendor
from mockalog.schema import metadata as complete
from mockalog.vendors import VENDORS

SOURCE = Path(__file__).parents[1] / "src" / "mockalog"
TESTS = Path(__file__).parent
FILES = sorted(SOURCE.rglob("*.py"))

# Modules of the package import no others than these, by the part that they belong to.
ALLOWED = {
    "kernel": {"kernel", "__version__"},
    "control": {"addresses", "control", "kernel", "openapi", "settings", "__version__"},
    **{f"vendors.{vendor.name}": {"kernel", f"vendors.{vendor.name}"} for vendor in VENDORS},
}

# The kernel's rooms from the top down.
KERNEL = (
    "state",
    "vendor",
    "jobs",
    "sandboxes",
    "journal",
    "documents",
    "http",
    "database",
    "formats",
    "late_results",
    "late_imports",
    "turns",
    "gc_tuning",
    "errors",
    "clock",
)

# The parts of a vendor's folder from the top down, and the modules that some of them hold.
VENDOR_PARTS = {
    "api": [],
    "seeds": [],
    "router": ["__init__", "access", "control"],
    "service": ["__init__", "control", "jobs"],
    "schemas": ["__init__", "base", "documentation", "errors"],
    "repository": ["__init__", "invariants"],
    "sql": ["__init__"],
    "rules": ["__init__"],
    "errors": ["__init__", "catalogue", "envelope", "faults"],
    "models": [],
    "json_columns": [],
    "settings": [],
}
# Squared alone runs SQL.
OPTIONAL_PARTS = {"sql"}

MAX_MODULES = 16
MAX_LINES = 300


def named(file: Path) -> str:
    """Return the file's path within the package."""
    return str(file.relative_to(SOURCE))


def module_of(file: Path) -> str:
    """Return the dotted name of a file's module."""
    parts = ("mockalog", *file.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(file): file for file in FILES}


@cache
def imports(file: Path) -> frozenset[str]:
    """Return every module and name that a file imports, inside functions and for types too."""
    return frozenset(_imports(ast.parse(file.read_text())))


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def modules(file: Path) -> frozenset[str]:
    """Return the modules of the package that a file imports."""
    found = {name if name in MODULES else name.rpartition(".")[0] for name in imports(file)}
    return frozenset((found & MODULES.keys()) - {module_of(file), "mockalog"})


def imported(files: Iterable[Path], *packages: str) -> list[str]:
    """Return a line for each import of one of the packages, or of a part of it."""
    return [
        f"{named(file)} imports {module}"
        for file in files
        for module in sorted(imports(file))
        if module.startswith(packages)
    ]


def layer(module: str) -> str:
    """Return the part of the package that a module belongs to."""
    parts = module.removeprefix("mockalog.").split(".")
    return ".".join(parts[:2]) if parts[0] == "vendors" else parts[0]


def room_of(module: str) -> str:
    """Return a module's room: its folder; but a module beside folders is a room by itself."""
    file = MODULES[module]
    has_folders = any(
        child.is_dir() and child.name != "__pycache__" for child in file.parent.iterdir()
    )
    return named(file) if has_folders else named(file.parent)


def circle(graph: Mapping[str, frozenset[str]]) -> list[str]:
    """Return the edges of a circle, none if the graph has no circle."""
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str]:
        if node in path:
            loop = [*path[path.index(node) :], node]
            return [f"{a} imports {b}" for a, b in pairwise(loop)]
        if node not in done:
            done.add(node)
            for following in sorted(graph[node]):
                if edges := walk(following, [*path, node]):
                    return edges
        return []

    return next(filter(None, (walk(node, []) for node in sorted(graph))), [])


def position(module: str, order: Iterable[str], prefix: str) -> int | None:
    """Return the position of a module's part below `prefix` in an order from the top down."""
    if not module.startswith(prefix):
        return None
    part = module.removeprefix(prefix).split(".")[0]
    return [*order].index(part) if part in order else None


def upward(prefix: str, order: Iterable[str]) -> list[str]:
    """Return the imports below `prefix` that point upwards."""
    order = tuple(order)
    return [
        f"{module} imports {other}"
        for module, file in MODULES.items()
        for other in sorted(modules(file))
        if (here := position(module, order, prefix)) is not None
        and (there := position(other, order, prefix)) is not None
        and there < here
    ]


def test_no_module_is_in_an_import_circle() -> None:
    """Imports for types count, too."""
    assert circle({module: modules(file) for module, file in MODULES.items()}) == []


def test_no_room_is_in_an_import_circle() -> None:
    """A room is a folder without folders, or a module beside folders."""
    graph: dict[str, set[str]] = {room_of(module): set() for module in MODULES}
    for module, file in MODULES.items():
        graph[room_of(module)] |= {room_of(other) for other in modules(file)} - {room_of(module)}

    assert circle({room: frozenset(others) for room, others in graph.items()}) == []


def test_the_kernel_imports_downwards() -> None:
    """From state to the ground, in the order of docs/architecture.md."""
    assert upward("mockalog.kernel.", KERNEL) == []


@pytest.mark.parametrize("vendor", [vendor.name for vendor in VENDORS])
def test_a_vendor_imports_downwards(vendor: str) -> None:
    """From the seeds and the API to the settings, in the same order in every vendor."""
    assert upward(f"mockalog.vendors.{vendor}.", VENDOR_PARTS) == []


def test_parts_import_no_part_beside_them() -> None:
    """The kernel imports no vendor, and no vendor imports another."""
    offenders = [
        f"{named(file)} imports {module}"
        for file in FILES
        if (allowed := ALLOWED.get(layer(module_of(file))))
        for module in sorted(imports(file))
        if module.startswith("mockalog.") and layer(module) not in allowed
    ]

    assert offenders == []


@pytest.mark.parametrize("vendor", [vendor.name for vendor in VENDORS])
def test_every_vendor_has_the_same_parts(vendor: str) -> None:
    """A reader of one vendor's folder finds the same parts in the others."""
    folder = SOURCE / "vendors" / vendor
    parts = {path.stem for path in folder.iterdir() if path.suffix == ".py" or path.is_dir()}
    required = {
        named(folder / part / f"{module}.py")
        for part, held in VENDOR_PARTS.items()
        for module in held
        if part not in OPTIONAL_PARTS
    }

    assert parts - {"__pycache__", "__init__", *OPTIONAL_PARTS} == {
        part for part in VENDOR_PARTS if part not in OPTIONAL_PARTS
    }
    assert required - {named(file) for file in folder.rglob("*.py")} == set()


def test_wire_models_are_named_in_or_out() -> None:
    """Every model of a vendor's `schemas/` says by its name whether a client sends or gets it."""
    schemas = [module for module in MODULES if ".vendors." in module and ".schemas" in module]
    models = {
        f"{value.__module__}.{value.__name__}"
        for module in schemas
        for value in vars(import_module(module)).values()
        if isinstance(value, type) and issubclass(value, BaseModel) and value is not BaseModel
    }
    offenders = [model for model in models if not re.search(r"(In|Out|\._\w+)(\[.*)?$", model)]

    assert offenders == []


def test_repositories_are_called_repository() -> None:
    """A parameter of the kernel's `Repository` has this name in every vendor."""
    offenders = [
        f"{named(file)}: {node.arg}"
        for file in FILES
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.arg)
        and isinstance(node.annotation, ast.Name)
        and node.annotation.id == "Repository"
        and node.arg != "repository"
    ]

    assert offenders == []


def test_the_kernel_mentions_no_vendor_in_its_code() -> None:
    """Only its prose may name a vendor, as the source of a fact."""
    names = "|".join(vendor.name for vendor in VENDORS)
    pattern = re.compile(rf"\b({names})\b", re.IGNORECASE)
    offenders = [
        f"{named(file)} mentions {word}"
        for file in FILES
        if layer(module_of(file)) == "kernel"
        for word in pattern.findall(ast.unparse(_without_docstrings(ast.parse(file.read_text()))))
    ]

    assert offenders == []


def test_rules_are_pure() -> None:
    """They import neither FastAPI nor SQLAlchemy nor the runtime."""
    files = [file for file in FILES if "rules" in file.parts]
    impure = ("fastapi", "starlette", "sqlalchemy", "mockalog.kernel.vendor.runtime")

    assert files
    assert imported(files, *impure) == []


def test_sql_is_in_repositories_models_and_the_kernel() -> None:
    """No other file imports SQLAlchemy."""
    others = [
        file
        for file in FILES
        if layer(module_of(file)) != "kernel"
        and not {"repository", "models"} & {*file.relative_to(SOURCE).parts, file.stem}
    ]

    assert imported(others, "sqlalchemy") == []


FORBIDDEN = {
    r"\bHTTPException\b": ["control/calls/problems.py"],  # renders Starlette's own errors
    r"\.commit\(": ["kernel/database/postgres/pool.py", "kernel/database/sqlite/database.py"],
    r"datetime\.now|\btime\.time\b|time_ns": ["kernel/clock.py"],
    r"^global \b": [],
    r"\bprint\(": [
        *(f"cli/shell/{name}.py" for name in ("errors", "output", "subprocess_runner")),
        "server/serve.py",
    ],
    r"BaseHTTPMiddleware": [],
    r"noqa: N818": [],
}


def test_some_things_are_in_one_place() -> None:
    """No other file has them."""
    offenders = [
        f"{named(file)} has {pattern}"
        for file in FILES
        for pattern, places in FORBIDDEN.items()
        if named(file) not in places and re.search(pattern, file.read_text(), re.MULTILINE)
    ]

    assert offenders == []


def test_every_any_has_a_reason() -> None:
    """A public function with `Any` in its signature has a comment `# Any: …` above it."""
    offenders = [
        f"{named(file)}:{function.lineno}: {function.name}"
        for file in FILES
        for function in ast.walk(ast.parse(file.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and not function.name.startswith("_")
        and re.search(
            r"\bAny\b",
            f"{ast.unparse(function.args)} {function.returns and ast.unparse(function.returns)}",
        )
        and not _line_above(file, function).startswith("# Any: ")
    ]

    assert offenders == []


def _line_above(file: Path, function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    first = min([function.lineno, *(one.lineno for one in function.decorator_list)])
    return file.read_text().splitlines()[first - 2].strip()


def test_files_have_nouns_for_names() -> None:
    """No file is a drawer."""
    drawer = re.compile(r"utils?|common|helpers?|manager|misc|base_.*")

    assert [named(file) for file in FILES if drawer.fullmatch(file.stem)] == []


def test_files_stay_short() -> None:
    """A file has at most 300 lines."""
    assert [named(file) for file in FILES if len(file.read_text().splitlines()) > MAX_LINES] == []


def test_folders_stay_small() -> None:
    """A folder has at most 16 modules."""
    folders = {file.parent for file in FILES}
    sizes = {
        named(folder): len({*folder.glob("*.py")} - {folder / "__init__.py"}) for folder in folders
    }

    assert [folder for folder, size in sizes.items() if size > MAX_MODULES] == []


def test_tests_mirror_the_rooms() -> None:
    """A folder of tests is a folder of the package.

    Every room of the kernel has tests, and each file of them has the name of a module.
    """
    extra = {".", "clients", "clients/programs", "fixtures", "fuzz"}
    folders = {file.parent.relative_to(TESTS) for file in TESTS.rglob("*.py")}
    rooms = {file.parent.relative_to(SOURCE) for file in (SOURCE / "kernel").rglob("*.py")}
    tests = [file.relative_to(TESTS) for file in (TESTS / "kernel").rglob("test_*.py")]
    modules_of_tests = {test: test.with_name(test.name.removeprefix("test_")) for test in tests}

    assert [str(f) for f in folders if str(f) not in extra and not (SOURCE / f).is_dir()] == []
    assert [str(room) for room in rooms - {test.parent for test in tests}] == []
    assert [str(test) for test, of in modules_of_tests.items() if not (SOURCE / of).exists()] == []


def test_the_walks_lead_through_existing_code() -> None:
    """Each stop in docs/architecture.md names functions of its file, and their lines in all."""
    page = (TESTS.parent / "docs/architecture.md").read_text()
    walks = re.findall(r"in `(vendors/\w+)/`\.\n\n(.*?)\n\n", page, re.DOTALL)
    stops = [
        (f"{folder}/{stop[1]}", re.findall(r"`(?:\w+\.)?(\w+)`", stop[2]), int(stop[3]))
        for folder, table in walks
        for stop in re.finditer(r"^\| `([^`]+)`: (.*?) \| (\d+) \|", table, re.MULTILINE)
    ]
    counts = {(file, *names): _lines_of(SOURCE / file, names) for file, names, _ in stops}

    assert len(walks) == len(VENDORS)
    assert len(stops) == 6 * len(walks)
    assert counts == {(file, *names): lines for file, names, lines in stops}


def _lines_of(file: Path, names: list[str]) -> int:
    """Return the lines of some functions, without their decorators."""
    return sum(
        (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in names
    )


def test_every_table_is_its_vendors_or_the_kernels() -> None:
    """A vendor's tables begin with its name."""
    assert complete is metadata
    prefixes = tuple(f"{vendor.name}_" for vendor in VENDORS)
    kernel = {
        "credentials",
        "faults",
        "jobs",
        "rate_windows",
        "sandbox_uses",
        "sandboxes",
        "series",
        "servers",
        "snapshots",
    }

    others = [name for name in metadata.tables if not name.startswith(prefixes)]
    assert set(others) == kernel


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
