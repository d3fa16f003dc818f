"""Packages of npm and PyPI, each installed into a folder of its own and kept for the next run."""

import fcntl
import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[2] / ".clients"
PROGRAMS = Path(__file__).parent / "programs"
PYTHONS = ("python3", "python3.11", "python3.12", "python3.13", "python3.14")

# A registry that hangs is one that is not there.
SECONDS = 180

# Why each client cannot be installed. It is not tried again: that takes up to `SECONDS` per test.
_failures: dict[str, str] = {}


class UnavailableError(Exception):
    """A client cannot be installed here; the text says why."""


class Npm(NamedTuple):
    """Packages of npm and their versions; `overrides` pins packages that they need."""

    packages: Mapping[str, str]
    overrides: Mapping[str, str] = {}

    def install(self, folder: Path) -> None:
        """Install the packages into an empty folder."""
        wanted = {"private": True, "dependencies": self.packages, "overrides": self.overrides}
        (folder / "package.json").write_text(json.dumps(wanted))
        quiet = ("--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error")
        _run([_found("npm"), "install", *quiet], folder)

    def command(self, folder: Path, program: str) -> list[str]:
        """Return the command that runs a program: Node finds packages beside its file."""
        copied = shutil.copy(PROGRAMS / program, folder)
        return [_found("node"), str(copied)]


class PyPi(NamedTuple):
    """Requirements of pip, and the oldest Python that can install them."""

    requirements: Sequence[str]
    python: tuple[int, int] = (3, 11)

    def install(self, folder: Path) -> None:
        """Install the requirements into a virtual environment."""
        _run([self._interpreter(), "-m", "venv", str(folder)], folder)
        pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet")
        _run([*pip, "--disable-pip-version-check", *self.requirements], folder)

    def command(self, folder: Path, program: str) -> list[str]:
        """Return the command that runs a program."""
        return [str(folder / "bin" / "python"), str(PROGRAMS / program)]

    def _interpreter(self) -> str:
        """Return the first Python of this machine that is new enough."""
        check = f"import ensurepip, sys, venv; sys.exit(sys.version_info < {self.python})"
        for name in filter(shutil.which, PYTHONS):
            if not subprocess.run([name, "-c", check], capture_output=True).returncode:
                return name
        raise UnavailableError("it needs Python {}.{} or newer".format(*self.python))


class Jdk(NamedTuple):
    """A Java Development Kit, which the machine has or has not."""

    def install(self, folder: Path) -> None:
        """Check that the compiler is there: Java alone cannot run a source file."""
        _found("javac")

    def command(self, folder: Path, program: str) -> list[str]:
        """Return the command that compiles and runs a program."""
        return [_found("java"), str(PROGRAMS / program)]


Packages = Npm | PyPi | Jdk


def installed(name: str, packages: Packages) -> Path:
    """Return the folder of a client; raises `UnavailableError`."""
    if name in _failures:
        raise UnavailableError(_failures[name])
    try:
        with _locked(name):
            return _installed(FOLDER / name, packages)
    except UnavailableError as error:
        _failures[name] = str(error)
        raise


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """Keep other processes from a client's folder: pytest may run in several."""
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _installed(folder: Path, packages: Packages) -> Path:
    stamp, wanted = folder / "installed", repr(packages)
    if not stamp.is_file() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        packages.install(folder)
        stamp.write_text(wanted)
    return folder


def _found(command: str) -> str:
    """Return the path of a command."""
    if path := shutil.which(command):
        return path
    raise UnavailableError(f"{command} is not installed")


def _run(command: list[str], folder: Path) -> None:
    """Run an installer; its last line says why it failed."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise UnavailableError(f"{command[0]} took more than {SECONDS} s") from None
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines() or ["no output"]
        raise UnavailableError(f"{Path(command[0]).name}: {lines[-1]}")
