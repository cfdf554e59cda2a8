"""DVCLive itself, writing two runs into one folder while it is looked at."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.libraries import started
from tests.waiting import wait_for
from workbench.catalogue.cards import cards
from workbench.catalogue.finding import every
from workbench.operations.session import Session, open_session

SCRIPT = """
import sys
from dvclive import Live

with Live("dvclive", save_dvc_exp=False, report=None) as live:
    live.log_params({"lr": LR, "nested": {"depth": 3}})
    for step in range(STEPS):
        live.log_metric("train/loss", LR / (step + 1))
        live.log_metric("accuracy", float("nan") if step == 1 else 1 - LR / (step + 1))
        live.next_step()
        print("step", step, flush=True)
        sys.stdin.readline()
    live.summary["best"] = LR
"""


def script(rate: float, steps: int) -> str:
    """Return a script that logs a step for each line it is told."""
    return SCRIPT.replace("LR", str(rate)).replace("STEPS", str(steps))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """Return a session on a folder that is only looked at."""
    with open_session(tmp_path) as opened:
        yield opened


def losses(session: Session) -> dict[str, list[float]]:
    """Look, and return the curve of every run by its id."""
    session.sweeper().set_sources(session.sources())
    session.sweep()
    found = cards(session.catalogue, every(session.catalogue))
    curves = session.curves()
    return {card.run_id: list(curves.series(card.run, "train/loss").values) for card in found}


def stepped(process: subprocess.Popen[str]) -> None:
    """Let the script log its next step, and wait until it has."""
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()


def said(process: subprocess.Popen[str], step: int) -> None:
    """Wait until the script has logged a step."""
    assert process.stdout
    for line in process.stdout:
        if line.strip() == f"step {step}":
            return
    pytest.fail("the script ended")


def test_two_runs_in_a_row_in_one_folder_are_both_there(session: Session, tmp_path: Path) -> None:
    """The first is followed live, then kept under its id with its whole curve."""
    process = started("dvclive", script(0.5, 3), tmp_path)
    said(process, 0)
    ((first, curve),) = losses(session).items()
    assert curve == [0.5]
    stepped(process)
    said(process, 1)
    assert losses(session) == {first: [0.5, 0.25]}
    stepped(process)
    said(process, 2)
    stepped(process)
    process.communicate(timeout=60)
    assert losses(session) == {first: [0.5, 0.25, 0.5 / 3]}

    process = started("dvclive", script(2.0, 2), tmp_path)
    said(process, 0)
    found = losses(session)
    assert found.pop(first) == [0.5, 0.25, 0.5 / 3]
    ((second, curve),) = found.items()
    assert curve == [2.0]
    stepped(process)
    said(process, 1)
    stepped(process)
    process.communicate(timeout=60)
    assert losses(session) == {first: [0.5, 0.25, 0.5 / 3], second: [2.0, 1.0]}
    found_cards = {c.run_id: c for c in cards(session.catalogue, every(session.catalogue))}
    assert found_cards[first].params["nested.depth"] == 3
    assert found_cards[first].metrics["best"].last == 0.5
    assert found_cards[second].metrics["best"].last == 2.0
    assert found_cards[first].metrics["accuracy"].nans == 1


def test_a_watched_folder_follows_every_step_and_loses_no_run(
    session: Session, tmp_path: Path
) -> None:
    """What keeps a screen up to date sees each value, the end of a run and the next one."""
    errors: list[Exception] = []
    session.watch(lambda _: None, errors.append)

    def seen() -> list[list[float]]:
        found = cards(session.catalogue, every(session.catalogue))
        curves = session.curves()
        return sorted(list(curves.series(one.run, "train/loss").values) for one in found)

    def look(wanted: list[list[float]]) -> None:
        assert session._watch is not None
        session._watch.look_now()
        wait_for(lambda: seen() == wanted)

    process = started("dvclive", script(0.5, 2), tmp_path)
    said(process, 0)
    look([[0.5]])
    stepped(process)
    wait_for(lambda: seen() == [[0.5, 0.25]])
    said(process, 1)
    stepped(process)
    process.communicate(timeout=60)
    process = started("dvclive", script(2.0, 2), tmp_path)
    said(process, 0)
    wait_for(lambda: seen() == [[0.5, 0.25], [2.0]])
    stepped(process)
    wait_for(lambda: seen() == [[0.5, 0.25], [2.0, 1.0]])
    stepped(process)
    process.communicate(timeout=60)
    assert errors == []
