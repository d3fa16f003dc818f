"""The report: an aligned table for people, JSON for everything else."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from benchmarks.measure import Series
from benchmarks.server import PROGRAMS

HEADINGS = ("measurement", "unit", *(program.name for program in PROGRAMS), "ratio", "target")


def machine() -> dict[str, Any]:
    """Return the machine and the versions, on which the figures depend."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
    }


def table(series: Sequence[Series]) -> str:
    """Return the medians of all series: texts to the left, figures to the right."""
    rows = [HEADINGS, *(cells(one) for one in series)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(line(row, widths) for row in rows)


def cells(series: Series) -> tuple[str, ...]:
    """Return a series as one row's cells."""
    medians = (f"{series.median(program.name):,.0f}" for program in PROGRAMS)
    return (series.name, series.unit, *medians, f"{series.ratio():.2f}", verdict(series))


def verdict(series: Series) -> str:
    """Return the target with whether it is met; nothing for a row without one."""
    if series.target is None:
        return ""
    met = "met" if series.target.is_met(series.ratio()) else "MISSED"
    return f"{series.target.at} {series.target.bound}  {met}"


def line(row: Sequence[str], widths: Sequence[int]) -> str:
    """Return one row, its cells as wide as their columns."""
    texts = (0, 1, len(row) - 1)
    aligned = (
        cell.ljust(width) if column in texts else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(aligned).rstrip()


def raw(series: Sequence[Series], about: dict[str, Any]) -> str:
    """Return every figure of every round as JSON."""
    rows = [{**asdict(one), "ratio": one.ratio()} for one in series]
    return json.dumps({**about, "series": rows}, indent=2, ensure_ascii=False) + "\n"
