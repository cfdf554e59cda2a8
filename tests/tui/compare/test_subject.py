"""What the charts of a comparison are about: groups with letters and names of their own."""

from pathlib import Path

import pytest

from tests.building import BEGIN, run_id, write_run, write_workspace
from tests.tui.compare.builders import opened
from workbench.catalogue.query import SEEDS, Column
from workbench.operations.compare import compare
from workbench.tui.chart_settings import Subject
from workbench.tui.compare.subject import subject_of

LR = Column("param", "lr")


def subject(root: Path, *params: dict[str, float], group: tuple[Column, ...] = (SEEDS,)) -> Subject:
    """Return what the charts are about when runs with these params are grouped."""
    write_workspace(root)
    for number, one in enumerate(params):
        metrics = [(0, BEGIN, {"loss": 1.0})]
        write_run(root, number=number, name=f"run-{number}", params=one, metrics=metrics)
    ids = [run_id(number) for number in range(len(params))]
    with opened(root) as session:
        return subject_of(compare(session, ids), dict.fromkeys(ids, 0x56B4E9), group=group)


@pytest.mark.parametrize("group", [(SEEDS,), (LR,)])
def test_a_group_is_called_by_what_its_runs_share(
    tmp_path: Path, group: tuple[Column, ...]
) -> None:
    """No seed of one of them is in it, and its letter is not one of theirs."""
    runs = [{"lr": lr, "seed": seed, "depth": 4} for seed in (1, 2) for lr in (0.1, 0.01)]
    found = subject(tmp_path, *runs, group=group)
    assert [one.letter for one in found.lines] == ["a", "b", "c", "d"]
    assert [(one.letter, one.label, len(one.runs)) for one in found.groups] == [
        ("A", "lr=0.1", 2),
        ("B", "lr=0.01", 2),
    ]


def test_seeds_of_one_recipe_are_like_a_run(tmp_path: Path) -> None:
    """Nothing tells a single group from others."""
    found = subject(tmp_path, *({"lr": 0.1, "seed": seed} for seed in (1, 2, 3)))
    assert [(one.letter, one.label) for one in found.groups] == [("A", "like run-0")]
