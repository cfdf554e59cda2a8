"""What a run's log tells, damaged, growing and replaced logs, and folders without one."""

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.checking import LATER, SPECIMENS, folder_cards
from tests.formats.following import copied, goes_on, looked_at, starts_over, survives
from tests.formats.wandb import encoding
from tests.formats.wandb.encoding import FOLDER, LOG, RUN_ID, end, item, run, step, summary, written
from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import Dataset, Folder, Points, Rule, RunCard
from workbench.formats.detect import reader_named
from workbench.formats.walking import HERE, list_folder
from workbench.formats.wandb.reader import WandbReader
from workbench.formats.wandb.run import QUIET

READER = WandbReader()
_RUNS = SPECIMENS / "wandb_offline" / "data" / "wandb"
FILES = [
    (path.parent.name, path.name)
    for path in sorted(_RUNS.glob("*/*.wandb"))
    if path.stat().st_size > 1000
]


def card_of(root: Path, records: list[bytes], now: float = LATER) -> RunCard:
    """Return the card of a run with a log of these records."""
    written(root, records)
    return READER.read(root, FOLDER, b"", now).card


def folder_of(path: Path) -> Folder:
    """Return a folder with the names in it."""
    found = list_folder(path, "", [])
    assert found is not None
    return found


@pytest.mark.parametrize(("folder", "log"), FILES)
def test_a_damaged_specimen_shows_nothing_wrong(tmp_path: Path, folder: str, log: str) -> None:
    """Cut or flipped anywhere: what is shown was logged, or a fault says what is lost."""
    place = copied(_RUNS / folder, tmp_path / folder)
    assert survives(READER, place, log, folder) > 100


def test_a_damaged_log_of_many_blocks_shows_nothing_wrong(tmp_path: Path) -> None:
    """In a log of several blocks too, with records that lie over two."""
    records = [run(name="long"), *encoding.steps(400), end()]
    place = written(tmp_path, records)
    assert (place / LOG).stat().st_size > 2 * encoding.BLOCK
    assert survives(READER, place, LOG, FOLDER) > 100


def test_a_growing_log_comes_to_the_whole(tmp_path: Path) -> None:
    """Piece by piece as all at once, over blocks and in the middle of chunks."""
    goes_on(READER, written(tmp_path, [run(name="long"), *encoding.steps(400), end()]), LOG)


@pytest.mark.parametrize(("folder", "log"), FILES)
def test_a_growing_specimen_comes_to_the_whole(tmp_path: Path, folder: str, log: str) -> None:
    """The same of what the library wrote."""
    goes_on(READER, copied(_RUNS / folder, tmp_path / folder), log)


def test_a_replaced_log_starts_over(tmp_path: Path) -> None:
    """A shorter log in its place: what is shown is of the new one alone."""
    place = written(tmp_path, [run(name="old"), *encoding.steps(100), end()])
    starts_over(READER, place, LOG, encoding.encoded([run(name="new"), *encoding.steps(3), end(1)]))


def test_a_torn_tail_waits(tmp_path: Path) -> None:
    """Half a record is no fault and no point; the fact says that there is more to come."""
    place = written(tmp_path, [run(name="x"), *encoding.steps(5)])
    data = (place / LOG).read_bytes()
    (place / LOG).write_bytes(data[:-20])
    first = READER.read(tmp_path, FOLDER, b"", LATER)
    assert (first.card.faults, first.card.metrics["loss"].count) == ((), 4)
    assert first.card.facts["torn_tail"] is True
    (place / LOG).write_bytes(data)
    card = READER.read(tmp_path, FOLDER, first.progress, LATER).card
    assert card.metrics["loss"].count == 5
    assert "torn_tail" not in card.facts


numbers = st.floats(allow_nan=True, allow_infinity=True)
names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=200)
logged = st.lists(
    st.dictionaries(names.filter(lambda name: name[0] != "_"), numbers, max_size=4), max_size=20
)


