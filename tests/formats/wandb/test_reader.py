"""What a run's log tells: numbers, params, names, rules and what stands beside them."""

import math
from pathlib import Path

import pytest

from tests.formats.checking import LATER
from tests.formats.following import looked_at
from tests.formats.wandb import encoding
from tests.formats.wandb.encoding import FOLDER, end, item, run, step, summary, written
from workbench.formats.contract import Dataset, Points, Rule, RunCard
from workbench.formats.wandb.reader import WandbReader

READER = WandbReader()


def card_of(root: Path, records: list[bytes], now: float = LATER) -> RunCard:
    """Return the card of a run with a log of these records."""
    written(root, records)
    return READER.read(root, FOLDER, b"", now).card


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


def test_params_beyond_all_measure_are_left_out_and_told(tmp_path: Path) -> None:
    """Somebody's whole data set among the params; those that fit are shown."""
    large = '"' + "x" * 3_000_000 + '"'
    config = item("lr", "0.1") + item("a", large) + item("b", large) + item("z", "1")
    card = card_of(tmp_path, [run(name="x", config=config)])
    assert (card.params["lr"], card.params["z"], set(card.params)) == (0.1, 1, {"lr", "a", "z"})
    assert "the param 'b' has no room" in card.faults[0].reason


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


def test_more_metrics_than_there_is_room_for_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that came first go on, look after look; of the others there is a fault."""
    monkeypatch.setattr("workbench.formats.wandb.telling.MOST_NAMES", 3)
    records = [run(name="x"), *encoding.steps(3, ["a", "b", "c", "d", "e"])]
    place = written(tmp_path, records)
    first = READER.read(tmp_path, FOLDER, b"", LATER)
    (place / encoding.LOG).write_bytes(
        encoding.encoded([*records, *[step(n, dict.fromkeys("cde", "1")) for n in (3, 4)]])
    )
    card = READER.read(tmp_path, FOLDER, first.progress, LATER).card
    counts = {name: summary.count for name, summary in card.metrics.items()}
    assert counts == {"a": 3, "b": 3, "c": 5}
    assert ["metrics; the others are left out" in fault.reason for fault in card.faults] == [True]
    curves = READER.points(tmp_path, FOLDER, None, None)
    assert {name: len(points.values) for name, points in curves.points.items()} == counts
