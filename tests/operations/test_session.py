"""Opening: what a path is, whose files are where, and what is followed."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.building import write_run, write_workspace
from tests.formats.checking import SPECIMENS
from tests.waiting import wait_for
from workbench.catalogue.cards import cards
from workbench.catalogue.faults import faults
from workbench.catalogue.finding import every
from workbench.clock import FixedClock
from workbench.errors import NotFoundError, SettingsError
from workbench.formats.detect import reader_named
from workbench.formats.walking import Limits
from workbench.operations import places, run_detail
from workbench.operations.runs_table import count_matching
from workbench.operations.session import Session, open_session


def run_names(session: Session) -> set[str]:
    """Return the names of all runs."""
    found = cards(session.catalogue, every(session.catalogue))
    return {record.name for record in found}


def test_a_workspace_is_found_from_below(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a path the nearest above the current folder is meant, or the variable's."""
    root = write_workspace(tmp_path / "w")
    (root / "src").mkdir()
    monkeypatch.chdir(root / "src")
    with open_session(in_memory=True) as session:
        assert (session.root, session.title, session.writable) == (root.resolve(), "w", True)
    other = write_workspace(tmp_path / "other")
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(other))
    with open_session(in_memory=True) as session:
        assert session.root == other.resolve()


def test_a_folder_beside_a_script_s_workspace_opens_that(tmp_path: Path) -> None:
    """Where a script was run is where people look."""
    root = write_workspace(tmp_path / "workbench_data")
    with open_session(tmp_path, in_memory=True) as session:
        assert session.root == root.resolve()


def test_what_is_not_there_is_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing folder, a file, and no workspace near are three things."""
    (tmp_path / "file").write_text("", "utf-8")
    for path, said in [(tmp_path / "none", "does not exist"), (tmp_path / "file", "is a file")]:
        with pytest.raises(NotFoundError, match=said):
            open_session(path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(NotFoundError, match="no workspace here") as refusal:
        open_session()
    assert "workbench demo" in refusal.value.hint
    card = write_workspace(tmp_path / "w") / ".workbench/workspace.json"
    card.write_text("{", "utf-8")
    with pytest.raises(SettingsError):
        open_session(tmp_path / "w")


def test_wrong_settings_are_a_fault_and_the_defaults_count(tmp_path: Path) -> None:
    """A slip in a file for people must not hide the runs."""
    root = write_workspace(tmp_path)
    (root / "workbench.toml").write_text("[metrics]\nloss = 3\n", "utf-8")
    write_run(root)
    with open_session(root, in_memory=True) as session:
        session.sweep()
        assert session.settings_fault is not None
        assert run_names(session) == {"baseline"}


def test_a_workspace_under_another_name_opens_unchanged(tmp_path: Path) -> None:
    """Every path in it is relative; the index is made anew, the state is kept."""
    root = write_workspace(tmp_path / "old")
    write_run(root)
    with open_session(root) as session:
        session.sweep()
        state, cache = session.state, session.cache
    moved = root.rename(tmp_path / "new")
    with open_session(moved) as session:
        assert len(session.sweep().new) == 1
        assert session.state == state
        assert session.cache != cache


def test_settings_are_taken_over_while_watching(tmp_path: Path) -> None:
    """A folder to follow and a direction of a metric count as soon as they are written."""
    root = write_workspace(tmp_path / "w")
    write_run(root, number=1, name="mine")
    write_run(tmp_path / "other", number=2, name="theirs")
    with open_session(root, in_memory=True) as session:
        watch = session.watch(lambda _: None, lambda _: None)
        wait_for(watch.ready.is_set)
        assert session.goals == {"loss": "min"}
        (root / "workbench.toml").write_text(
            '[metrics]\nloss = "max"\n[sources]\nfolders = ["../other"]\n', "utf-8"
        )
        watch.look_now()
        wait_for(lambda: run_names(session) == {"mine", "theirs"})
        wait_for(lambda: session.goals == {"loss": "max"})


def test_the_variables_say_where_a_person_s_own_files_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workspaces never share a folder, nor do a workspace and its copy share an index."""
    monkeypatch.setenv(places.CACHE, str(tmp_path / "c"))
    monkeypatch.setenv(places.STATE, str(tmp_path / "s"))
    one, copy = places.cache_folder("id", Path("/a")), places.cache_folder("id", Path("/b"))
    assert one.parent == copy.parent == tmp_path / "c"
    assert one != copy
    assert places.state_folder("id", Path("/a")) == places.state_folder("id", Path("/b"))
    assert places.state_folder("", Path("/a")) != places.state_folder("", Path("/b"))
    assert places.state_folder("x", Path("/a")).parent == tmp_path / "s"


