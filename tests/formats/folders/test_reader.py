"""Runs that are folders, found once and put together of what several readers know."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

import pytest

from tests.formats.checking import SPECIMENS
from workbench.clock import FixedClock
from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import (
    Artifact,
    Claim,
    Curves,
    Folder,
    Points,
    Reading,
    RunCard,
    Survey,
)
from workbench.formats.detect import discover, reader_named
from workbench.formats.folders.reader import FoldersReader
from workbench.formats.signs import facts_of, stamp
from workbench.formats.walking import HERE, Limits, folder_at
from workbench.runfolder import FAILED, FINISHED, RUNNING, STALE, UNKNOWN, Summary

NOW = 1_800_000_000.0


class Toy:
    """A reader of folders with one file, ``<name>.toy``: lines of a metric and a value.

    A line ``!key=value`` says something of the claim, ``?key=value`` something of the card.
    """

    title = live = verified = "a toy"
    asked: ClassVar[list[str]] = []

    def __init__(self, name: str, *, lists_files: bool = False) -> None:
        self.name = name
        self.lists_files = lists_files

    def detect(self, folder: Folder) -> bool:
        """Tell by the name."""
        return f"{self.name}.toy" in folder.files

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Claim what the file says."""
        del before
        self.asked.append(f"{self.name} {path}")
        file = folder.path / f"{self.name}.toy"
        said = dict(said_in(file, "!"))
        if "none" in said:
            return None
        flags = {key: key in said for key in ("gathers", "overlay", "closed")}
        return Claim(
            stamp(facts_of(str(file))), "live" in said, said.get("part_of"),
            identity=said.get("identity", ""), **flags,
        )  # fmt: skip

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Read the file whole; count in the notes how often."""
        del now
        file = self._file(root, key)
        said = dict(said_in(file, "?"))
        if "broken" in said:
            raise FormatError("It is broken.")
        if "busy" in said:
            raise OSError(5, "Input/output error")
        metrics: dict[str, Summary] = {}
        for at, (name, value) in enumerate(lines_of(file)):
            one = Summary(value, value, value, value, 1, 0, at, at, at, at)
            metrics[name] = metrics[name].join(one) if name in metrics else one
        card = RunCard(
            said.get("id", ""), said.get("name", file.parent.name), said.get("experiment", "e"),
            status=said.get("status", UNKNOWN), inferred="inferred" in said, metrics=metrics,
            ended=float(said["ended"]) if "ended" in said else None,
            error=said["error"].splitlines() if "error" in said else (),
            params={"from": self.name, self.name: 1},
            artifacts=[Artifact(f"{self.name}.toy", 1)] if self.lists_files else (),
        )  # fmt: skip
        return Reading(card, b'{"looks":%d}' % (progress.count(b"looks") + 1))

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return the lines past a number; fewer lines than there were is a restart."""
        lines = lines_of(self._file(root, key))
        before = progress if isinstance(progress, int) else 0
        restarted = before > len(lines)
        found: dict[str, Points] = {}
        for at, (name, value) in enumerate(lines):
            if at >= (0 if restarted else before) and (metrics is None or name in metrics):
                points = found.setdefault(name, Points([], [], []))
                for column, entry in zip(points, (float(at), NOW, value), strict=True):
                    column.append(entry)
        return Curves(found, len(lines), restarted)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return the file itself."""
        if path != f"{self.name}.toy":
            raise NotFoundError("There is none.")
        return self._file(root, key)

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return the file as a text."""
        return {self.name: self._file(root, key), "console": self._file(root, key)}

    def _file(self, root: Path, key: str) -> Path:
        return folder_at(root, key) / f"{self.name}.toy"


def said_in(file: Path, mark: str) -> Iterator[tuple[str, str]]:
    """Yield what lines with a mark say."""
    for line in file.read_text("utf-8").splitlines():
        if line.startswith(mark):
            key, _, value = line[1:].partition("=")
            yield key, value


def lines_of(file: Path) -> list[tuple[str, float]]:
    """Return metric and value of each line."""
    found = [line.partition(" ") for line in file.read_text("utf-8").splitlines()]
    return [(name, float(value)) for name, _, value in found if name[0] not in "!?"]


def put(path: Path, *lines: str) -> None:
    """Write more lines of a toy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that stands."""
    return FixedClock()


