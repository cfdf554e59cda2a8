"""A saved view as a note that can be read anywhere."""

import re

import pytest

from tests.building import BEGIN, run_id, write_run
from workbench.catalogue.query import Column
from workbench.clock import FixedClock
from workbench.errors import NotFoundError
from workbench.operations import views
from workbench.operations.report import report
from workbench.operations.session import open_session
from workbench.operations.views import View


@pytest.fixture
def session(tmp_path):
    """Three runs in a workspace."""
    root = tmp_path / "ws"
    for number in (1, 2, 3):
        write_run(root, number=number, name=f"run-{number}", params={"lr": number / 10},
                  metrics=[(step, BEGIN + step, {"loss": number / (step + 1), "val/auc": step / 20})
                           for step in range(20)],
                  git={"commit": "9f3c" * 10, "folder": "."},
                  invocation=["python", "train.py", "--lr", str(number / 10)])  # fmt: skip
    opened = open_session(root, clock=FixedClock(BEGIN + 1000))
    opened.sweep()
    yield opened
    opened.close()


def noted(session, **view) -> str:
    """Return the note about a view saved under the name ``weekly``."""
    views.save(session, "weekly", View(**view))
    return "\n".join(report(session, "weekly"))


def test_a_note_holds_tables_plots_ids_and_commands(session):
    """Who reads it next year needs nothing else to find the runs and run them again."""
    text = noted(session, marks=(run_id(1), run_id(2)), metric="val/auc")
    assert text.startswith("# weekly\n")
    for words in ("## What differs", "lr=0.1", "## Charts", "val/auc",
                  "## How does lr=0.2 differ from lr=0.1?", "## Run again", run_id(1), run_id(2),
                  "python train.py --lr 0.1"):  # fmt: skip
        assert words in text
    assert run_id(3) not in text


def test_every_run_has_a_folder_of_its_own(session):
    """Who types the commands of two runs, one after the other, does not meet the first again."""
    text = noted(session, marks=(run_id(1), run_id(2)))
    for number in (1, 2):
        assert f"git worktree add --detach again-{run_id(number)[-6:]} " in text


def test_the_chart_is_the_one_of_the_view(session):
    """A view of a scatter reports the scatter, with its rank correlation."""
    text = noted(session, marks=(run_id(1), run_id(2)), plot="scatter", metric="loss")
    assert "ρ" in text


def test_the_groups_of_a_view_are_drawn_as_their_means(session):
    """A view of seeds says the mean and of how many runs it is, not a curve for each run."""
    text = noted(session, group=(Column("attribute", "experiment"),), metric="loss")
    assert "loss, mean ± std" in text
    assert "(n=3)" in text


def test_a_chart_of_many_runs_says_of_which(session):
    """The runs compared above it are not the ones in it: its filter stands over it."""
    marks = run_id(2), run_id(3)
    text = noted(session, marks=marks, plot="scatter", metric="loss", filter="lr > 0.15")
    assert "Of 2 runs that match: lr > 0.15\n" in text


def test_without_marks_it_is_about_what_the_view_lists(session):
    """A filter chooses as on the screen."""
    text = noted(session, filter="lr > 0.15")
    assert run_id(1) not in text
    assert run_id(2) in text
    assert "`lr > 0.15`" in text


def test_marked_runs_that_are_gone_are_said(session):
    """The rest is reported, and the reader knows that somebody is missing."""
    assert "1 marked run no longer there" in noted(session, marks=(run_id(1), run_id(9)))


def test_an_unknown_name_says_which_there_are(session):
    """One sentence names the views that could be meant."""
    views.save(session, "weekly", View())
    with pytest.raises(NotFoundError, match="no saved view 'monthly'") as caught:
        list(report(session, "monthly"))
    assert "'weekly'" in caught.value.hint


def test_a_view_of_nothing_is_refused(session):
    """Without a single run there is no note to write."""
    with pytest.raises(NotFoundError, match="shows no run"):
        noted(session, marks=(run_id(9),))


def test_a_note_names_no_folder_of_this_machine(session, tmp_path):
    """It is read elsewhere: changes are named from the workspace on."""
    for number in (1, 2):
        folder = next((tmp_path / "ws").glob(f"runs/*/{run_id(number)}"))
        (folder / "source.diff").write_text("--- a/x\n+++ b/x\n@@ -1 +1 @@\n-1\n+2\n", "utf-8")
    text = noted(session, marks=(run_id(1), run_id(2)))
    assert '"$WORKBENCH_WORKSPACE"/runs/' in text
    assert str(tmp_path) not in text


def test_hostile_names_stay_text(session, tmp_path):
    """Nothing a run is called breaks out of the note."""
    write_run(tmp_path / "ws", number=4, name="```\n# x\x1b[2J| <b>", params={"lr": 9})
    session.sweep()
    text = noted(session, marks=(run_id(1), run_id(4)))
    assert "\x1b" not in text
    assert "\n# x" not in text
    prose = re.sub(r"(?ms)^(`{3,}).*?^\1$", "", text)
    assert "<b>" not in prose