@settings(max_examples=60, deadline=None)
@given(calls=logged, code=st.integers(0, 255))
def test_everything_logged_comes_back(
    tmp_path_factory: pytest.TempPathFactory, calls: list[dict[str, float]], code: int
) -> None:
    """Any names and any numbers: the curves are what was logged, and the summaries agree."""
    root = tmp_path_factory.mktemp("runs")
    records = [
        step(number, {name: json.dumps(value) for name, value in values.items()})
        for number, values in enumerate(calls)
    ]
    written(root, [run(name="x"), *records, end(code)])
    card, curves = looked_at(READER, root, FOLDER)
    wanted: dict[str, tuple[list[float], list[float]]] = {}
    for number, values in enumerate(calls):
        for name, value in values.items():
            column = wanted.setdefault(name, ([], []))
            column[0].append(float(number))
            column[1].append(value)
    found = {name: (points.steps, points.values) for name, points in curves.points.items()}
    assert repr(sorted(found.items())) == repr(sorted(wanted.items()))
    assert (card.status, card.inferred) == ("FAILED" if code else "FINISHED", False)
    assert card.faults == ()


@settings(max_examples=100, deadline=None)
@given(
    bodies=st.lists(
        st.tuples(
            st.sampled_from(sorted([2, 3, 5, 7, 8, 12, 17, 18, 21, 25, 26])), st.binary(max_size=80)
        ),
        max_size=8,
    )
)
def test_records_of_nonsense_are_faults(
    tmp_path_factory: pytest.TempPathFactory, bodies: list[tuple[int, bytes]]
) -> None:
    """Whatever is in a record whose checksum holds, the ones after it are read."""
    root = tmp_path_factory.mktemp("runs")
    records = [encoding.record(kind, body) for kind, body in bodies]
    card = card_of(root, [*records, step(3, {"after": "1"})])
    assert card.metrics["after"].last == 1
    assert READER.points(root, FOLDER, frozenset(["after"]), None).points["after"].values == [1.0]


def test_steps_and_times_are_no_metrics(tmp_path: Path) -> None:
    """They belong to the points; what begins with an underscore is wandb's own."""
    written(tmp_path, [run(name="x"), step(5, {"loss": "0.5", "_runtime": "3.5"}, 1795000005.25)])
    card, curves = looked_at(READER, tmp_path, FOLDER)
    assert curves.points == {"loss": Points([5.0], [1795000005.25], [0.5])}
    assert card.started == 1_795_000_000.0
    assert (card.metrics["loss"].first_step, card.metrics["loss"].last_step) == (5, 5)


def test_names_in_one_part_are_read_too(tmp_path: Path) -> None:
    """Older versions wrote no parts, and the step among the values alone."""
    named = {"loss": "0.5", "_timestamp": "1795000005.25", "_step": "7", "_runtime": "1"}
    body = b"".join(
        encoding.text(1, encoding.text(1, name) + encoding.text(16, value))
        for name, value in named.items()
    )
    written(tmp_path, [run(name="x"), encoding.record(encoding.HISTORY, body)])
    _, curves = looked_at(READER, tmp_path, FOLDER)
    assert curves.points == {"loss": Points([7.0], [1795000005.25], [0.5])}


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("NaN", "nan"), ("Infinity", "inf"), ("-Infinity", "-inf"), ('"NaN"', "nan"),
        ("12345678901234567890", "1.2345678901234567e+19"), ("-0.0", "-0.0"), ("1e-320", "1e-320"),
    ],
)  # fmt: skip
def test_every_spelling_of_a_number_is_one(tmp_path: Path, value: str, wanted: str) -> None:
    """Bare as JSON does not allow it, or as text: it is the number that was logged."""
    card = card_of(tmp_path, [run(name="x"), step(0, {"loss": value})])
    assert repr(card.metrics["loss"].last) == wanted


def test_what_is_no_number_is_named(tmp_path: Path) -> None:
    """Texts, booleans, images and tables are no metrics; that they were logged is said."""
    media = item(["hist", "_type"], '"histogram"') + item(["hist", "bins"], "[0,1]")
    media += item(["tab", "_type"], '"table-file"') + item(["tab", "size"], "30")
    image = '{"_type": "image-file", "width": 28}'
    odd = step(1, {"flag": "true", "word": '"a"', "none": "null", "list": "[1]", "img": image})
    one = encoding.record(encoding.HISTORY, media + item(["tabs", "size"], "7"))
    card = card_of(tmp_path, [run(name="x"), one, odd])
    assert set(card.metrics) == {"tabs.size"}
    assert card.facts["logged_otherwise"] == (
        "hist (histogram), tab (table-file), flag (boolean), word (text), list (list), "
        "img (image-file)"
    )


