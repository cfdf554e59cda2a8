"""Datasets that the settings name are registered by themselves, once, and never half copied."""

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest

from tests.building import write_workspace
from tests.waiting import wait_for
from workbench.catalogue.faults import faults
from workbench.clock import FixedClock
from workbench.datasets.versions import folder
from workbench.errors import ConflictError, StoppedError
from workbench.operations import follower
from workbench.operations.datasets import following
from workbench.operations.datasets.add import Added, add
from workbench.operations.datasets.following import Following, follow
from workbench.operations.session import Session, open_session

SETTINGS = '[datasets.census]\npath = "data/census.csv"\n'


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on a workspace whose settings name a file that is not there yet."""
    root = write_workspace(tmp_path / "w")
    (root / "data").mkdir()
    (root / "workbench.toml").write_text(SETTINGS, "utf-8")
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.cache = tmp_path / "cache"
        yield made


def write(session: Session, rows: int, name: str = "census.csv") -> Path:
    """Write a table of that many rows."""
    path = session.root / "data" / name
    path.write_text("age\n" + "".join(f"{row}\n" for row in range(rows)), "utf-8")
    return path


def rest(session: Session, one: Following, seconds: float = 11.0) -> None:
    """Look, let time go by, and look again."""
    one.look()
    clock = session.clock
    assert isinstance(clock, FixedClock)
    clock.advance(seconds)
    one.look()


def made(session: Session, on_added: list[Added] | None = None) -> Following:
    """Return one who follows and has no thread."""
    return Following(session, ([] if on_added is None else on_added).append)


def numbers(session: Session, name: str = "census") -> tuple[int, ...]:
    """Return the versions in the folder."""
    return folder.standing(session.root, name)


def said(session: Session) -> list[tuple[str, str]]:
    """Return the faults of the workspace."""
    session.sweep()
    return [(fault.path, fault.reason) for fault in faults(session.catalogue)]


def test_a_file_is_registered_once_it_has_come_to_rest(session: Session) -> None:
    """Not at the first sight, and not a second time."""
    write(session, 3)
    told: list[Added] = []
    one = made(session, told)
    one.look()
    assert numbers(session) == ()
    rest(session, one)
    rest(session, one)
    assert numbers(session) == (1,)
    assert [(str(each), each.manifest.how, each.manifest.rows) for each in told] == [
        ("census@1", "followed", 3)
    ]


def test_a_file_that_grows_is_left_alone(session: Session) -> None:
    """Until it has stood still for long enough."""
    one = made(session)
    for rows in range(1, 6):
        write(session, rows)
        rest(session, one, 9.0)
    assert numbers(session) == ()
    rest(session, one)
    assert numbers(session) == (1,)


def test_a_file_that_never_comes_to_rest_is_said(session: Session) -> None:
    """After ten minutes; the fault goes with the version."""
    one = made(session)
    for rows in range(1, 75):
        write(session, rows)
        rest(session, one, 9.0)
    assert numbers(session) == ()
    ((where, why),) = said(session)
    assert where == "data/census.csv"
    assert "something in it has been changing for more than 10m" in why
    rest(session, one)
    assert (numbers(session), said(session)) == ((1,), [])


def test_other_bytes_are_the_next_version(session: Session) -> None:
    """Twelve months in one place are twelve versions."""
    one = made(session)
    for month in range(1, 13):
        write(session, month)
        rest(session, one)
    assert numbers(session) == tuple(range(1, 13))
    assert folder.read_manifest(session.root, "census", 12).rows == 12


def test_a_file_that_was_only_touched_is_no_new_version(session: Session) -> None:
    """Its bytes are what they were."""
    path = write(session, 3)
    one = made(session)
    rest(session, one)
    os.utime(path, (1, 1))
    rest(session, one)
    assert numbers(session) == (1,)


def test_a_file_that_cannot_be_read_is_a_fault_and_the_version_before_stands(
    session: Session,
) -> None:
    """It is tried again when it changes, and only then; a failure is a row in Activity."""
    (session.root / "workbench.toml").write_text(
        '[datasets.census]\npath = "data/census.parquet"\nread = { format = "parquet" }\n', "utf-8"
    )
    path = session.root / "data/census.parquet"
    path.write_text("no parquet at all", "utf-8")
    one = made(session)
    rest(session, one)
    rest(session, one)
    assert numbers(session) == ()
    ((where, why),) = said(session)
    assert where == "data/census.parquet"
    assert why.startswith("census is not registered: ")
    assert [line.state for line in session.jobs.lines()] == ["failed"]
    path.unlink()
    (session.root / "workbench.toml").write_text(SETTINGS, "utf-8")
    write(session, 3)
    rest(session, one)
    assert (numbers(session), said(session)) == ((1,), [])


def test_what_was_never_there_is_a_fault_and_what_is_away_is_not(session: Session) -> None:
    """A version that stands has a flag of its own for that."""
    one = made(session)
    rest(session, one)
    ((where, why),) = said(session)
    assert (where, "There is nothing at" in why) == ("data/census.csv", True)
    path = write(session, 3)
    rest(session, one)
    path.unlink()
    rest(session, one)
    assert (numbers(session), said(session)) == ((1,), [])


def test_what_comes_back_must_come_to_rest_again(session: Session) -> None:
    """A file may be put in the place of another while nobody could look."""
    path = write(session, 3)
    one = made(session)
    rest(session, one)
    path.unlink()
    one.look()
    write(session, 4)
    one.look()
    assert numbers(session) == (1,)
    rest(session, one)
    assert numbers(session) == (1, 2)


def test_a_dataset_the_settings_do_not_follow_is_left_alone(session: Session) -> None:
    """So is one that has no path."""
    (session.root / "workbench.toml").write_text(
        '[datasets.census]\npath = "data/census.csv"\nfollow = false\n[datasets.x]\nowner = "a"\n',
        "utf-8",
    )
    write(session, 3)
    rest(session, made(session))
    assert (numbers(session), said(session)) == ((), [])


def test_a_fault_goes_with_its_line_of_the_settings(session: Session) -> None:
    """Nobody follows it any more."""
    one = made(session)
    rest(session, one)
    assert said(session)
    (session.root / "workbench.toml").write_text("", "utf-8")
    one.look()
    assert said(session) == []


def test_a_corrected_line_of_the_settings_counts_at_once(session: Session) -> None:
    """What was wrong with it is no fault any more, though no file was touched."""
    settings = session.root / "workbench.toml"
    settings.write_text(f"{SETTINGS}copy = 3\n", "utf-8")
    write(session, 3)
    one = made(session)
    rest(session, one)
    assert numbers(session) == ()
    assert "data/census.csv" in dict(said(session))
    settings.write_text(SETTINGS, "utf-8")
    one.look()
    assert (numbers(session), said(session)) == ((1,), [])


@pytest.mark.parametrize("line", ["copy = true", 'read = { separator = ";" }'])
def test_what_the_settings_ask_for_later_is_done(session: Session, line: str) -> None:
    """The bytes are the same, and the version is kept or read in another way."""
    write(session, 3)
    one = made(session)
    rest(session, one)
    (session.root / "workbench.toml").write_text(f"{SETTINGS}{line}\n", "utf-8")
    one.look()
    assert numbers(session) == (1, 2)


def test_what_a_file_of_dvc_names_is_followed(session: Session) -> None:
    """DVC brings the data after its own file changed."""
    (session.root / "workbench.toml").write_text(
        '[datasets.census]\npath = "data/census.csv.dvc"\n', "utf-8"
    )
    (session.root / "data/census.csv.dvc").write_text(
        f"outs:\n- md5: {'a' * 32}\n  path: census.csv\n", "utf-8"
    )
    one = made(session)
    for rows in (3, 4):
        write(session, rows)
        rest(session, one)
    assert numbers(session) == (1, 2)


def test_one_dataset_that_fails_stops_no_other(session: Session) -> None:
    """Whatever the failure is."""
    (session.root / "workbench.toml").write_text(
        '[datasets.a]\npath = "data/a.parquet"\n[datasets.b]\npath = "data/b.csv"\n'
        '[datasets.c]\npath = "nowhere:x"\n', "utf-8",
    )  # fmt: skip
    (session.root / "data/a.parquet").write_bytes(b"PAR1")
    write(session, 3, "b.csv")
    rest(session, made(session))
    assert numbers(session, "b") == (1,)
    assert [where for where, _ in said(session)] == ["data/a.parquet", "nowhere:x"]


def test_five_watchers_register_a_file_once(session: Session) -> None:
    """At the very same moment."""
    write(session, 100)
    everyone = [made(session) for _ in range(5)]
    for one in everyone:
        one.look()
    clock = session.clock
    assert isinstance(clock, FixedClock)
    clock.advance(11)
    ready = Barrier(5)

    def look(one: Following) -> None:
        ready.wait()
        one.look()

    threads = [Thread(target=look, args=[one]) for one in everyone]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (numbers(session), session.data_faults) == ((1,), ())


def test_a_file_that_changed_while_it_was_read_is_tried_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though nothing moves any more."""
    write(session, 3)
    asked: list[str] = []

    def changing(who: Session, name: str, *paths: object, **how: object) -> Added:
        asked.append(name)
        if len(asked) == 1:
            raise ConflictError("It changed while it was read.")
        return add(who, name, *paths, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(following, "add", changing)
    one = made(session)
    rest(session, one)
    assert (len(asked), numbers(session)) == (1, ())
    rest(session, one)
    assert len(asked) == 1
    rest(session, one, 30.0)
    assert (len(asked), numbers(session)) == (2, (1,))


def test_what_a_person_cancelled_waits_for_other_bytes(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is no fault, and not begun again behind their back."""
    path = write(session, 3)
    clock = session.clock
    assert isinstance(clock, FixedClock)

    def slow(who: Session, *_: object, **how: object) -> Added:
        tell, stopped = how["on_progress"], how["stopped"]
        assert callable(tell)
        assert callable(stopped)
        clock.advance(2)
        tell(1, 10, "bytes")
        who.jobs.cancel(who.jobs.lines()[0].id)
        assert stopped()
        raise StoppedError("It was stopped.")

    monkeypatch.setattr(following, "add", slow)
    one = made(session)
    rest(session, one)
    rest(session, one, 100.0)
    (line,) = session.jobs.lines()
    assert (line.title, line.state, line.done) == ("Register census", "cancelled", 1)
    assert said(session) == []
    monkeypatch.setattr(following, "add", add)
    path.write_text("age\n7\n", "utf-8")
    rest(session, one)
    assert numbers(session) == (1,)


def test_what_was_registered_already_makes_no_noise(session: Session) -> None:
    """No row in Activity says that nothing happened."""
    write(session, 3)
    rest(session, made(session))
    rest(session, made(session))
    assert [line.message for line in session.jobs.lines()] == ["census@1: 3 rows"]


def test_a_deleted_version_is_not_brought_back(session: Session) -> None:
    """Whoever deleted it knew why; its bytes are still in their place."""
    from workbench.operations.datasets.deleting import delete
    from workbench.operations.datasets.names import Ref

    write(session, 3)
    rest(session, made(session))
    session.sweep()
    delete(session, Ref("census", 1))
    rest(session, made(session))
    assert numbers(session) == ()
    ((_, why),) = said(session)
    assert "was deleted" in why


def test_following_goes_on_in_a_thread_until_the_session_is_closed(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing waits for it."""
    monkeypatch.setattr(follower, "_EVERY_S", 0.001)
    write(session, 3)
    one = follow(session)
    clock = session.clock
    assert isinstance(clock, FixedClock)

    def registered() -> bool:
        clock.advance(1)
        return numbers(session) == (1,)

    wait_for(registered)
    session.close()
    assert not one._thread.is_alive()


def test_a_folder_of_another_tool_is_not_followed(tmp_path: Path) -> None:
    """Nothing is written there."""
    (tmp_path / "mlruns").mkdir()
    with open_session(tmp_path, clock=FixedClock(), in_memory=True) as other:
        one = follow(other)
        assert not one._thread.is_alive()


class _Ticking(FixedClock):
    """A clock that goes on whenever it is asked."""

    def steady(self) -> float:
        """Return a time a tenth of a second later than the last one."""
        self.advance(0.1)
        return self.at


def test_what_leads_through_too_many_folders_keeps_nothing_else_from_being_followed(
    session: Session,
) -> None:
    """It is given up after some seconds, said, and rests; the others are registered meanwhile."""
    settings = session.root / "workbench.toml"
    settings.write_text('[datasets.all]\npath = "wide/**/*.csv"\n' + SETTINGS, "utf-8")
    for k in range(200):
        (session.root / f"wide/{k}").mkdir(parents=True)
    (session.root / "wide/199/a.csv").write_text("a\n1\n", "utf-8")
    write(session, 3)
    session.clock = _Ticking()
    one = made(session)
    rest(session, one)
    assert (numbers(session), numbers(session, "all")) == ((1,), ())
    assert [where for where, why in said(session) if "too many folders" in why] == ["wide/**/*.csv"]
    began = session.clock.steady()
    one.look()
    assert session.clock.steady() - began < 2.0


def test_what_was_given_up_is_looked_for_again_when_the_settings_change(session: Session) -> None:
    """Whoever corrects a path does not wait for it."""
    settings = session.root / "workbench.toml"
    settings.write_text('[datasets.census]\npath = "wide/**/*.csv"\n', "utf-8")
    for k in range(200):
        (session.root / f"wide/{k}").mkdir(parents=True)
    write(session, 3)
    session.clock = _Ticking()
    one = made(session)
    one.look()
    settings.write_text(SETTINGS, "utf-8")
    rest(session, one)
    assert (numbers(session), said(session)) == ((1,), [])
