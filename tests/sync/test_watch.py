"""A watch finds what other threads and programs write, and ends when it is told to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import workbench
from tests.building import write_run, write_workspace
from tests.registry_building import draft, register, write_journal
from tests.waiting import wait_for
from workbench.catalogue.cards import cards
from workbench.catalogue.finding import every
from workbench.clock import SYSTEM, FixedClock
from workbench.errors import NotAllowedError
from workbench.operations import views
from workbench.operations.edits import edit
from workbench.operations.registry.listing import models
from workbench.operations.session import Session, open_session
from workbench.registry.event import PROMOTED
from workbench.sync.sweep import Changes, Sweeper
from workbench.sync.watch import _MOST_WATCHES, Watch, _folders


class Heard:
    """What a watch told."""

    def __init__(self) -> None:
        self.changes: list[Changes] = []
        self.errors: list[Exception] = []


Start = Callable[[Session], tuple[Watch, Heard]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty workspace."""
    return write_workspace(tmp_path / "w")


@pytest.fixture
def watching(request: pytest.FixtureRequest) -> Iterator[Start]:
    """Watch a session until the test is over; ``local`` by the test's parameter, else true."""
    local = getattr(request, "param", True)
    with ExitStack() as stack:

        def start(session: Session) -> tuple[Watch, Heard]:
            heard = Heard()
            watch = Watch(
                session.sweeper, heard.changes.append, heard.errors.append, SYSTEM, local=local
            )
            watch.start()
            stack.callback(watch.stop)
            wait_for(watch.ready.is_set)
            return watch, heard

        yield start


def names(session: Session) -> dict[str, str]:
    """Return names and states of all runs."""
    found = cards(session.catalogue, every(session.catalogue))
    return {record.name: record.status for record in found}


def test_a_run_arrives_while_a_script_writes_it(root: Path, watching: Start) -> None:
    """It is told as new, then as changed, and stands there with its end."""
    with open_session(root, in_memory=True) as session:
        watch, heard = watching(session)
        assert watch.status == "watching"
        assert heard.changes[0].initial

        def script() -> None:
            with workbench.start_run("live", "one", workspace=root, capture=False) as run:
                wait_for(lambda: names(session).get("one") == "RUNNING")
                run.log({"loss": 0.5}, step=0)
                wait_for(lambda: "loss" in cards(session.catalogue, [1])[0].metrics)

        writer = threading.Thread(target=script)
        writer.start()
        wait_for(lambda: names(session).get("one") == "FINISHED")
        writer.join()
        wait_for(lambda: any(1 in change.changed for change in heard.changes))
        assert [change.new for change in heard.changes if change.new] == [frozenset({1})]
        assert heard.errors == []


def test_an_edit_by_somebody_else_is_told(root: Path, watching: Start) -> None:
    """Another person's new name stands in the table without a key being pressed."""
    run = write_run(root)
    with open_session(root, in_memory=True) as session, open_session(root, in_memory=True) as other:
        _, heard = watching(session)
        edit(other, [run.run_id], {"name": "theirs"})
        wait_for(lambda: "theirs" in names(session))
        wait_for(lambda: any(change.edits for change in heard.changes))