def test_nested_names_are_joined_with_dots(tmp_path: Path) -> None:
    """In parts, as wandb writes them now, or as a dictionary, as it did before."""
    parts = encoding.record(encoding.HISTORY, item(["a", "b", "c"], "1") + item("a.d", "2"))
    card = card_of(tmp_path, [run(name="x"), parts, step(1, {"e": '{"f": 3, "g": {"h": "NaN"}}'})])
    found = {name: summary.last for name, summary in card.metrics.items()}
    assert found.pop("e.g.h") != 0
    assert found == {"a.b.c": 1, "a.d": 2, "e.f": 3}


def test_fields_of_a_kind_of_their_own_are_values(tmp_path: Path) -> None:
    """The library's protocol has typed values too, should they come to be used."""
    body = encoding.text(1, encoding.text(2, "whole") + encoding.whole(5, 7))
    body += encoding.text(1, encoding.text(2, "real") + b"\x31" + b"\0\0\0\0\0\0\xe0\x3f")
    body += encoding.text(1, encoding.text(2, "flag") + encoding.whole(4, 1))
    body += encoding.text(1, encoding.text(2, "json") + encoding.text(8, "2.5"))
    card = card_of(tmp_path, [run(name="x"), encoding.record(encoding.HISTORY, body)])
    assert {name: s.last for name, s in card.metrics.items()} == {
        "whole": -4.0, "real": 0.5, "json": 2.5,
    }  # fmt: skip


def test_params_are_those_that_hold_at_the_end(tmp_path: Path) -> None:
    """Updates replace, removals remove, what is nested becomes flat; wandb's own is left out."""
    first = item("lr", "0.1") + item("opt", '{"name": "adam", "eps": NaN}') + item("gone", "1")
    later = item("lr", "0.2") + item(["opt2", "name"], '"sgd"')
    records = [
        run(name="x", config=first + item("_wandb", '{"t": 1}')),
        encoding.record(encoding.CONFIG, later + item("gone", "null", field=2)),
    ]
    card = card_of(tmp_path, records)
    assert card.params == {"lr": 0.2, "opt.name": "adam", "opt.eps": "NaN", "opt2.name": "sgd"}


def test_a_run_renamed_keeps_what_was_not_said_again(tmp_path: Path) -> None:
    """The newest record of a run counts, with its tags, group, job and note."""
    first = run(name="old", project="p", notes="n", tag="a")
    card = card_of(tmp_path, [first, run(name="new", group="g", job_type="eval", tag="b")])
    assert (card.name, card.experiment, card.group, card.note) == ("new", "p", "g", "n")
    assert card.tags == {"b": "true", "job_type": "eval"}


def test_values_of_the_summary_alone_are_metrics_of_one_point(tmp_path: Path) -> None:
    """At the end it is known that they have no curve; until then they are facts."""
    records = [run(name="x"), summary({"best": "0.5", "word": '"a"'}), *encoding.steps(3)]
    going = card_of(tmp_path / "going", records)
    assert "best" not in going.metrics
    assert (going.facts["summary.best"], going.facts["summary.word"]) == (0.5, "a")
    written(tmp_path / "ended", [*records, summary({"best": "0.7"}), end()])
    card, curves = looked_at(READER, tmp_path / "ended", FOLDER)
    assert (card.metrics["best"].count, card.metrics["best"].last) == (1, 0.7)
    assert card.metrics["best"].last_step is None
    assert curves.points["best"].values == [0.7]
    assert "summary.best" not in card.facts


def test_a_table_in_the_summary_is_no_metric(tmp_path: Path) -> None:
    """Its size and its rows are numbers of the table, not of the run."""
    table = item(["tab", "_type"], '"table-file"') + item(["tab", "nrows"], "7")
    records = [run(name="x"), encoding.record(encoding.SUMMARY, table), summary({"best": "1"})]
    card = card_of(tmp_path, [*records, end(), summary({"late": "2"})])
    assert {name: one.last for name, one in card.metrics.items()} == {"best": 1.0, "late": 2.0}
    assert not [fact for fact in card.facts if fact.startswith("summary.")]


