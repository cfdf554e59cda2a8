"""What is asked of every reader of runs that were left behind."""

import math
from pathlib import Path
from typing import Any

from tests.formats.checking import LATER, expected, figures, told
from workbench.errors import FormatError
from workbench.formats.contract import RunCard, StoreReader


def same(card: RunCard, run: dict[str, Any], lost: str = "") -> None:
    """Hold a card against everything that is expected of it.

    Args:
        card: What was read.
        run: What was logged.
        lost: A metric the tool itself did not write down as it was logged.
    """
    assert card.name == run["name"]
    assert card.status == {"finished": "FINISHED"}[run["status"]]
    assert card.inferred
    assert card.params == run["params"]
    assert card.tags == run["tags"]
    found, wanted = told(card.metrics, run["metrics"]), figures(run["metrics"])
    assert found.keys() == wanted.keys()
    assert {n: found[n] for n in found if n != lost} == {n: wanted[n] for n in found if n != lost}
    assert [artifact.path for artifact in card.artifacts] == run["artifacts"]
    assert bool(card.faults) == (lost in found and found[lost]["last"] == 0)


def runs_of(name: str) -> dict[str, dict[str, Any]]:
    """Return the expected runs of a specimen by name."""
    return {run["name"]: run for run in expected(name)["runs"]}


def agree(reader: StoreReader, root: Path) -> None:
    """Hold the curves of every run of a root against their summaries."""
    for key in reader.survey(root, None).refs:
        card = reader.read(root, key, b"", LATER).card
        curves = reader.points(root, key, None, None)
        assert curves.points.keys() == card.metrics.keys()
        for name, points in curves.points.items():
            summary = card.metrics[name]
            assert len(points.steps) == len(points.times) == len(points.values) == summary.count
            assert repr(points.values[-1]) == repr(summary.last)
            assert points.steps[0] == summary.first_step
            real = [value for value in points.values if not math.isnan(value)]
            assert repr(max(real)) == repr(summary.max)
        again = reader.points(root, key, None, curves.progress)
        assert (again.points, again.restarted) == ({}, False)


def prefixes(reader: StoreReader, root: Path, truth: dict[str, Any], *, key: str = ".") -> None:
    """Hold a damaged run against the true one: less of it, or refused, or with a fault."""
    try:
        card = reader.read(root, key, b"", LATER).card
        points = reader.points(root, key, None, None).points
    except (FormatError, OSError):
        return
    if card.faults:
        return
    for name, found in points.items():
        whole = truth[name]
        assert repr(found.values) == repr(whole.values[: len(found.values)])
        assert repr(found.steps) == repr(whole.steps[: len(found.steps)])