@pytest.mark.parametrize("watching", [False], indirect=True)
def test_a_network_drive_is_polled_and_says_when(
    root: Path, watching: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No event comes from it: the next look is by time, or at once when asked for."""
    monkeypatch.setattr("workbench.sync.watch._FOCUSED_EVERY", 3600.0)
    with open_session(root, in_memory=True) as session:
        watch, _ = watching(session)
        watch.swept_at = 1_795_000_000.0
        assert watch.status == "polled 11:06:40"
        write_run(root, name="far")
        watch.look_now()
        wait_for(lambda: "far" in names(session))


def test_reading_that_was_cancelled_goes_on_when_asked(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelling leaves the rest unread, and looking again reads it."""
    monkeypatch.setattr("workbench.sync.sweep._BATCH", 1)
    for number in range(4):
        write_run(root, number=number, name=f"run-{number}")
    with open_session(root, in_memory=True) as session:
        told: list[tuple[int, int]] = []

        def progress(done: int, waiting: int) -> bool:
            told.append((done, waiting))
            return len(told) != 2

        watch = Watch(
            session.sweeper, lambda _: None, lambda _: None, SYSTEM, local=True, progress=progress
        )
        watch.start()
        wait_for(watch.ready.is_set)
        assert set(names(session)) == {"run-3", "run-2"}
        watch.look_now()
        wait_for(lambda: len(names(session)) == 4)
        watch.stop()
        assert told == [(1, 3), (2, 2), (1, 1), (2, 0)]


def test_a_person_who_looks_is_polled_for_more_often() -> None:
    """A network drive is asked every two seconds while somebody looks, else every fifteen."""
    watch = Watch(_no_sweeper, lambda _: None, lambda _: None, FixedClock(), local=False)
    assert watch._pause() == 2
    watch.set_focus(focused=False)
    assert watch._pause() == 15
    near = Watch(_no_sweeper, lambda _: None, lambda _: None, FixedClock(), local=True)
    near.set_focus(focused=False)
    assert near._pause() == 0.5


def _no_sweeper() -> Sweeper:
    raise PermissionError(13, "Permission denied")


def test_what_cannot_be_watched_says_so() -> None:
    """An error before the first look is told once; the status does not claim to watch."""
    told: list[Exception] = []
    watch = Watch(_no_sweeper, lambda _: None, told.append, FixedClock(), local=True)
    assert watch.status == "reading"
    watch.start()
    wait_for(lambda: watch.status == "not watching")
    watch.stop()
    assert [str(error) for error in told] == ["[Errno 13] Permission denied"]


def test_a_sweep_that_fails_is_told_and_the_next_one_counts(
    root: Path, watching: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A drive that is away for a moment does not end the watch."""
    with open_session(root, in_memory=True) as session:
        watch, heard = watching(session)
        sweep, away = Sweeper.sweep, [True]

        def failing(self: Sweeper, *args: object) -> Changes:
            if away[0]:
                raise OSError(5, "away")
            return sweep(self, *args)  # type: ignore[arg-type]

        monkeypatch.setattr(Sweeper, "sweep", failing)
        watch.look_now()
        wait_for(lambda: heard.errors)
        away[0] = False
        write_run(root, name="back")
        wait_for(lambda: "back" in names(session))


def test_closing_a_session_ends_its_watch(root: Path) -> None:
    """No thread is left behind, and the catalogue is free."""
    before = set(threading.enumerate())
    with open_session(root) as session:
        watch = session.watch(lambda _: None, lambda _: None)
        wait_for(watch.ready.is_set)
        assert any(t.name == "workbench-watch" for t in threading.enumerate())
    wait_for(lambda: set(threading.enumerate()) <= before)
    with open_session(root) as again:
        assert again.catalogue.path is not None
        assert again.catalogue.path.name == "catalogue-0.duckdb"


def test_a_folder_that_is_away_keeps_its_runs_and_comes_back(tmp_path: Path) -> None:
    """A drive that is unplugged takes no run off the screen, and nothing is made in its place."""
    root = write_workspace(tmp_path / "w")
    write_run(root, number=1)
    with open_session(root, in_memory=True) as session:
        watch = session.watch(lambda _: None, _raise)
        wait_for(watch.ready.is_set)
        (tmp_path / "w").rename(tmp_path / "elsewhere")
        watch.look_now()
        wait_for(lambda: watch.status.startswith("away since"))
        assert len(every(session.catalogue)) == 1
        with pytest.raises(NotAllowedError, match="not there now"):
            edit(session, ["x"], {"name": "new"})
        with pytest.raises(NotAllowedError, match="not there now"):
            views.save(session, "mine", views.View())
        assert not root.exists()
        (tmp_path / "elsewhere").rename(root)
        write_run(root, number=2)
        watch.look_now()
        wait_for(lambda: len(every(session.catalogue)) == 2)


def _raise(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("watching", [True, False], indirect=True, ids=["local", "network"])
def test_an_event_by_somebody_else_is_told(
    root: Path, watching: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's promotion is told with the model's name, wherever the folder is."""
    monkeypatch.setattr("workbench.sync.watch._FOCUSED_EVERY", 0.05)
    before = write_journal(root, "churn", [register("churn", 1, 1)])
    with open_session(root, in_memory=True) as session:
        watch, heard = watching(session)
        wait_for(watch.ready.is_set)
        write_journal(
            root, "churn", [draft(PROMOTED, 2, version=1, stage="production")], after=before
        )
        wait_for(lambda: any(one.models == {"churn"} for one in heard.changes if not one.initial))
        assert [one.champion for one in models(session)] == [1]


def test_watches_are_few_however_many_models_there_are(root: Path) -> None:
    """Models share the watches with runs: the registry, and the events of those that moved last."""
    for number in range(100):
        write_journal(root, f"model-{number}", [register(f"model-{number}", 1, number)])
        write_run(root, number=number, experiment=f"experiment-{number}")
    with open_session(root, in_memory=True) as session:
        session.sweep()
        found = _folders(session.sweeper())
    assert len(found) == _MOST_WATCHES
    assert root / "registry" in found
    assert root / "registry/model-99/events" in found
    assert root / "registry/model-0/events" not in found
    assert len([one for one in found if one.parent == root / "runs"]) > 40