def test_a_summary_that_says_otherwise_is_a_fact(tmp_path: Path) -> None:
    """A script that set its own last value changes no curve."""
    card = card_of(tmp_path, [run(name="x"), *encoding.steps(3), summary({"loss": "-7"}), end()])
    assert card.metrics["loss"].last == 2 / 7
    assert card.facts["summary.loss"] == -7


def test_rules_are_told(tmp_path: Path) -> None:
    """What ``define_metric`` said of a metric, or of all that begin alike."""
    loss = encoding.text(1, "loss") + encoding.text(4, "epoch")
    loss += encoding.text(7, encoding.whole(1, 1)) + encoding.whole(8, 1)
    every = encoding.text(2, "val/*") + encoding.text(7, encoding.whole(2, 1))
    records = [encoding.record(encoding.METRIC, body) for body in (loss, every)]
    card = card_of(tmp_path, [run(name="x"), *records, step(0, {"loss": "1", "val/auc": "2"})])
    assert card.rules == {
        "loss": Rule("min", "min", "epoch"), "val/auc": Rule(None, "max", None),
    }  # fmt: skip


def test_the_machine_is_measured_under_system(tmp_path: Path) -> None:
    """Samples of the machine have times and no steps."""
    body = encoding.text(2, encoding.whole(1, 1_795_000_009))
    body += encoding.text(3, encoding.text(1, "cpu") + encoding.text(16, "12.5"))
    written(tmp_path, [run(name="x"), encoding.record(encoding.STATS, body)])
    card, curves = looked_at(READER, tmp_path, FOLDER)
    points = curves.points["system/cpu"]
    assert (points.times, points.values) == ([1_795_000_009.0], [12.5])
    assert math.isnan(points.steps[0])
    assert card.metrics["system/cpu"].last_step is None


def test_datasets_and_the_command_are_told(tmp_path: Path) -> None:
    """What a run took in, and how it was started."""
    used = encoding.text(1, "id") + encoding.text(2, "dataset") + encoding.text(3, "team/p/iris:v3")
    place = (
        encoding.text(6, "/home/a/train me.py") + encoding.text(5, "--lr") + encoding.text(5, "1")
    )
    git = encoding.text(9, encoding.text(1, "git@x:y") + encoding.text(2, "c0ffee"))
    card = card_of(
        tmp_path,
        [
            run(name="x"), encoding.record(encoding.USE_ARTIFACT, used),
            encoding.record(encoding.ENVIRONMENT, place + git + encoding.text(12, "box")),
        ],
    )  # fmt: skip
    assert card.datasets == (Dataset("team/p/iris:v3", "input"),)
    assert card.facts["command"] == "python '/home/a/train me.py' --lr 1"
    assert (card.facts["commit"], card.facts["host"]) == ("c0ffee", "box")


@pytest.mark.parametrize(("age", "status"), [(QUIET - 60, "RUNNING"), (QUIET + 60, "STALE")])
def test_a_run_without_an_end_is_concluded(tmp_path: Path, age: float, status: str) -> None:
    """A block is written at a time: an hour of silence is borne, and it says it is inferred."""
    place = written(tmp_path, [run(name="x"), *encoding.steps(3)])
    os.utime(place / LOG, (1_795_000_000, 1_795_000_000))
    card = READER.read(tmp_path, FOLDER, b"", 1_795_000_000 + age).card
    assert (card.status, card.inferred, card.ended) == (status, True, None)
    assert card.facts["raw_status"] == "exit record: None"


def test_a_line_of_output_is_a_sign_of_life(tmp_path: Path) -> None:
    """Where the log is silent the console, which is written at once, counts."""
    place = written(tmp_path, [run(name="x")])
    os.utime(place / LOG, (1_795_000_000, 1_795_000_000))
    (place / "files" / "output.log").write_text("epoch 3\n", "utf-8")
    os.utime(place / "files" / "output.log", (1_795_009_000, 1_795_009_000))
    assert READER.read(tmp_path, FOLDER, b"", 1_795_009_060).card.status == "RUNNING"
    assert READER.texts(tmp_path, FOLDER) == {"console": place / "files" / "output.log"}


