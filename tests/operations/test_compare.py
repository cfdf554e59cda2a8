"""Comparing: what is gathered of runs, and what is said of what is missing."""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from shutil import rmtree

import pytest

from tests.building import BEGIN, Built, run_id, write_run
from workbench.catalogue.cards import cards
from workbench.catalogue.finding import every
from workbench.clock import FixedClock
from workbench.errors import UsageError
from workbench.operations.compare import Comparison, compare
from workbench.operations.compared_text import texts
from workbench.operations.labels import labels
from workbench.operations.session import Session, open_session
from workbench.runs.comparing import MISSING
from workbench.tui.compare.rows import lay_out, page_of
from workbench.tui.compare.state import Choices


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Three runs that differ in params, metrics, packages and data."""
    root = tmp_path / "ws"
    for number, (lr, loss, pandas) in enumerate([(0.1, 0.5, "3.0"), (0.2, 0.4, "3.1"),
                                                 (0.1, math.nan, "3.1")]):  # fmt: skip
        used = {"time": BEGIN, "kind": "dataset", "name": "census", "role": "train",
                "hash": f"h{number % 2}", "rows": 100}  # fmt: skip
        built = write_run(
            root, number=number, name=f"gbm-{number}", params={"lr": lr, "model": {"depth": 4}},
            metrics=[(step, BEGIN + step, {"loss": loss + (9 - step)}) for step in range(0, 10, 3)],
            updates=[{"time": BEGIN, "kind": "rule", "metric": "loss", "goal": "min"}, used],
        )  # fmt: skip
        surround(built, pandas=pandas, polars="2.1")
    return root


def surround(run: Built, **packages: str) -> None:
    """Record an environment with these packages."""
    fields = {"format": 1, "python": "3.11.7", "memory_mb": 16_000, "packages": packages}
    (run.folder / "environment.json").write_text(json.dumps(fields), "utf-8")


@pytest.fixture
def session(workspace: Path) -> Iterator[Session]:
    """The workspace, read."""
    with open_session(workspace, in_memory=True) as opened:
        opened.sweep()
        yield opened


def values(found: Comparison, name: str) -> tuple[object, ...]:
    """Return the values of the fact ``section.name``."""
    return next(fact.values for fact in found.facts if f"{fact.section}.{fact.name}" == name)


def ids(*numbers: int) -> list[str]:
    """Return the ids of these runs."""
    return [run_id(number) for number in numbers]


def test_every_section_is_gathered(session: Session) -> None:
    """Attributes, params, metrics, tags, code, machine, packages and data stand side by side."""
    found = compare(session, ids(0, 1, 2))
    assert values(found, "run.status") == ("finished",) * 3
    assert values(found, "run.duration") == (60.0,) * 3
    assert values(found, "params.lr") == (0.1, 0.2, 0.1)
    assert values(found, "metrics.loss")[:2] == (0.5, 0.4)
    assert values(found, "tags.team") == ("risk",) * 3
    assert values(found, "code.commit") == ("9f3c",) * 3
    assert values(found, "environment.python") == ("3.11.7",) * 3
    assert values(found, "packages.pandas") == ("3.0", "3.1", "3.1")
    assert values(found, "datasets.census/train/hash") == ("h0", "h1", "h0")
    assert found.goals == {"loss": "min"}
    assert found.metrics == ("loss",)
    assert [(one.letter, one.run_id) for one in found.runs] == list(
        zip("abc", ids(0, 1, 2), strict=True)
    )


def test_runs_are_ordered_and_the_baseline_goes_along(session: Session) -> None:
    """Sorting moves runs, values and baseline together; letters stay; NaN stands last."""
    for descending, expected in ((False, (1, 0, 2)), (True, (0, 1, 2))):
        found = compare(session, ids(2, 0, 1), baseline=run_id(0), sort=("loss", descending))
        assert [one.run_id for one in found.runs] == ids(*expected)
        assert values(found, "params.lr") == tuple(0.2 if n == 1 else 0.1 for n in expected)
        assert found.baseline is not None
        assert found.runs[found.baseline].run_id == run_id(0)
        assert {one.run_id: one.letter for one in found.runs}[run_id(2)] == "a"
    with pytest.raises(UsageError, match="nothing"):
        compare(session, ids(0, 1), sort=("nothing", True))


def test_a_baseline_that_was_not_named_is_compared_too(session: Session) -> None:
    """Deltas need their run beside them."""
    found = compare(session, ids(0, 1), baseline=run_id(2))
    assert [one.run_id for one in found.runs] == ids(0, 1, 2)
    assert found.baseline == 2


def test_metrics_at_a_step_are_what_was_known_then(session: Session) -> None:
    """The value at or before the step counts, and before the first point there is none."""
    assert values(compare(session, ids(0, 1), at=5), "metrics.loss") == (6.5, 6.4)
    assert values(compare(session, ids(0, 1), at=1e9), "metrics.loss") == (0.5, 0.4)
    before = compare(session, ids(0, 1), at=-1)
    assert not [fact for fact in before.facts if fact.section == "metrics"]


def test_a_run_that_ended_before_the_step_says_which_step_its_value_is_of(
    workspace: Path,
) -> None:
    """A value between two points is of the step asked for; the order of runs takes steps along."""
    short = [(step, BEGIN + step, {"loss": 0.1}) for step in range(3)]
    write_run(workspace, number=5, name="short", metrics=short)
    with open_session(workspace, in_memory=True) as session:
        session.sweep()

        def steps(at: float, **asked: object) -> tuple[float | None, ...]:
            found = compare(session, ids(0, 5), at=at, **asked)
            return next(one.steps for one in found.facts if one.name == "loss")

        assert steps(2) == ()
        assert steps(5) == (None, 2.0)
        assert steps(5, sort=("loss", False)) == (2.0, None)
        assert steps(20) == (9.0, 2.0)


def test_runs_that_are_gone_are_said_and_the_rest_compared(
    workspace: Path, session: Session
) -> None:
    """An id of nothing, and a run deleted since, each cost a sentence and no more."""
    rmtree(next((workspace / "runs").glob(f"*/{run_id(1)}")))
    session.sweep()
    found = compare(session, ids(0, 1, 2), baseline="nobody")
    assert [one.run_id for one in found.runs] == ids(0, 2)
    assert found.baseline is None
    assert f"2 runs are no longer here: {run_id(1)}, nobody." in found.said
    known = compare(session, ids(0, 1, 2), baseline="nobody", called={run_id(1): "b lr=0.01"})
    assert f"2 runs are no longer here: b lr=0.01 ({run_id(1)}), nobody." in known.said
    assert [one.letter for one in found.runs] == ["a", "c"]
    with pytest.raises(UsageError):
        compare(session, ["nobody"])


def test_what_a_run_does_not_have_is_said(workspace: Path) -> None:
    """Runs without git, steps, curve, params, packages or common metrics still stand there."""
    write_run(workspace, number=5, name="bare", params={}, git=None, metrics=[])
    write_run(workspace, number=6, name="stepless", metrics=[(None, BEGIN, {"auc": 1.0})])
    with open_session(workspace, in_memory=True) as session:
        session.sweep()
        found = compare(session, ids(0, 5, 6))
        alike = compare(session, ids(5, 5, 6), packages=False)
    assert values(found, "metrics.auc") == (MISSING, MISSING, 1.0)
    assert values(found, "code.commit")[1] is MISSING
    for sentence in (
        "No metric is in all of the runs that have any.",
        "No metric was logged by bare.",
        "No steps were given by stepless.",
        "A single point of each metric, and so no curve, was logged by stepless.",
        "No params were logged by bare.",
        "No git commit is known of bare.",
        "No packages were recorded by bare, stepless.",
    ):
        assert sentence in found.said
    assert len(alike.runs) == 2
    assert not [text for text in alike.said if "packages" in text]


def test_a_broken_environment_hides_no_run(workspace: Path) -> None:
    """What cannot be read counts as not recorded; a file written anew is read anew."""
    file = next((workspace / "runs").glob(f"*/{run_id(0)}")) / "environment.json"
    for text, shown in (("{", MISSING), ("[]", MISSING), ('{"packages":{"pandas":"9"}}', "9")):
        file.write_text(text, "utf-8")
        with open_session(workspace, in_memory=True) as session:
            session.sweep()
            assert values(compare(session, ids(0, 1)), "packages.pandas")[0] == shown


def test_labels_say_what_differs(session: Session) -> None:
    """Legends and columns call a run by the same words."""
    found = compare(session, ids(0, 1))
    assert [one.label for one in found.runs] == ["lr=0.1", "lr=0.2"]
    assert labels(session, [one.run for one in found.runs]) == {
        one.run: one.label for one in found.runs
    }
    everyone = [one.run for one in compare(session, ids(0, 1, 2)).runs]
    assert list(labels(session, everyone).values()) == ["gbm-0", "lr=0.2", "gbm-2"]
    assert labels(session, everyone[:1]) == {everyone[0]: "gbm-0"}
    assert labels(session, [10**6]) == {}


def test_metrics_of_the_machine_come_last_on_every_road(tmp_path: Path) -> None:
    """In the table that is exported too, what a model reached stands first."""
    for number in range(2):
        values = {"system/cpu": 1.0 + number, "val/auc": 0.5 + number}
        write_run(tmp_path, number=number, metrics=[(0, BEGIN, values)])
    with open_session(tmp_path, clock=FixedClock(), in_memory=True) as session:
        session.sweep()
        rows = texts(compare(session, ids(0, 1)), equal=True).rows
    assert [row.label for row in rows if row.fact and row.fact.section == "metrics"] == [
        "val/auc ↑", "system/cpu",
    ]  # fmt: skip


def test_runs_of_several_tools_are_told_apart_by_name_and_tool(tmp_path: Path) -> None:
    """Their params are called differently: that one has no ``epochs`` says nothing of it."""
    for number, (tool, params) in enumerate([("keras", "epochs: 4\n"), ("lightning", "lr: 0.1\n")]):
        folder = tmp_path / f"try-{number}"
        folder.mkdir()
        if tool == "keras":
            (folder / "training.log").write_text("epoch,loss\n0,0.5\n1,0.4\n", "utf-8")
            (folder / "config.yaml").write_text(params, "utf-8")
        else:
            (folder / "metrics.csv").write_text("epoch,step,loss\n0,1,0.5\n", "utf-8")
            (folder / "hparams.yaml").write_text(params, "utf-8")
    with open_session(tmp_path, in_memory=True) as opened:
        opened.sweep()
        runs = cards(opened.catalogue, every(opened.catalogue))
        found = compare(opened, [run.run_id for run in runs])
    assert sorted(one.label for one in found.runs) == ["try-0 (keras)", "try-1 (lightning)"]
    assert sorted(map(str, values(found, "run.format"))) == ["keras", "lightning"]
    page = lay_out(found, Choices(equal=True, width=100, height=20), 1)
    (shown,) = [row for row in page_of(page, 0, len(page.lines)).rows
                if any("~" in cell.text for cell in row.cells)]  # fmt: skip
    assert [cell.text.strip()[-1] for cell in shown.cells[-2:]] == ["~", "~"]