@pytest.mark.parametrize("local", [True, False])
def test_the_index_is_never_on_a_network_drive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, local: bool
) -> None:
    """DuckDB's lock cannot be trusted there: a folder of the machine's own is taken instead."""
    monkeypatch.delenv(places.CACHE)
    monkeypatch.setenv("USER", "ana")
    monkeypatch.delenv("USERNAME", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_path", lambda *_, **__: tmp_path / "not" / "yet")
    asked: list[Path] = []

    def is_local(path: Path) -> bool:
        asked.append(path)
        return local

    monkeypatch.setattr(places, "is_local", is_local)
    folder = places.cache_folder("id", tmp_path).parent
    assert asked == [tmp_path]
    assert folder == tmp_path / "not" / "yet" if local else folder.name == "workbench-ana"


def test_the_time_of_the_disk_is_asked_now_and_then(tmp_path: Path) -> None:
    """A machine whose clock is wrong tells the ages of runs by the file system's."""
    root = write_workspace(tmp_path)
    clock = FixedClock(1000.0)
    with open_session(root, clock=clock, in_memory=True) as session:
        first = session._probe()
        assert first > 1.7e9
        clock.advance(20)
        assert session._probe() == first + 20
        clock.advance(20)
        assert abs(session._probe() - first) < 15
        assert list((root / ".workbench/tmp").iterdir()) == []
    folder = tmp_path / "plain"
    folder.mkdir()
    with open_session(folder, clock=clock, in_memory=True) as session:
        assert session._probe() == clock.now()
        assert list(folder.iterdir()) == []


def test_a_store_that_is_a_file_opens_by_itself(tmp_path: Path) -> None:
    """With the runs in it and no others; beside it nothing is written."""
    shutil.copy(SPECIMENS / "mlflow_sqlite/data/mlflow.db", tmp_path / "mlflow.db")
    (tmp_path / "metrics.csv").write_text("step,loss\n0,1\n", "utf-8")
    with open_session(tmp_path / "mlflow.db", in_memory=True) as session:
        session.sweep()
        found = cards(session.catalogue, every(session.catalogue))
        assert len(found) == 8
        assert {(one.root, one.format, one.reader) for one in found} == {
            ("mlflow.db", "mlflow-sqlite", "mlflow-sqlite")
        }
        assert found[0].path == f"mlflow.db{found[0].key}"
        assert run_detail.folder(session, found[0].run) == tmp_path / "mlflow.db"
        assert run_detail.detail(session, found[0].run).folder == tmp_path / "mlflow.db"
        assert (session.title, session.is_there()) == ("mlflow.db", True)
        assert f"--follow {tmp_path / 'mlflow.db'}" in session.why_not
        assert set(session.sweeper().live_folders()) == {tmp_path}
        assert session.sweeper().run_folders() == [tmp_path]
        (tmp_path / "mlflow.db").unlink()
        assert not session.is_there()
    assert [path.name for path in tmp_path.iterdir()] == ["metrics.csv"]


def test_a_file_of_a_run_opens_its_folder(tmp_path: Path) -> None:
    """The one somebody clicked on; a file beside no run is said to be one."""
    folder = tmp_path / "runs" / "a"
    folder.mkdir(parents=True)
    (folder / "metrics.csv").write_text("step,loss\n0,1\n", "utf-8")
    (tmp_path / "text.txt").write_text("x", "utf-8")
    with open_session(folder / "metrics.csv", in_memory=True) as session:
        session.sweep()
        (one,) = cards(session.catalogue, every(session.catalogue))
        assert (session.root, one.key, one.format, one.reader) == (
            folder, ".", "plain", "folders",
        )  # fmt: skip
    with pytest.raises(NotFoundError, match="there is no run in its folder") as refused:
        open_session(tmp_path / "text.txt", in_memory=True)
    assert "a database of them" in refused.value.hint
    assert "workbench formats" in refused.value.hint


def test_followed_may_be_files_and_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database somewhere, a folder below ~; a home that nobody has is no runs."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    root = write_workspace(tmp_path / "w")
    shutil.copy(SPECIMENS / "mlflow_sqlite/data/mlflow.db", tmp_path / "mlflow.db")
    for name in ("x", "y"):
        (tmp_path / name / "run").mkdir(parents=True)
        (tmp_path / name / "run" / "metrics.csv").write_text("step,loss\n0,1\n", "utf-8")
    (root / "workbench.toml").write_text(
        '[sources]\nfolders = ["../mlflow.db", "~/x", "../y", "~nobody-of-that-name/z"]\n', "utf-8"
    )
    with open_session(root, in_memory=True) as session:
        session.sweep()
        found = cards(session.catalogue, every(session.catalogue))
        assert len(found) == 10
        assert {one.root for one in found} == {"../mlflow.db", (tmp_path / "x").as_posix(), "../y"}
        plain = [one for one in found if one.format == "plain"]
        assert {one.key for one in plain} == {"run"}
        assert len({one.run_id for one in plain}) == 2
        for one in plain:
            assert run_detail.artifact(session, one.run, "metrics.csv").is_file()


def test_runs_are_found_by_the_format_they_are_in(tmp_path: Path) -> None:
    """Not by that of their source, where it holds several."""
    shutil.copytree(SPECIMENS / "lightning/data", tmp_path / "lightning")
    shutil.copy(SPECIMENS / "mlflow_sqlite/data/mlflow.db", tmp_path / "mlflow.db")
    with open_session(tmp_path, in_memory=True) as session:
        session.sweep()
        assert count_matching(session, 'format = "tensorboard+lightning"') == 3
        assert count_matching(session, 'format LIKE "%tensorboard%"') == 3
        assert count_matching(session, 'format = "mlflow-sqlite"') == 7  # and one that was deleted
        assert count_matching(session, 'format = "folders"') == 0


def test_the_first_run_of_a_folder_shows_at_once(tmp_path: Path) -> None:
    """A folder opened before the script began is swept without being looked through anew."""
    (tmp_path / "followed").mkdir()
    root = write_workspace(tmp_path / "w")
    (root / "workbench.toml").write_text('[sources]\nfolders = ["../followed"]\n', "utf-8")
    for opened in (tmp_path / "followed", root):
        with open_session(opened, in_memory=True) as session:
            session.sweep()
            run = tmp_path / "followed" / opened.name
            run.mkdir()
            (run / "metrics.csv").write_text("step,loss\n0,1\n", "utf-8")
            assert len(session.sweep().new) == 1
            (run / "metrics.csv").unlink()


def test_who_asks_once_gets_all_of_a_slow_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look ends before all folders are listed; the next one goes on until all are."""
    for number in range(20):
        (tmp_path / f"run{number}").mkdir()
        (tmp_path / f"run{number}" / "metrics.csv").write_text("step,loss\n0,1\n", "utf-8")
    monkeypatch.setattr(reader_named("folders"), "_limits", Limits(seconds=0.0))
    with open_session(tmp_path, in_memory=True) as session:
        assert len(session.sweep().new) == 20
        assert faults(session.catalogue) == ()


@pytest.mark.parametrize("folders", [("mlruns", "mlflow.db"), ("mlflow.db", "mlruns")])
def test_what_was_migrated_is_read_where_it_goes_on(
    tmp_path: Path, folders: tuple[str, str]
) -> None:
    """The database has MLflow's runs, and the files they came from have not, however named."""
    shutil.copytree(SPECIMENS / "mlflow_file" / "data" / "mlruns", tmp_path / "mlruns")
    shutil.copyfile(SPECIMENS / "mlflow_sqlite" / "data" / "mlflow.db", tmp_path / "mlflow.db")
    same = next(tmp_path.glob("mlruns/1*/*/meta.yaml")).parent.name
    with sqlite3.connect(tmp_path / "mlflow.db") as connection:
        (moved,) = connection.execute("SELECT min(run_uuid) FROM runs").fetchone()
        for table in ("runs", "metrics", "latest_metrics", "params", "tags"):
            connection.execute(
                f"UPDATE {table} SET run_uuid = ? WHERE run_uuid = ?",  # noqa: S608 - names above
                [same, moved],
            )
    connection.close()
    root = write_workspace(tmp_path / "w")
    sources = ", ".join(f'"../{folder}"' for folder in folders)
    (root / "workbench.toml").write_text(f"[sources]\nfolders = [{sources}]\n", "utf-8")
    with open_session(root, in_memory=True) as session:
        session.sweep()
        found = {card.run_id: card for card in cards(session.catalogue, every(session.catalogue))}
        assert found[same].root == "../mlflow.db"
        assert len(found) == 15
