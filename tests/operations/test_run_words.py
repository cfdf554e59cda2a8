"""How far a run is known is told in one wording, and truly."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.formats.checking import LATER, SPECIMENS
from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.finding import every
from workbench.cli.main import program
from workbench.clock import FixedClock
from workbench.operations.run_words import conclusion, limits, no_metric
from workbench.operations.session import open_session
from workbench.tui.run.overview import known_lines
from workbench.tui.runs.overview import overview_lines


@contextmanager
def runs_in(folder: Path) -> Iterator[tuple[RunRecord, ...]]:
    """Open a folder long after its runs ended."""
    with open_session(folder, clock=FixedClock(LATER), in_memory=True) as session:
        session.sweep()
        yield tuple(cards(session.catalogue, every(session.catalogue)))


@pytest.mark.parametrize(
    ("specimen", "reason"),
    [
        ("hf_trainer", "steps in "),
        ("ultralytics", "epochs in results.csv"),
        ("sklearn_cv", "its scores, none of them NaN"),
        ("sklearn_cv", "a score that is NaN"),
        ("comet_offline", "its archive"),
        ("clearml_offline", "its archive"),
        ("lightning", "the run did not say how it ended, and its files do not tell"),
    ],
)
def test_a_conclusion_says_from_what(specimen: str, reason: str) -> None:
    """A reader that counts steps or looks at scores is not said to have looked at a clock."""
    with runs_in(SPECIMENS / specimen) as found:
        said = [conclusion(run) for run in found]
    assert any(reason in one for one in said)
    assert not any("the times of its files" in one for one in said)


def test_what_a_run_said_itself_is_no_conclusion() -> None:
    """Runs of wandb that ended say so; the one that was killed is concluded from its files."""
    with runs_in(SPECIMENS / "wandb_offline") as found:
        ended = [run for run in found if not run.inferred]
        killed = [run for run in found if run.inferred]
    assert ended
    assert all(conclusion(run) == "" for run in ended)
    assert [conclusion(run) for run in killed] == [
        "concluded from the times of its files; the run did not say so"
    ] * len(killed)
    assert killed
    assert all("32 KiB" in " ".join(limits(run)) for run in killed)
    assert "32 KiB" in no_metric(killed[0])
    assert no_metric(ended[0]) == "This run has logged no metric yet."


def test_the_page_the_pane_and_the_command_line_say_the_same() -> None:
    """On a narrow screen the sentence goes on in the next line and loses nothing."""
    with runs_in(SPECIMENS / "hf_trainer") as found:
        run = next(one for one in found if "steps in " in conclusion(one))
    sentences = [f"~ {conclusion(run)}", *limits(run)]
    for width in (40, 90):
        page = "".join(cell.text for line in known_lines(run, width) for cell in line)
        assert page == "".join(sentences)
        pane = "".join(cell.text for line in overview_lines(run, LATER, width) for cell in line)
        assert page in pane
    shown = CliRunner().invoke(program, ["show", run.run_id, "-w", str(SPECIMENS / "hf_trainer")])
    for sentence in sentences:
        assert f"  {sentence}\n" in shown.output


def test_dates_that_tell_of_no_time_are_no_duration(tmp_path: Path) -> None:
    """A folder that was copied at once has runs that took unknown time, not none."""
    folder = tmp_path / "logs" / "version_0"
    folder.mkdir(parents=True)
    (folder / "metrics.csv").write_text("epoch,step,loss\n0,1,0.5\n", "utf-8")
    (folder / "hparams.yaml").write_text("lr: 0.1\n", "utf-8")
    with runs_in(tmp_path) as (run,):
        assert run.started is not None
        assert run.duration is None


def test_what_has_no_times_says_nothing_of_them() -> None:
    """A search of scikit-learn has none: no age and no duration, known or not."""
    with runs_in(SPECIMENS / "sklearn_cv") as found:
        lines = overview_lines(found[0], LATER, 60)
    assert "ago" not in "".join(cell.text for cell in lines[1])
    assert "—" not in "".join(cell.text for cell in lines[1])
