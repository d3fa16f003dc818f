"""The README's examples do what they say."""

import re
from pathlib import Path

import pytest

from mockalog.testing import Mockalog
from tests.testing.plugin.test_plugin import WITH_PLUGIN, _everything_is_imported  # noqa: F401

pytest_plugins = ["pytester"]

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    """Return the README's code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def seeds() -> list[str]:
    """Return the README's seeds: a test's small seed, and the seed with all sections."""
    return [text for text in examples("yaml") if text.startswith("mockalog:")]


def test_the_readmes_full_seed_is_valid(tmp_path: Path) -> None:
    """For every vendor."""
    _, everything = seeds()
    file = tmp_path / "everything.yaml"
    file.write_text(everything)
    with Mockalog(in_process=True) as mockalog, mockalog.sandbox() as sandbox:
        sandbox.seed(file)

        found = sandbox.braze.client.get("/catalogs/restaurants/items/r1").json()

    assert found["items"] == [{"id": "r1", "Rating": 5}]


def test_the_readmes_python_examples_pass(pytester: pytest.Pytester) -> None:
    """In one project with the seed and the options of the README."""
    seed, _ = seeds()
    [options] = examples("toml")
    kept = [line for line in options.splitlines() if not line.startswith("mockalog_url")]
    (pytester.path / "shop.yaml").write_text(seed)
    (pytester.mkdir("tests") / "seed.yaml").write_text("mockalog: 1")
    (pytester.path / "pyproject.toml").write_text("\n".join(kept))
    found = examples("python")
    pytester.makepyfile(**{f"test_{number}": text for number, text in enumerate(found)})

    result = pytester.runpytest_inprocess(*WITH_PLUGIN)

    result.assert_outcomes(passed=len(found))
