"""What the runs screen remembers, as values: the view, the marks, what is new."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from workbench.charts.palette import letters
from workbench.operations.views import View


class Mark(NamedTuple):
    """A marked run."""

    run_id: str
    run: int
    letter: str


def toggled(view: View, run_id: str) -> View:
    """Return the view with a run marked, or not any more."""
    if run_id in view.marks:
        return replace(view, marks=tuple(mark for mark in view.marks if mark != run_id))
    return replace(view, marks=(*view.marks, run_id))


def marks_of(view: View, numbers: Mapping[str, int]) -> tuple[Mark, ...]:
    """Return the marks of runs that are still there, lettered in the order of marking."""
    there = [run_id for run_id in view.marks if run_id in numbers]
    return tuple(
        Mark(run_id, numbers[run_id], letter)
        for run_id, letter in zip(there, letters(len(there)), strict=True)
    )