def test_the_last_traceback_is_the_error(tmp_path: Path) -> None:
    """Of a script that failed, the lines it printed at its end."""
    place = written(tmp_path, [run(name="x"), end(1)])
    printed = "epoch 1\nTraceback (most recent call last):\n  File x\nValueError: boom\n"
    (place / "files" / "output.log").write_text(printed, "utf-8")
    card = READER.read(tmp_path, FOLDER, b"", LATER).card
    assert card.error == (
        "Traceback (most recent call last):", "  File x", "ValueError: boom",
    )  # fmt: skip


METADATA = {"host": "box", "git": {"commit": "c0ffee"}, "program": "a.py", "args": ["-x"], "gpu": 3}
SUMMARY = {"loss": 0.25, "val": {"auc": "NaN"}, "_step": 9, "img": {"_type": "image-file", "w": 1}}


def without_log(root: Path, files: Mapping[str, str]) -> Path:
    """Write the folder of an online run whose log is gone."""
    place = root / "run-20261121_120000-xyz"
    (place / "files").mkdir(parents=True)
    for name, content in files.items():
        (place / "files" / name).write_text(content, "utf-8")
    return place


def test_a_run_that_lost_its_log_shows_its_summary(tmp_path: Path) -> None:
    """Params and last values are there, that there are no curves is said."""
    files = {
        "config.yaml": "wandb_version: 1\nlr:\n  desc: null\n  value: 0.1\n_wandb:\n  value: {}\n",
        "wandb-summary.json": json.dumps(SUMMARY), "wandb-metadata.json": json.dumps(METADATA),
    }  # fmt: skip
    place = without_log(tmp_path, files)
    claim = READER.claim(folder_of(place), place.name, None)
    assert claim is not None
    assert (claim.identity, claim.closed) == ("xyz", True)
    card, curves = looked_at(READER, tmp_path, place.name)
    assert (card.run_id, card.params) == ("xyz", {"lr": 0.1})
    assert (set(card.metrics), card.metrics["loss"].last) == ({"loss", "val.auc"}, 0.25)
    assert "no curves" in card.faults[0].reason
    assert card.facts["commit"] == "c0ffee"
    again = READER.points(tmp_path, place.name, None, curves.progress)
    assert (again.points, again.restarted) == ({}, False)


@pytest.mark.parametrize("bad", ["{", "[1]", "x" * 2_000_000, '{"a": 1' + "0" * 400 + "}"])
def test_files_that_cannot_be_read_are_faults(tmp_path: Path, bad: str) -> None:
    """Each by itself; what the others say is shown."""
    place = without_log(tmp_path, {"config.yaml": "lr: {value: 1}\n", "wandb-summary.json": bad})
    card = READER.read(tmp_path, place.name, b"", LATER).card
    assert card.params == {"lr": 1}
    assert len(card.faults) == 2 or card.metrics["a"].last == math.inf


def test_a_folder_with_nothing_of_wandb_is_none(tmp_path: Path) -> None:
    """The name alone makes no run, nor can such a key be read."""
    place = without_log(tmp_path, {})
    assert READER.claim(folder_of(place), place.name, None) is None
    with pytest.raises(FormatError):
        READER.read(tmp_path, place.name, b"", LATER)


def test_the_link_to_the_latest_run_is_not_a_run(tmp_path: Path) -> None:
    """It leads to one that is listed already."""
    written(tmp_path / "wandb", [run(name="x"), end()])
    (tmp_path / "wandb" / "latest-run").symlink_to(FOLDER, target_is_directory=True)
    assert set(folder_cards(READER, tmp_path)) == {f"wandb/{FOLDER}"}
    with pytest.raises(FormatError):
        READER.read(tmp_path, "wandb/latest-run", b"", LATER)


