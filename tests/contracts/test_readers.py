"""What every reader of run folders promises, whoever wrote the folder.

One class per promise; a reader joins by a `Case` in `tests.contracts.cases` that knows
how to make a folder of its kind and how a script goes on writing into it.
"""

import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from tests.contracts.cases import BY_LINES, CASES, GROWING, NOW, WITH_FILES, Case
from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Curves, Folder, Points, RunCard
from workbench.formats.detect import discover, readers
from workbench.formats.kept import KeptReader


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    """Return each reader in turn."""
    return CASES[request.param]


@pytest.fixture
def root(case: Case, tmp_path: Path) -> Path:
    """Return a folder of the reader's kind."""
    return case.make(tmp_path / "root")


def grow(case: Case, root: Path, step: int) -> None:
    """Let the script go on."""
    assert case.grow
    case.grow(root, step)


def remove(case: Case, root: Path) -> None:
    """Take the run of the case away."""
    if case.remove:
        case.remove(root)
    elif root.is_file():
        root.unlink()
    else:
        lines = root / case.lines
        shutil.rmtree(root / case.key) if (root / case.key).is_dir() else lines.unlink()


def keys_of(case: Case, root: Path, memory: object) -> set[str]:
    """Return the runs there are; none if the source is away."""
    try:
        return set(case.reader.survey(root, memory).refs)
    except FileNotFoundError:
        assert not root.exists()
        return set()


def card_of(case: Case, root: Path) -> RunCard:
    """Return the run of the case, read whole."""
    return case.reader.read(root, case.key, b"", NOW).card


def curve(curves: Curves, metric: str) -> list[tuple[str, str]]:
    """Return step and value of each point, comparable also where they are NaN."""
    found = curves.points.get(metric, Points([], [], []))
    return [
        (repr(float(s)), repr(float(v))) for s, v in zip(found.steps, found.values, strict=True)
    ]


def whole_curve(case: Case, root: Path) -> list[tuple[str, str]]:
    """Return the case's curve, read whole."""
    wanted = frozenset([case.metric])
    return curve(case.reader.points(root, case.key, wanted, None), case.metric)


class TestDetecting:
    """A reader knows its own folders and leaves the others alone."""

    def test_a_folder_is_found_in_one_format(self, case: Case, root: Path) -> None:
        """Whatever is opened is listed by exactly one reader; what was kept is named to its own."""
        if isinstance(case.reader, KeptReader):
            assert not case.reader.roots(Folder(root, frozenset(), frozenset(["0123abcd"])))
            return
        assert [source.format for source in discover(root.parent).sources] == [case.reader.name]

    @pytest.mark.parametrize("files", [(), ("a.txt",), ("data.csv",), ("train.jsonl",)])
    def test_a_folder_of_other_things_is_nobodys(
        self, tmp_path: Path, files: tuple[str, ...]
    ) -> None:
        """Tables without steps and texts are not runs."""
        folder = tmp_path / "other"
        folder.mkdir()
        for name in files:
            lines = '{"text": "x", "label": 1}\n' if name.endswith("l") else "age,sex\n1,f\n2,m\n"
            (folder / name).write_text(lines * 3, "utf-8")
        assert discover(folder).sources == ()

    def test_it_says_what_it_is(self, case: Case) -> None:
        """People are told the name, how live it is and how it was checked."""
        reader = case.reader
        assert all([reader.name, reader.title, reader.live, reader.verified])
        assert sum(other.name == reader.name for other in readers()) == 1


class TestSurveying:
    """A survey tells what may have changed, and nothing when nothing did."""

    def test_nothing_changes_when_nothing_happens(self, case: Case, root: Path) -> None:
        """Stamps stand still, with and without memory."""
        first = case.reader.survey(root, None)
        assert case.key in first.refs
        memory = first.memory
        for _ in range(4):
            again = case.reader.survey(root, memory)
            memory = again.memory
            assert again.refs == first.refs
        assert case.reader.survey(root, None).refs == first.refs

    def test_a_run_that_is_gone_is_gone(self, case: Case, root: Path) -> None:
        """A folder removed by hand is listed no more."""
        first = case.reader.survey(root, None)
        remove(case, root)
        assert keys_of(case, root, first.memory) == set(first.refs) - {case.key}

    def test_a_folder_that_is_gone_is_no_crash(self, case: Case, root: Path) -> None:
        """A source that vanished has no runs, or cannot be read and says so."""
        memory = case.reader.survey(root, None).memory
        shutil.rmtree(root) if root.is_dir() else root.unlink()
        assert keys_of(case, root, memory) == set()