@pytest.fixture
def reader(clock: FixedClock) -> FoldersReader:
    """Return a reader of toys: a counts more than b, b more than c, which lists its files."""
    Toy.asked.clear()
    return FoldersReader([Toy("a"), Toy("b"), Toy("c", lists_files=True)], [], clock)


def card(reader: FoldersReader, root: Path, key: str) -> RunCard:
    """Return a run read whole."""
    return reader.read(root, key, b"", NOW).card


def values(curves: Curves) -> dict[str, list[float]]:
    """Return the values of each metric."""
    return {name: found.values for name, found in curves.points.items()}


class TestMerging:
    """A run is what all its readers know, and nothing twice."""

    def test_a_clash_is_won_by_who_counts_more(self, reader: FoldersReader, tmp_path: Path) -> None:
        """In params, in metrics and in curves alike."""
        put(tmp_path / "x/a.toy", "loss 1", "acc 2")
        put(tmp_path / "x/b.toy", "loss 7", "f1 8")
        found = card(reader, tmp_path, "x")
        assert found.format == "a+b"
        assert found.params == {"from": "a", "a": 1, "b": 1}
        assert {name: one.last for name, one in found.metrics.items()} == {
            "loss": 1.0, "acc": 2.0, "f1": 8.0,
        }  # fmt: skip
        assert values(reader.points(tmp_path, "x", None, None)) == {
            "loss": [1.0], "acc": [2.0], "f1": [8.0],
        }  # fmt: skip

    def test_a_metric_that_turns_out_to_be_anothers_starts_over(
        self, reader: FoldersReader, tmp_path: Path
    ) -> None:
        """What was handed out of a lesser piece is taken back when a better one has it."""
        put(tmp_path / "x/a.toy", "acc 2")
        put(tmp_path / "x/b.toy", "loss 7")
        first = reader.points(tmp_path, "x", frozenset(["loss"]), None)
        assert values(first) == {"loss": [7.0]}
        put(tmp_path / "x/a.toy", "loss 1")
        second = reader.points(tmp_path, "x", frozenset(["loss"]), first.progress)
        assert (second.restarted, values(second)) == (True, {"loss": [1.0]})
        assert card(reader, tmp_path, "x").metrics["loss"].last == 1.0
        put(tmp_path / "x/b.toy", "loss 9")
        third = reader.points(tmp_path, "x", frozenset(["loss"]), second.progress)
        assert (third.restarted, values(third)) == (False, {})

    def test_one_restarted_piece_restarts_all(self, reader: FoldersReader, tmp_path: Path) -> None:
        """Points of the others are handed out again with those of the file that was replaced."""
        put(tmp_path / "x/a.toy", "loss 1", "loss 2")
        put(tmp_path / "x/b.toy", "f1 7")
        first = reader.points(tmp_path, "x", None, None)
        (tmp_path / "x/a.toy").write_text("loss 5\n", "utf-8")
        again = reader.points(tmp_path, "x", None, first.progress)
        assert (again.restarted, values(again)) == (True, {"loss": [5.0], "f1": [7.0]})
        put(tmp_path / "x/b.toy", "f1 8")
        more = reader.points(tmp_path, "x", None, again.progress)
        assert (more.restarted, values(more)) == (False, {"f1": [8.0]})

    def test_a_piece_that_comes_later_starts_over(
        self, reader: FoldersReader, tmp_path: Path
    ) -> None:
        """A second tool's file beside the first is of the same run."""
        put(tmp_path / "x/b.toy", "loss 1")
        first = reader.points(tmp_path, "x", None, None)
        put(tmp_path / "x/a.toy", "acc 2")
        again = reader.points(tmp_path, "x", None, first.progress)
        assert (again.restarted, values(again)) == (True, {"loss": [1.0], "acc": [2.0]})

    def test_what_is_said_beats_what_is_concluded(
        self, reader: FoldersReader, tmp_path: Path
    ) -> None:
        """Of how a run ended; among conclusions, what counts more: who knows how it ends."""
        put(tmp_path / "x/a.toy", "?inferred", f"?status={RUNNING}", "?name=first")
        put(tmp_path / "x/b.toy", f"?status={FAILED}", "?id=mine", "?name=told")
        found = card(reader, tmp_path, "x")
        assert (found.status, found.inferred) == (FAILED, False)
        assert (found.run_id, found.name) == ("mine", "told")
        put(tmp_path / "y/a.toy", "?inferred", f"?status={FINISHED}")
        put(tmp_path / "y/b.toy", "?inferred", f"?status={RUNNING}")
        found = card(reader, tmp_path, "y")
        assert (found.status, found.inferred, found.run_id) == (FINISHED, True, "")
        put(tmp_path / "y/a.toy", f"?status={UNKNOWN}")
        assert card(reader, tmp_path, "y").status == RUNNING

    def test_a_resumed_run_goes_on(self, reader: FoldersReader, tmp_path: Path) -> None:
        """Folders side by side of one identity are one curve after the other."""
        put(tmp_path / "w/2/a.toy", "!identity=i", "loss 3", "?name=second", f"?status={FINISHED}")
        put(tmp_path / "w/1/a.toy", "!identity=i", "loss 1", "loss 2", "?name=first")
        found = card(reader, tmp_path, "w/1")
        assert (found.name, found.status, found.format) == ("second", FINISHED, "a")
        loss = found.metrics["loss"]
        assert (loss.count, loss.first, loss.last, loss.min, loss.max) == (3, 1.0, 3.0, 1.0, 3.0)
        whole = reader.points(tmp_path, "w/1", None, None)
        assert values(whole) == {"loss": [1.0, 2.0, 3.0]}
        put(tmp_path / "w/2/a.toy", "loss 4")
        more = reader.points(tmp_path, "w/1", None, whole.progress)
        assert (more.restarted, values(more)) == (False, {"loss": [4.0]})
        put(tmp_path / "w/1/a.toy", "loss 2.5")
        again = reader.points(tmp_path, "w/1", None, more.progress)
        assert (again.restarted, values(again)) == (True, {"loss": [1.0, 2.0, 2.5, 3.0, 4.0]})
        with pytest.raises(FormatError):
            card(reader, tmp_path, "w/2")

    def test_of_a_resumed_run_the_newest_says_how_it_is(
        self, reader: FoldersReader, tmp_path: Path
    ) -> None:
        """That it failed before and when counts no more, whatever is known of it now."""
        put(tmp_path / "w/1/b.toy", "!identity=i", f"?status={FAILED}", "?ended=5", "?error=oh")
        put(tmp_path / "w/2/b.toy", "!identity=i", f"?status={STALE}", "?inferred")
        found = card(reader, tmp_path, "w/1")
        assert (found.status, found.inferred, found.ended, found.error) == (STALE, True, None, ())
        put(tmp_path / "w/1/c.toy", f"?status={FINISHED}", "?ended=7")
        found = card(reader, tmp_path, "w/1")
        assert (found.status, found.inferred, found.ended) == (FINISHED, False, 7.0)

    def test_of_a_resumed_run_who_knows_its_name_says_it(
        self, reader: FoldersReader, tmp_path: Path
    ) -> None:
        """What begins to go on has nothing but an id."""
        put(tmp_path / "w/1/b.toy", "!identity=i", "?id=i", "?name=good", "?experiment=mine")
        put(tmp_path / "w/2/b.toy", "!identity=i", "?id=i", "?name=i")
        put(tmp_path / "w/2/a.toy", "?name=other")
        found = card(reader, tmp_path, "w/1")
        assert (found.run_id, found.name, found.experiment) == ("i", "good", "mine")
        put(tmp_path / "w/1/b.toy", "?name=i")
        assert card(reader, tmp_path, "w/1").name == "i"

    def test_parts_of_one_reader_keep_their_metrics_apart(
        self, reader: FoldersReader, tmp_path: Path
    ) -> None:
        """Training and evaluation log the same names in two folders."""
        put(tmp_path / "x/a.toy", "!gathers")
        put(tmp_path / "x/eval/b.toy", "loss 1")
        put(tmp_path / "x/train/b.toy", "loss 2")
        assert list(card(reader, tmp_path, "x").metrics) == ["loss", "train/loss"]
        found = reader.points(tmp_path, "x", frozenset(["train/loss"]), None)
        assert values(found) == {"train/loss": [2.0]}

    def test_a_part_that_cannot_be_read_is_a_fault(
        self, reader: FoldersReader, tmp_path: Path
    ) -> None:
        """The rest is shown; a run of which nothing can be read is none."""
        put(tmp_path / "x/a.toy", "loss 1", "?broken")
        put(tmp_path / "x/b.toy", "f1 1")
        found = card(reader, tmp_path, "x")
        assert [(fault.path, fault.reason) for fault in found.faults] == [
            ("x", "cannot be read as a: It is broken.")
        ]
        assert (list(found.metrics), found.format) == (["f1"], "b")
        put(tmp_path / "x/b.toy", "?broken")
        with pytest.raises(FormatError, match="broken"):
            card(reader, tmp_path, "x")

    def test_a_disk_that_fails_for_a_moment_costs_no_part(
        self, reader: FoldersReader, tmp_path: Path
    ) -> None:
        """It is an error to try again after, not a run with a part less."""
        put(tmp_path / "x/a.toy", "loss 1", "?busy")
        put(tmp_path / "x/b.toy", "f1 1")
        with pytest.raises(OSError, match="Input/output"):
            card(reader, tmp_path, "x")

    def test_notes_are_handed_back_to_whose_they_are(
        self, reader: FoldersReader, tmp_path: Path
    ) -> None:
        """Reading on is reading on for every piece."""
        put(tmp_path / "x/a.toy", "loss 1")
        put(tmp_path / "x/b.toy", "f1 1")
        first = reader.read(tmp_path, "x", b"", NOW)
        assert reader.read(tmp_path, "x", first.progress, NOW).progress != first.progress
        assert repr(reader.read(tmp_path, "x", b"junk", NOW).card) == repr(first.card)


