"""The README's examples do what they say."""

import re
from pathlib import Path

import pytest

from mockalog.testing import Mockalog
from tests.testing.test_plugin import WITH_PLUGIN, _everything_is_imported  # noqa: F401

pytest_plugins = ["pytester"]

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    """Return the README's code of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_examples_in_python_pass(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As files of one project, the seed beside them, its options in its `pyproject.toml`."""
    monkeypatch.delenv("MOCKALOG_URL", raising=False)
    seed = next(text for text in examples("yaml") if text.startswith("mockalog:"))
    [options] = examples("toml")
    kept = [line for line in options.splitlines() if not line.startswith("mockalog_url")]
    (pytester.path / "shop.yaml").write_text(seed)
    (pytester.path / "pyproject.toml").write_text("\n".join(kept))
    found = examples("python")
    pytester.makepyfile(**{f"test_{number}": text for number, text in enumerate(found)})

    result = pytester.runpytest_inprocess(*WITH_PLUGIN)

    result.assert_outcomes(passed=len(found))


def test_the_seeds_can_be_sown(tmp_path: Path) -> None:
    """At a server's start."""
    seeds = [text for text in examples("yaml") if text.startswith("mockalog:")]
    files = [tmp_path / f"{number}.yaml" for number in range(len(seeds))]
    for file, seed in zip(files, seeds, strict=True):
        file.write_text(seed, encoding="utf-8")
        with Mockalog(in_process=True, seed=file) as mockalog:
            catalogs = mockalog.braze.client.get("/catalogs").json()["catalogs"]
            assert [catalog["num_items"] for catalog in catalogs] == [1]