class TestReading:
    """Reading is the same whenever and however often it is done."""

    def test_reading_twice_is_the_same(self, case: Case, root: Path) -> None:
        """Two looks at an unchanged run see the same."""
        assert repr(card_of(case, root)) == repr(card_of(case, root))

    def test_nothing_is_written(self, case: Case, root: Path) -> None:
        """Looking leaves no trace."""

        def names() -> list[tuple[str, int]]:
            return [(str(p), p.stat().st_mtime_ns) for p in sorted(root.parent.rglob("*"))]

        before = names()
        memory = case.reader.survey(root, None).memory
        case.reader.survey(root, memory)
        card_of(case, root)
        whole_curve(case, root)
        assert names() == before

    def test_points_come_to_the_summary(self, case: Case, root: Path) -> None:
        """As many points as the card counts."""
        curves = case.reader.points(root, case.key, None, None)
        counts = {name: len(found.values) for name, found in curves.points.items()}
        metrics = card_of(case, root).metrics
        assert counts == {name: summary.count for name, summary in metrics.items()}
        assert case.metric in counts

    @pytest.mark.parametrize("key", ["", "nope", "nope/nope", "../root", "a/../../b", "/etc"])
    def test_a_key_that_is_none_is_refused(self, case: Case, root: Path, key: str) -> None:
        """What is no run is said to be none."""
        with pytest.raises(FormatError):
            case.reader.read(root, key, b"", NOW)

    @pytest.mark.parametrize("key", ["", "no/such/run", "#", "#no", "../elsewhere"])
    def test_a_key_that_is_none_has_no_files(self, case: Case, root: Path, key: str) -> None:
        """Whoever asks for a file learns that there is none, whatever was wrong."""
        with pytest.raises(NotFoundError):
            case.reader.artifact(root, key, "x")

    def test_progress_of_another_version_is_dropped(self, case: Case, root: Path) -> None:
        """Notes that mean nothing are no notes."""
        for progress in (b"{}", b"garbage", b"[]", b'{"version":99,"writers":7}'):
            card = case.reader.read(root, case.key, progress, NOW).card
            assert repr(card) == repr(card_of(case, root))


class TestGoingOn:
    """What a script writes is added to what was read."""

    @pytest.fixture(params=GROWING)
    def case(self, request: pytest.FixtureRequest) -> Case:
        """Return each reader of what is not written at once."""
        return CASES[request.param]

    def test_a_new_point_changes_one_stamp(self, case: Case, root: Path) -> None:
        """A point written to one run shows at that run alone."""
        first = case.reader.survey(root, None)
        grow(case, root, 100)
        second = case.reader.survey(root, first.memory)
        changed = {k for k, ref in second.refs.items() if ref.stamp != first.refs[k].stamp}
        assert changed == {case.key}

    def test_reading_on_is_reading_all(self, case: Case, root: Path) -> None:
        """A run followed point by point is the run read whole."""
        progress = case.reader.read(root, case.key, b"", NOW).progress
        for step in range(100, 110):
            grow(case, root, step)
            card, progress = case.reader.read(root, case.key, progress, NOW)
            assert repr(card) == repr(card_of(case, root))
        assert card.metrics[case.metric].last == pytest.approx(109 / 7)

    def test_points_read_on_are_all_points(self, case: Case, root: Path) -> None:
        """Pieces of a curve put together are the curve."""
        wanted = frozenset([case.metric])
        progress, pieces = None, []
        for step in range(100, 105):
            found = case.reader.points(root, case.key, wanted, progress)
            assert not found.restarted
            pieces += curve(found, case.metric)
            progress = found.progress
            grow(case, root, step)
        pieces += curve(case.reader.points(root, case.key, wanted, progress), case.metric)
        assert pieces == whole_curve(case, root)