class TestFiles:
    """Which files a run left behind."""

    def test_all_files_but_those_of_runs_inside(
        self, reader: FoldersReader, tmp_path: Path
    ) -> None:
        """Where no reader says which, with and without a survey before."""
        put(tmp_path / "x/a.toy", "loss 1")
        put(tmp_path / "x/model/weights.pt")
        put(tmp_path / "x/inner/a.toy", "loss 1")
        put(tmp_path / "x/inner/other.txt")
        before = [artifact.path for artifact in card(reader, tmp_path, "x").artifacts]
        reader.survey(tmp_path, None)
        after = [artifact.path for artifact in card(reader, tmp_path, "x").artifacts]
        assert before == after == ["a.toy", "model/weights.pt"]
        assert reader.artifact(tmp_path, "x", "model/weights.pt").is_file()

    def test_a_reader_that_knows_says_which(self, reader: FoldersReader, tmp_path: Path) -> None:
        """Where one lists files, those are all."""
        put(tmp_path / "x/a.toy", "loss 1")
        put(tmp_path / "x/c.toy", "f1 1")
        assert [one.path for one in card(reader, tmp_path, "x").artifacts] == ["c.toy"]
        assert reader.artifact(tmp_path, "x", "c.toy") == tmp_path / "x/c.toy"
        for path in ("a.toy", "../x/c.toy"):
            with pytest.raises(NotFoundError):
                reader.artifact(tmp_path, "x", path)

    def test_texts_are_those_of_all(self, reader: FoldersReader, tmp_path: Path) -> None:
        """Of two of one role the first reader's."""
        put(tmp_path / "x/a.toy", "loss 1")
        put(tmp_path / "x/b.toy", "loss 1")
        assert reader.texts(tmp_path, "x") == {
            "a": tmp_path / "x/a.toy", "b": tmp_path / "x/b.toy", "console": tmp_path / "x/a.toy",
        }  # fmt: skip