def test_a_copied_log_alone_is_a_run(tmp_path: Path) -> None:
    """Somebody's mail with nothing but the log, in a folder of any name."""
    place = tmp_path / "from-ana"
    place.mkdir()
    (place / LOG).write_bytes(encoding.encoded([run(name="x"), *encoding.steps(2), end()]))
    cards = folder_cards(READER, tmp_path)
    assert cards["from-ana"].run_id == RUN_ID
    assert READER.read(place, HERE, b"", LATER).card.name == "x"


def test_artifacts_are_found_and_nothing_else(tmp_path: Path) -> None:
    """A path leads to a file of the run, never to its log or out of its folder."""
    place = written(tmp_path, [run(name="x"), end()])
    (place / "files" / "media").mkdir()
    (place / "files" / "media" / "a.png").write_bytes(b"png")
    card = READER.read(tmp_path, FOLDER, b"", LATER).card
    assert [(a.path, a.size) for a in card.artifacts] == [("files/media/a.png", 3)]
    assert READER.artifact(tmp_path, FOLDER, "files/media/a.png").read_bytes() == b"png"
    for path in (LOG, "files/../" + LOG, "files/", "/etc/passwd", "files/nothing"):
        with pytest.raises(NotFoundError):
            READER.artifact(tmp_path, FOLDER, path)


def test_the_stamp_changes_with_the_log(tmp_path: Path) -> None:
    """A run is looked at again when its log has grown, and only then."""
    place = written(tmp_path, [run(name="x")])
    one = READER.claim(folder_of(place), FOLDER, None)
    same = READER.claim(folder_of(place), FOLDER, None)
    with (place / LOG).open("ab") as file:
        file.write(b"more")
    other = READER.claim(folder_of(place), FOLDER, None)
    assert one is not None
    assert same is not None
    assert other is not None
    assert one.stamp == same.stamp != other.stamp
    assert one.identity == RUN_ID


def test_a_copy_is_not_taken_for_a_resumed_run(tmp_path: Path) -> None:
    """A folder somebody named has no identity: its points would count twice."""
    for name in (FOLDER, f"{FOLDER}-backup", "mine"):
        place = written(tmp_path, [run(name="x"), end()], name)
        claim = READER.claim(folder_of(place), name, None)
        assert claim is not None
        assert claim.identity == (RUN_ID if name == FOLDER else "")
    reader = reader_named("folders")
    assert set(reader.survey(tmp_path, None).refs) == {FOLDER, f"{FOLDER}-backup", "mine"}


def test_several_logs_in_one_folder_are_told(tmp_path: Path) -> None:
    """The one the folder is named after is read; that there are others is a fault."""
    place = written(tmp_path, [run(name="x"), *encoding.steps(2), end()])
    (place / "run-aaa.wandb").write_bytes(encoding.encoded([run(name="other"), end()]))
    card, _ = looked_at(READER, tmp_path, FOLDER)
    assert (card.name, card.run_id) == ("x", RUN_ID)
    assert card.faults[0].reason.startswith("holds 2 logs; only run-abc12345.wandb is read")


def test_runs_below_a_folder_with_a_log_are_not_hidden(tmp_path: Path) -> None:
    """A log that somebody put down among other folders closes none of them."""
    (tmp_path / LOG).write_bytes(encoding.encoded([run(name="x"), end()]))
    written(tmp_path / "old", [run(name="y"), end()])
    assert set(folder_cards(READER, tmp_path)) == {HERE, f"old/{FOLDER}"}


def test_links_in_a_run_are_not_followed(tmp_path: Path) -> None:
    """Neither to files nor to a folder of them, whatever is asked for."""
    place = written(tmp_path / "runs", [run(name="x"), end(1)])
    outside = tmp_path / "outside"
    outside.mkdir()
    for name in ("wandb-metadata.json", "output.log", "config.yaml"):
        (outside / name).write_text(json.dumps(METADATA), "utf-8")
    (place / "files").rmdir()
    (place / "files").symlink_to(outside, target_is_directory=True)
    card, _ = looked_at(READER, tmp_path / "runs", FOLDER)
    assert "host" not in card.facts
    assert (card.artifacts, card.error) == ((), ())
    assert READER.texts(tmp_path / "runs", FOLDER) == {}
    with pytest.raises(NotFoundError):
        READER.artifact(tmp_path / "runs", FOLDER, "files/output.log")