class TestBrokenFiles:
    """Whatever happens to a file, no reader crashes and no number is made up."""

    def test_a_shorter_file_starts_over(self, case: Case, root: Path) -> None:
        """A file replaced by a shorter one is read from its start, or it is none of its kind."""
        path = root / case.lines
        wanted = frozenset([case.metric])
        progress = case.reader.read(root, case.key, b"", NOW).progress
        places = case.reader.points(root, case.key, wanted, None).progress
        lines = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(b"".join(lines[:3]))
        try:
            found = case.reader.points(root, case.key, wanted, places)
            card = case.reader.read(root, case.key, progress, NOW).card
        except FormatError:
            assert not case.by_lines
            return
        if not found.restarted:  # half a document: what was read before holds until it is whole
            assert not case.by_lines
            assert curve(found, case.metric) == []
            return
        assert curve(found, case.metric) == whole_curve(case, root)
        assert repr(card) == repr(card_of(case, root))

    def test_any_file_may_be_empty_or_garbage(self, case: Case, root: Path) -> None:
        """Every file of a run in turn is emptied and filled with noise."""
        files = [root] if root.is_file() else sorted((root / case.key).rglob("*"))
        for path in (path for path in files if path.is_file()):
            data = path.read_bytes()
            for noise in (b"", b"\x00" * 100, b"{" * 5000, b"\xff\xfe\n", data[: len(data) // 2]):
                path.write_bytes(noise)
                try:
                    card_of(case, root)
                except FormatError:
                    assert case.reader.name not in ("native", "mlflow")
                with suppress(FormatError):
                    case.reader.survey(root, None)
            path.write_bytes(data)


class TestBrokenLines:
    """Where each point is a line, what is wrong with one harms no other."""

    @pytest.fixture(params=BY_LINES)
    def case(self, request: pytest.FixtureRequest) -> Case:
        """Return each reader of lines."""
        return CASES[request.param]

    @pytest.mark.parametrize("part", range(16))
    def test_a_cut_file_gives_the_beginning(self, case: Case, root: Path, part: int) -> None:
        """What is left of a curve is a beginning of it, and the rest comes when it comes."""
        path = root / case.lines
        data, whole = path.read_bytes(), whole_curve(case, root)
        path.write_bytes(data[: len(data) * part // 16])
        cut = whole_curve_or_nothing(case, root)
        assert cut == whole[: len(cut)]
        progress = b""
        try:
            card, progress = case.reader.read(root, case.key, b"", NOW)
        except FormatError:  # a plain folder without a whole line of metrics is not a run
            assert not cut
        else:
            count = card.metrics[case.metric].count if case.metric in card.metrics else 0
            assert count == len(cut)
        with path.open("ab") as file:
            file.write(data[len(data) * part // 16 :])
        assert whole_curve(case, root) == whole
        assert repr(case.reader.read(root, case.key, progress, NOW).card) == repr(
            card_of(case, root)
        )

    @pytest.mark.parametrize("part", range(16))
    def test_a_flipped_byte_is_no_crash(self, case: Case, root: Path, part: int) -> None:
        """A byte that went wrong costs its line and no other."""
        path = root / case.lines
        data = bytearray(path.read_bytes())
        count = len(whole_curve(case, root))
        data[len(data) * part // 16] ^= 0x80
        path.write_bytes(data)
        assert len(whole_curve_or_nothing(case, root)) in (count - 2, count - 1, count, 0)
        try:
            card_of(case, root)
        except FormatError:  # the header went: not a run any more
            assert part == 0

    def test_garbage_is_told(self, case: Case, root: Path) -> None:
        """A line that is none is a fault with its place, and the next one counts."""
        count = card_of(case, root).metrics[case.metric].count
        with (root / case.lines).open("ab") as file:
            file.write(b"\x00\xff\x1b[31m garbage {\n")
        grow(case, root, 200)
        card = card_of(case, root)
        assert card.metrics[case.metric].count == count + 1
        assert [(fault.path, fault.line) for fault in card.faults if fault.line] == [
            (case.lines, len((root / case.lines).read_bytes().splitlines()) - 1)
        ]


class TestStayingInside:
    """No name found in a folder leads out of it."""

    @pytest.mark.parametrize(
        "path", ["", "..", "../x", "a/../../../x", "/etc/passwd", "a//b", "C:/x", "\0", "nope"]
    )
    def test_a_path_that_leaves_is_refused(self, case: Case, root: Path, path: str) -> None:
        """No way of writing a path leads out."""
        with pytest.raises(NotFoundError):
            case.reader.artifact(root, case.key, path)

    def test_linked_files_are_not_read(self, case: Case, root: Path) -> None:
        """The file of metrics itself may be a link to somebody's secret."""
        path = root / case.lines
        moved = root.parent / "elsewhere"
        moved.write_bytes(path.read_bytes())
        path.unlink()
        path.symlink_to(moved)
        with suppress(OSError):  # the last value may stand in another file too
            assert len(whole_curve_or_nothing(case, root)) <= (0 if case.by_lines else 1)

    def test_folders_that_go_round_end(self, case: Case, root: Path) -> None:
        """A link to a folder above is not followed for ever."""
        before = set(case.reader.survey(root, None).refs)
        for folder in (root.parent, root, root / case.key):
            if folder.is_dir() and not (folder / "round").is_symlink():
                (folder / "round").symlink_to(root)
        assert set(case.reader.survey(root, None).refs) == before
        assert case.key in before


class TestArtifacts:
    """What the card lists can be opened, and nothing else."""

    @pytest.fixture(params=WITH_FILES)
    def case(self, request: pytest.FixtureRequest) -> Case:
        """Return each reader of runs with files."""
        return CASES[request.param]

    def test_an_artifact_is_found(self, case: Case, root: Path) -> None:
        """What the card lists can be opened."""
        assert case.artifact in [artifact.path for artifact in card_of(case, root).artifacts]
        assert case.reader.artifact(root, case.key, case.artifact).is_file()

    def test_a_link_that_leaves_is_refused(self, case: Case, root: Path) -> None:
        """A link among the artifacts does not open what it points at."""
        outside = root.parent / "secret"
        outside.write_text("secret", "utf-8")
        found = case.reader.artifact(root, case.key, case.artifact)
        (found.parent / "link").symlink_to(outside)
        paths = [artifact.path for artifact in card_of(case, root).artifacts]
        assert not any(path.endswith("link") for path in paths)
        inner = case.artifact.rpartition("/")[0]
        with pytest.raises(NotFoundError):
            case.reader.artifact(root, case.key, f"{inner}/link".lstrip("/"))


def whole_curve_or_nothing(case: Case, root: Path) -> list[tuple[str, str]]:
    """Return the case's curve, none if the folder is a run no more."""
    try:
        return whole_curve(case, root)
    except FormatError:
        return []