class TestAgreeing:
    """A run read without a survey is the run that the survey found."""

    def test_any_run_is_the_same_by_itself(self, clock: FixedClock, tmp_path: Path) -> None:
        """With parts above, below and beside it."""
        put(tmp_path / "h/a.toy", "!overlay")
        put(tmp_path / "h/x/b.toy", "loss 1", "!gathers")
        put(tmp_path / "h/x/deep/er/c.toy", "f1 2")
        put(tmp_path / "h/y/check/b.toy", "!part_of=h/y", "loss 3")
        put(tmp_path / "h/y/b.toy", "loss 3")
        put(tmp_path / "w/2/a.toy", "!identity=i", "loss 3")
        put(tmp_path / "w/1/a.toy", "!identity=i", "loss 1")
        put(tmp_path / "lone/a.toy", "!overlay")
        put(tmp_path / "job/a.toy", "!overlay", "?name=job")
        put(tmp_path / "job/log/1/b.toy", "loss 1")
        put(tmp_path / "job/log/2/c.toy", "f1 1")
        toys = [Toy("a"), Toy("b"), Toy("c", lists_files=True)]
        surveyed = FoldersReader(toys, [], clock)
        keys = list(surveyed.survey(tmp_path, None).refs)
        assert keys == ["h/x", "h/y", "w/1", "job/log/1", "job/log/2", "lone"]
        for key in keys:
            alone = FoldersReader(toys, [], clock)
            assert repr(card(alone, tmp_path, key)) == repr(card(surveyed, tmp_path, key))
            assert alone.points(tmp_path, key, None, None) == surveyed.points(
                tmp_path, key, None, None
            )

    @pytest.mark.parametrize("key", ["", "/", "..", "x/..", "x//y", "nope", "h", "w/2", ".git"])
    def test_what_is_no_run_is_refused(
        self, reader: FoldersReader, tmp_path: Path, key: str
    ) -> None:
        """Whether or not anybody surveyed the folder."""
        put(tmp_path / "x/a.toy", "loss 1")
        put(tmp_path / "h/sub/a.toy", "loss 1")
        put(tmp_path / ".git/a.toy", "loss 1")
        for _ in range(2):
            with pytest.raises(FormatError):
                card(reader, tmp_path, key)
            reader.survey(tmp_path, None)


