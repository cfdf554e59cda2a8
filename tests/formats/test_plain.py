"""Plain folders: what is taken for metrics, for steps, for times and for params."""

import codecs
import json
import math
import os
from pathlib import Path
from typing import Any

import pytest

from workbench.errors import FormatError
from workbench.formats.contract import Claim, Folder, Reading, RunCard
from workbench.formats.detect import reader_named
from workbench.formats.folders.reader import FoldersReader
from workbench.formats.foreign import held
from workbench.formats.plain import PlainReader
from workbench.formats.plain_config import flat
from workbench.formats.points import summarise
from workbench.formats.tables.beginnings import beginning, is_table
from workbench.formats.tables.pieces import may_be_table

READER = reader_named("folders")
LATER = 1_900_000_000.0
LEVELS = ("ab", "bc", "cd", "de")
"""Each name nine times in the next: a few lines that stand for thousands of values."""


def run(folder: Path, **files: str) -> RunCard:
    """Write files (``__`` for the dot of a name) and read the folder as a run."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_bytes(text.encode())
    return READER.read(folder, ".", b"", LATER).card


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        ("metrics.csv", "step,loss\n0,1\n1,0.5\n", [1, 0.5]),
        ("history.csv", "epoch;loss;acc\r\n0;1,5;0\r\n1;0,5;0\r\n", [1.5, 0.5]),
        ("training.log", "epoch,loss,acc\n0,NA,0\n1,0.5,0\n", [0.5]),
        ("results.csv", "  epoch,   loss  \n  0,  1\n  1,  2\n", [1, 2]),
        ("a.tsv", "step\tloss\n0\t1\n1\tinf\n", [1, math.inf]),
        ("m.csv", "\ufeffstep,loss,phase\n0,1,train\n1,2,val\n", [1, 2]),
        ("m.csv", "step,loss\n0,1\nstep,loss\n1,2\n", [1, 2]),
        ("m.csv", "step,loss\n0,1\n\n1,\n2,2\n3", [1, 2]),
        ("m.csv", 'step,loss,"vec, 2"\n0,1,"[1, 2]"\n1,2,"[3, 4]"\n', [1, 2]),
        ("metrics.jsonl", '{"loss": 1}\n{"loss": 2}\n', [1, 2]),
        ("x.jsonl", '{"epoch": 0, "loss": 1, "ok": true}\n{"epoch": 1, "loss": -Infinity}\n',
         [1, -math.inf]),
        ("result.json", '{"training_iteration": 1, "loss": 1}\n', [1]),
        ("log.ndjson", '{"step": 1, "loss": "1", "b": 2}\n{"step": 2, "loss": "inf"}\n',
         [math.inf]),
    ],
)  # fmt: skip
def test_values_are_found(tmp_path: Path, name: str, text: str, values: list[float]) -> None:
    """Separators, spellings, spaces and gaps of all sorts give the values meant."""
    card = run(tmp_path / "run", **{name.replace(".", "__"): text})
    points = READER.points(tmp_path / "run", ".", frozenset(["loss"]), None).points["loss"]
    assert points.values == values
    assert card.metrics["loss"].count == len(values)
    assert card.faults == ()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data.csv", "age,sex\n1,2\n"),
        ("steps.csv", "step\n1\n2\n"),
        ("names.csv", "step,name\n1,ana\n"),
        ("train.jsonl", '{"text": "a", "label": 1}\n'),
        ("package.json", '{"step": 1, "loss": 2}\n'),
        ("metrics.json", '{"loss": 0.5}'),
        ("log.txt", "step,loss\n1,2\n"),
        ("cv_results.csv", "epoch,loss\n1,2\n"),
        ("x.jsonl", "[1, 2]\n"),
        ("x.jsonl", '{"step": 1}\n'),
        ("metrics.jsonl", '{"step": 1, "loss": 2}'),
    ],
)
def test_other_tables_are_left_alone(tmp_path: Path, name: str, text: str) -> None:
    """Data, lists of names and files without one whole line are no metrics."""
    (tmp_path / name).write_text(text, "utf-8")
    assert not (may_be_table(name) and is_table(beginning(tmp_path, name)))


def test_times_are_understood(tmp_path: Path) -> None:
    """Seconds, milliseconds and ISO times are times; a small number is a duration."""
    for text in (
        "step,time,loss\n0,1795000000,1\n",
        "step,timestamp,loss\n0,1795000000000,1\n",
        "step,ts,loss\n0,2026-11-18T11:06:40+00:00,1\n",
    ):
        card = run(tmp_path / "run", metrics__csv=text)
        assert (card.started, set(card.metrics)) == (1795000000.0, {"loss"})
    card = run(tmp_path / "run", metrics__csv="step,time,loss\n0,3.5,1\n")
    assert set(card.metrics) == {"time", "loss"}
    assert card.facts["times"] == "the files' dates"


def test_several_tables_keep_their_names_apart(tmp_path: Path) -> None:
    """Where two tables have the same metric both are shown."""
    card = run(tmp_path / "run", train__csv="step,loss\n0,1\n", val__csv="step,loss\n0,2\n")
    assert {name: summary.last for name, summary in card.metrics.items()} == {
        "train/loss": 1,
        "val/loss": 2,
    }


def test_a_table_that_appears_later_starts_the_curves_over(tmp_path: Path) -> None:
    """Names change when a second table comes, and that is said."""
    run(tmp_path / "run", train__csv="step,loss\n0,1\n")
    places = READER.points(tmp_path / "run", ".", None, None).progress
    (tmp_path / "run" / "val.csv").write_text("step,loss\n0,2\n", "utf-8")
    found = READER.points(tmp_path / "run", ".", None, places)
    assert found.restarted
    assert set(found.points) == {"train/loss", "val/loss"}


def test_a_header_written_over_the_old_one_starts_over(tmp_path: Path) -> None:
    """A table rewritten in place with a new column, longer than before, is read anew."""
    folder = tmp_path / "run"
    run(folder, metrics__csv="step,loss\n0,1\n1,2\n")
    one = READER.read(folder, ".", b"", LATER)
    places = READER.points(folder, ".", None, None).progress
    with (folder / "metrics.csv").open("r+b") as file:
        file.write(b"acc,loss,step\n0.1,1,0\n0.2,2,1\n0.3,3,2\n")
    two = READER.read(folder, ".", one.progress, LATER)
    assert repr(two.card) == repr(READER.read(folder, ".", b"", LATER).card)
    assert two.card.metrics["acc"].count == 3
    assert READER.points(folder, ".", None, places).restarted


def test_rows_of_another_width_are_told(tmp_path: Path) -> None:
    """A row that lost cells gives no numbers at all."""
    card = run(tmp_path / "run", metrics__csv="step,loss,acc\n0,1,2\n1,2\n2,x,4\n3,4,5\n")
    assert card.metrics["loss"].count == 2
    assert card.metrics["acc"].count == 3
    assert [fault.line for fault in card.faults] == [3, 4]


def test_params_come_from_whatever_is_there(tmp_path: Path) -> None:
    """YAML, JSON, TOML and Hydra's folder are params; the first file counts, Hydra's fills in."""
    folder = tmp_path / "run"
    (folder / ".hydra").mkdir(parents=True)
    (folder / ".hydra" / "config.yaml").write_text("seed: 3\nlr: 9\n", "utf-8")
    card = run(
        folder,
        metrics__csv="step,loss\n0,1\n",
        config__yaml="lr: 1e-3\nmodel: {depth: 4}\nday: 2024-01-01\nx: .nan\n",
        params__json='{"lr": 5, "layers": [1, 2], "deep": {"a": {"b": null}}}',
        hparams__toml='name = "x"\n[opt]\nmomentum = 0.9\n',
    )
    assert card.params == {
        "lr": 0.001, "model.depth": 4, "day": "2024-01-01", "x": "NaN", "layers": [1, 2],
        "deep.a.b": None, "name": "x", "opt.momentum": 0.9, "seed": 3,
    }  # fmt: skip


def test_tags_that_would_make_objects_are_data(tmp_path: Path) -> None:
    """A config of Python objects is read as the data it holds; nothing is made of it."""
    text = "a: !!python/object:os.path {b: 1}\nc: !mine text\nd: !!python/tuple [1, 2]\n"
    card = run(tmp_path / "run", metrics__csv="step,loss\n0,1\n", config__yaml=text)
    assert card.params == {"a.b": 1, "c": "text", "d": [1, 2]}


@pytest.mark.parametrize(
    "text",
    [
        "[1, 2]",
        "a: [",
        "a: &a [x, x]\n" + "".join(f"{n}: &{n} [{', '.join(['*' + o] * 9)}]\n" for o, n in LEVELS),
        "a: &a [*a]",
        "x: " + "[" * 400 + "]" * 400,
    ],
)
def test_a_config_that_cannot_be_is_a_fault(tmp_path: Path, text: str) -> None:
    """Torn, endless and wrong configurations leave the metrics to be seen."""
    card = run(tmp_path / "run", metrics__csv="step,loss\n0,1\n", config__yaml=text)
    assert card.params == {}
    assert [fault.path for fault in card.faults] == ["config.yaml"]
    assert card.metrics["loss"].count == 1


@pytest.mark.parametrize(
    ("name", "text", "params", "told"),
    [
        ("config.yaml", "a: 1\nlr: 0.", {"a": 1, "lr": 0.0}, True),
        ("config.yaml", "a: 1\nlr:", {"a": 1, "lr": None}, True),
        ("config.yaml", "a:\n  - 1\n  - 4", {"a": [1, 4]}, True),
        ("config.toml", "a = 1\nlr = 4", {"a": 1, "lr": 4}, True),
        ("config.yaml", "a: 1\nopt: adam", {"a": 1, "opt": "adam"}, False),
        ("config.yaml", "a: 1\nb: [1, 2]", {"a": 1, "b": [1, 2]}, False),
        ("config.yaml", "a: 1\nlr: 0.1 # the best of 9", {"a": 1, "lr": 0.1}, False),
        ("config.yaml", "a: 1\n# of 9", {"a": 1}, False),
        ("config.json", '{"a": 1}', {"a": 1}, False),
    ],
)
def test_a_number_that_may_be_cut_is_never_shown_as_right(
    tmp_path: Path, name: str, text: str, params: dict[str, Any], told: bool
) -> None:
    """A file whose last line has no end is told of if a longer number may have been meant."""
    card = run(tmp_path / "run", metrics__csv="step,loss\n0,1\n", **{name.replace(".", "__"): text})
    assert card.params == params
    assert [fault.path for fault in card.faults] == [name] * told


def test_a_config_that_is_being_written_shows_its_whole_lines(tmp_path: Path) -> None:
    """While the file is young its unfinished line is no param, of whatever kind it is."""
    run(tmp_path / "run", metrics__csv="step,loss\n0,1\n", config__yaml="a: 1\nopt: ada")
    now = (tmp_path / "run" / "config.yaml").stat().st_mtime + 5
    card = READER.read(tmp_path / "run", ".", b"", now).card
    assert (card.params, [fault.path for fault in card.faults]) == ({"a": 1}, ["config.yaml"])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("config.yaml", "a: 1\nb: 'x' y\n", "line 2 is not YAML"),
        ("config.json", '{"a":\n x}', "line 2 is not JSON"),
        ("config.toml", "a = 1\nb = \n", "line 2 is not TOML"),
        ("config.json", '{"a": ' + "9" * 5000 + "}", "a number of more digits than are read"),
        ("config.json", "[" * 100_000, "it is nested too deep"),
        ("config.yaml", "x: " + "[" * 400 + "]" * 400, "it is nested too deep"),
    ],
)
def test_a_config_that_does_not_decode_is_told_in_words_for_people(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    """What it is not and in which line, without the words of a parser."""
    card = run(tmp_path / "run", metrics__csv="step,loss\n0,1\n", **{name.replace(".", "__"): text})
    (fault,) = card.faults
    assert fault.reason.removeprefix("cannot be read: it does not decode: ").endswith(said)
    assert len(fault.reason) < 100


def test_only_values_of_json_are_params() -> None:
    """Names are text, numbers finite, everything else is text."""
    assert flat({1: {2: {3}}, "x": math.inf, "e": {}}) == {"1.2": [3], "x": "Infinity", "e": {}}


def test_status_is_concluded_from_change(tmp_path: Path) -> None:
    """Files that change are a run that goes on; nobody knows about the others."""
    run(tmp_path / "run", metrics__csv="step,loss\n0,1\n")
    os.utime(tmp_path / "run" / "metrics.csv", (1000, 1000))
    going = READER.read(tmp_path / "run", ".", b"", 1059).card
    quiet = READER.read(tmp_path / "run", ".", b"", 1060).card
    assert (going.status, going.inferred, going.ended) == ("RUNNING", True, None)
    assert (quiet.status, quiet.inferred, quiet.ended) == ("UNKNOWN", True, 1000)


def test_runs_in_runs_do_not_share_files(tmp_path: Path) -> None:
    """A run inside another one keeps its files to itself."""
    run(tmp_path / "run", metrics__csv="step,loss\n0,1\n")
    run(tmp_path / "run" / "inner", metrics__csv="step,loss\n0,1\n")
    (tmp_path / "run" / "plots").mkdir()
    (tmp_path / "run" / "plots" / "a.png").write_bytes(b"x")
    card = READER.read(tmp_path, "run", b"", LATER).card
    assert [artifact.path for artifact in card.artifacts] == ["metrics.csv", "plots/a.png"]
    assert set(READER.survey(tmp_path, None).refs) == {"run", "run/inner"}


def test_a_folder_without_metrics_is_no_run(tmp_path: Path) -> None:
    """What has no table is refused."""
    with pytest.raises(FormatError):
        READER.read(tmp_path, ".", b"", LATER)


@pytest.mark.parametrize("name", ["metrics.jsonl", "m.jsonl", "m.csv"])
def test_a_first_line_may_be_long(tmp_path: Path, name: str) -> None:
    """Thousands of metrics of a step do not make a run none."""
    names = [f"layer/{number}/gradient_norm" for number in range(4_000)]
    row = dict.fromkeys(names, 0.5)
    text = f"step,{','.join(names)}\n0{',0.5' * len(names)}\n"
    if name.endswith(".jsonl"):
        text = json.dumps({"step": 0, **row}) + "\n"
    card = run(tmp_path / "run", **{name.replace(".", "__"): text})
    assert (len(card.metrics), card.faults) == (4_000, ())


@pytest.mark.parametrize("name", ["metrics.jsonl", "m.csv"])
def test_a_first_line_too_long_to_be_read_is_told(tmp_path: Path, name: str) -> None:
    """There is a run, and why it shows nothing."""
    line = ",".join(f"metric{number}" for number in range(900_000))
    text = f"step,{line}\n" if name.endswith(".csv") else f'{{"step": 0, "a": "{line}"}}\n'
    card = run(tmp_path / "run", **{name.replace(".", "__"): text})
    assert (dict(card.metrics), [fault.path for fault in card.faults]) == ({}, [name])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
@pytest.mark.parametrize("name", ["m.csv", "m.jsonl"])
def test_a_table_in_utf_16_is_told(tmp_path: Path, name: str, encoding: str) -> None:
    """Some shells on Windows write it so: the folder is a run, and what to do is said."""
    text = "step,loss\n0,1\n" if name.endswith(".csv") else '{"step": 0, "loss": 1}\n'
    folder = tmp_path / "run"
    folder.mkdir()
    mark = codecs.BOM_UTF16_BE if encoding == "utf-16-be" else b""
    (folder / name).write_bytes(mark + text.encode(encoding))
    assert list(READER.survey(tmp_path, None).refs) == ["run"]
    (fault,) = READER.read(tmp_path, "run", b"", LATER).card.faults
    assert (fault.path, "UTF-16" in fault.reason) == (f"run/{name}", True)


class Own:
    """A reader of somebody else's, of folders with a table of its own."""

    name, title, live, verified, lists_files = "own", "", "", "", False

    def detect(self, folder: Folder) -> bool:
        """Say whether its mark is there."""
        return "own.cfg" in folder.files

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim:
        """Return its claim."""
        del folder, path, before
        return Claim(1, live=True)

    def owns_table(self, folder: Folder, name: str, first: bytes) -> bool:
        """Say that the table beside the mark is its own."""
        del name
        return "own.cfg" in folder.files and first.startswith(b"step,loss\n")

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run."""
        del root, key, progress, now
        return Reading(RunCard("", "x", "e", metrics={"train/loss": summarise([1.0], [0])}), b"")


def test_a_table_another_reader_owns_is_read_once(tmp_path: Path) -> None:
    """Whoever adds a format may say which tables are its own."""
    for name, text in (("own.cfg", "x"), ("own.csv", "step,loss\n0,1\n")):
        (tmp_path / name).write_text(text)
    own: Any = held(Own())
    card = FoldersReader([own, PlainReader([own])], []).read(tmp_path, ".", b"", LATER).card
    assert (card.format, list(card.metrics)) == ("own", ["train/loss"])


def test_tables_that_are_left_out_are_told(tmp_path: Path) -> None:
    """Of a folder with very many tables the first are shown, with one fault for all others."""
    tables = {f"m{number:02}__csv": "step,loss\n0,1\n1,2\n" for number in range(16)}
    assert run(tmp_path / "run", **tables).faults == ()
    more = {f"n{number}__csv": "step,loss\n0,1\n1,2\n" for number in range(3)}
    card = run(tmp_path / "run", **more)
    assert len(card.metrics) == 16
    assert ["3 are left out" in fault.reason for fault in card.faults] == [True]