class TestSurveying:
    """A survey of a settled folder costs little and says that nothing moved."""

    def settled(self, reader: FoldersReader, clock: FixedClock, root: Path) -> Survey:
        """Return a survey after all that was written is long ago."""
        first = reader.survey(root, None)
        clock.advance(3.0)
        return reader.survey(root, first.memory)

    def test_nothing_moved_is_the_same_mapping(
        self, reader: FoldersReader, clock: FixedClock, tmp_path: Path
    ) -> None:
        """So that nobody need compare it."""
        for number in range(200):
            put(tmp_path / f"runs/{number}/a.toy", "loss 1")
        before = self.settled(reader, clock, tmp_path)
        Toy.asked.clear()
        after = reader.survey(tmp_path, before.memory)
        assert after.refs is before.refs
        assert 0 < len(Toy.asked) < 100

    def test_what_goes_on_is_looked_at_every_time(
        self, reader: FoldersReader, clock: FixedClock, tmp_path: Path
    ) -> None:
        """And what does not, within a few looks."""
        for number in range(200):
            put(tmp_path / f"runs/{number}/a.toy", "loss 1")
        put(tmp_path / "live/a.toy", "!live")
        before = self.settled(reader, clock, tmp_path)
        put(tmp_path / "live/a.toy", "loss 1")
        after = reader.survey(tmp_path, before.memory)
        assert after.refs["live"].stamp != before.refs["live"].stamp
        put(tmp_path / "runs/150/a.toy", "loss 2")
        looks = [after]
        while looks[-1].refs["runs/150"] == before.refs["runs/150"]:
            looks.append(reader.survey(tmp_path, looks[-1].memory))
            assert len(looks) < 10

    def test_folders_that_come_and_go_are_seen_at_once(
        self, reader: FoldersReader, clock: FixedClock, tmp_path: Path
    ) -> None:
        """Also those that are a part of another run."""
        put(tmp_path / "x/a.toy", "!gathers")
        put(tmp_path / "y/a.toy", "loss 1")
        before = self.settled(reader, clock, tmp_path)
        put(tmp_path / "x/new/b.toy", "loss 1")
        shutil.rmtree(tmp_path / "y")
        after = reader.survey(tmp_path, before.memory)
        assert set(after.refs) == {"x"}
        assert after.refs["x"].stamp != before.refs["x"].stamp
        (tmp_path / "x/a.toy").unlink()
        last = reader.survey(tmp_path, after.memory)
        assert set(last.refs) == {"x/new"}

    def test_a_file_that_comes_within_a_tick_is_seen(
        self, reader: FoldersReader, tmp_path: Path
    ) -> None:
        """A folder's time may stand still while names come: a fresh listing is not trusted."""
        (tmp_path / "x").mkdir()
        facts = (tmp_path / "x").stat()
        before = reader.survey(tmp_path, None)
        put(tmp_path / "x/a.toy", "loss 1")
        os.utime(tmp_path / "x", ns=(facts.st_atime_ns, facts.st_mtime_ns))
        assert set(reader.survey(tmp_path, before.memory).refs) == {"x"}

    def test_what_there_was_no_time_for_is_not_gone(self, tmp_path: Path) -> None:
        """A slow disk delays the sight of new runs, it does not hide the old ones."""
        for number in range(20):
            put(tmp_path / f"{number:02}/a.toy", "loss 1")
        clock = FixedClock()
        patient = FoldersReader([Toy("a")], [], clock)
        before = patient.survey(tmp_path, None)
        hasty = FoldersReader([Toy("a")], [], clock, Limits(seconds=-1.0))
        for name in ("0new", "1new", "new"):
            put(tmp_path / name / "a.toy", "loss 1")
        after = hasty.survey(tmp_path, before.memory)
        assert set(after.refs) == {*before.refs, "0new"}
        assert after.unfinished
        assert [fault.reason for fault in after.faults] == ["and 11 more folders not looked at yet"]
        assert len(patient.survey(tmp_path, after.memory).refs) == 23

    def test_a_folder_that_cannot_be_listed_now_is_not_gone(
        self,
        reader: FoldersReader,
        clock: FixedClock,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        """A drive that fails for a moment hides no run, and it is said."""
        put(tmp_path / "x/a.toy", "loss 1")
        put(tmp_path / "x/y/a.toy", "loss 1")
        before = self.settled(reader, clock, tmp_path)
        real = os.stat

        def failing(path: os.PathLike[str] | str, **how: bool) -> os.stat_result:
            if Path(path).name == "x":
                raise OSError(5, "Input/output error")
            return real(path, **how)

        with monkeypatch.context() as patch:
            patch.setattr(os, "stat", failing)
            during = reader.survey(tmp_path, before.memory)
        assert during.refs == before.refs
        assert [(fault.path, fault.reason) for fault in during.faults] == [
            ("x", "cannot be listed: Input/output error")
        ]
        after = reader.survey(tmp_path, during.memory)
        assert (after.refs, after.faults) == (before.refs, ())

    def test_what_is_left_out_is_said(self, clock: FixedClock, tmp_path: Path) -> None:
        """Folders that lie too deep, and those that are too many."""
        put(tmp_path / "a/b/c/a.toy", "loss 1")
        deep = FoldersReader([Toy("a")], [], clock, Limits(depth=1)).survey(tmp_path, None)
        assert [(fault.path, fault.reason) for fault in deep.faults] == [
            ("a/b", "lies too deep; nothing below is looked at")
        ]
        wide = FoldersReader([Toy("a")], [], clock, Limits(entries=1)).survey(tmp_path, None)
        assert [fault.reason for fault in wide.faults] == ["not looked at: there is too much here"]

    def test_a_reader_that_fails_is_a_fault(
        self, reader: FoldersReader, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """One of many does not stop the others."""
        put(tmp_path / "x/a.toy", "loss 1")
        put(tmp_path / "x/b.toy", "loss 1")
        (tmp_path / "x/a.toy").write_bytes(b"\xff")
        found = reader.survey(tmp_path, None)
        assert set(found.refs) == {"x"}
        assert [fault.path for fault in found.faults] == ["x"]
        monkeypatch.setattr(Toy, "detect", lambda *_: 1 / 0)
        found = FoldersReader([Toy("a")], []).survey(tmp_path, None)
        assert "a cannot look at it: ZeroDivisionError" in found.faults[0].reason


@pytest.mark.parametrize(
    ("name", "formats"),
    [
        ("hydra", {"plain+hydra"}),
        ("hf_trainer", {"huggingface+tensorboard"}),
        ("lightning", {"lightning", "tensorboard+lightning"}),
    ],
)
def test_a_folder_of_several_tools_is_listed_once(name: str, formats: set[str]) -> None:
    """Configuration, trainer, event files and checkpoints of a run are one run."""
    root = SPECIMENS / name
    reader = reader_named("folders")
    assert [source.format for source in discover(root).sources] == ["folders"]
    found = {key: reader.read(root, key, b"", NOW).card for key in reader.survey(root, None).refs}
    assert {one.format for one in found.values()} == formats
    marks = {".hydra", "trainer_state.json", "metrics.csv", "results.csv", "metrics.jsonl"}
    for path in root.rglob("*"):
        if path.name in marks or path.name.startswith("events.out"):
            inside = path.relative_to(root).as_posix()
            assert sum(inside.startswith(f"{key}/") for key in found) == 1
    for key, one in found.items():
        curves = reader.points(root, key, None, None)
        assert {n: len(p.values) for n, p in curves.points.items()} == {
            n: summary.count for n, summary in one.metrics.items()
        }


class Dated(Toy):
    """A reader that says when its file changed."""

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Claim what the file says, for a minute."""
        found = super().claim(folder, path, before)
        changed = (folder.path / f"{self.name}.toy").stat().st_mtime
        return found._replace(changed=changed, live_for=60.0) if found else None


@pytest.mark.parametrize("behind", [0.0, 7200.0])
def test_what_changed_lately_is_looked_at_in_every_sweep(tmp_path: Path, behind: float) -> None:
    """For as long as its reader says; also on a server whose clock is hours behind."""
    clock = FixedClock()
    reader = FoldersReader([Dated("a")], [], clock)
    file = tmp_path / "x/a.toy"

    def live() -> bool:
        return reader.survey(tmp_path, None).refs["x"].live

    def write() -> None:
        put(file, "loss 1")
        os.utime(file, (clock.now() - behind, clock.now() - behind))

    write()
    assert live() == (not behind)
    clock.advance(100.0)
    assert not live()
    write()
    assert live()
    clock.advance(59.0)
    assert live()
    clock.advance(2.0)
    assert not live()


class Breaking(Toy):
    """A reader that fails at every look and every text."""

    def detect(self, folder: Folder) -> bool:
        """Fail, unless it is asked for its own."""
        if folder.path.name == "broken":
            raise RuntimeError(self.name)
        return super().detect(folder)

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Fail."""
        raise FormatError(f"There are none of {root / key}.")


def test_a_run_nobody_surveyed_is_the_run_a_survey_finds(tmp_path: Path) -> None:
    """Neither a reader that fails nor what lies below a closed folder makes a difference."""
    put(tmp_path / "broken/a.toy", "loss 1")
    put(tmp_path / "shut/a.toy", "!closed=1", "loss 1")
    put(tmp_path / "shut/deep/a.toy", "loss 1")
    toys = [Breaking("x"), Toy("a")]
    surveyed = FoldersReader(toys, [], FixedClock())
    assert set(surveyed.survey(tmp_path, None).refs) == {"broken", "shut"}
    for one in (surveyed, FoldersReader(toys, [], FixedClock())):
        assert card(one, tmp_path, "broken").metrics["loss"].last == 1.0
        with pytest.raises(FormatError, match="not a run"):
            card(one, tmp_path, "shut/deep")


def test_texts_of_one_piece_do_not_hide_those_of_another(tmp_path: Path) -> None:
    """A reader that has lost its file costs its own texts alone."""
    put(tmp_path / "r/x.toy", "loss 1")
    put(tmp_path / "r/a.toy", "loss 1")
    found = FoldersReader([Breaking("x"), Toy("a")], [], FixedClock()).texts(tmp_path, "r")
    assert found["console"].name == "a.toy"


def test_a_store_is_no_folder_of_runs(tmp_path: Path) -> None:
    """What lies in a store, and a store that is a file, is the store's alone."""
    shutil.copytree(SPECIMENS / "mlflow_file/data/mlruns", tmp_path / "mlruns")
    shutil.copy(SPECIMENS / "mlflow_sqlite/data/mlflow.db", tmp_path / "mlflow.db")
    put(tmp_path / "mlruns/0/metrics.csv", "step,loss", "0,1")
    put(tmp_path / "metrics.csv", "step,loss", "0,1")
    found = discover(tmp_path)
    assert [(source.format, source.root) for source in found.sources] == [
        ("mlflow-sqlite", "mlflow.db"), ("mlflow", "mlruns"), ("folders", ""),
    ]  # fmt: skip
    reader = reader_named("folders")
    assert set(reader.survey(tmp_path, None).refs) == {HERE}
    files = [one.path for one in reader.read(tmp_path, HERE, b"", NOW).card.artifacts]
    assert not any(path.startswith("mlruns/") for path in files)
