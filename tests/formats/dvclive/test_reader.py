"""DVCLive's folders: named by path, written over in place, and taken by the next run."""

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.formats.checking import (
    LATER,
    SPECIMENS,
    damaged,
    expected,
    figures,
    folder_cards,
    told,
)
from workbench.errors import FormatError
from workbench.formats.artifacts import files_below
from workbench.formats.contract import Curves
from workbench.formats.dvclive.reader import DvcliveReader
from workbench.formats.points import summarise
from workbench.runfolder import RUNNING, UNKNOWN, flatten

DATA = SPECIMENS / "dvclive" / "data"
READER = DvcliveReader()
ODD = "runs/diverged, lr=1e3 (50% off) é"


def listing(folder: Path) -> list[str]:
    """Return every path below a folder."""
    return sorted(str(path) for path in folder.rglob("*"))


def live(root: Path, rows: int = 3) -> Path:
    """Return a folder as DVCLive leaves it after some steps, below ``root``."""
    folder = root / "dvclive"
    for name, column in (("loss", "loss"), ("val/acc", "acc")):
        path = folder / "plots" / "metrics" / f"{name}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"{step}\t{1 / (step + 1)}\n" for step in range(rows))
        path.write_text(f"step\t{column}\n{lines}", "utf-8")
    (folder / "params.yaml").write_text("lr: 0.01\n", "utf-8")
    (folder / "metrics.json").write_text(
        json.dumps({"loss": 1 / rows, "val": {"acc": 1 / rows}, "step": rows, "best": 0.5}) + "\n"
    )
    return folder


def points(root: Path, key: str, progress: object = None) -> Curves:
    """Return all points past a place."""
    return READER.points(root, key, None, progress)


def test_every_run_of_the_specimen_is_found_with_all_that_dvclive_reads_in_it() -> None:
    """Names, params, figures of every metric, latest values and files are those expected."""
    before = listing(DATA)
    cards = folder_cards(READER, DATA)
    wanted = {run["path"]: run for run in expected("dvclive")["runs"]}
    assert cards.keys() == wanted.keys()
    for key, run in wanted.items():
        card = cards[key]
        series = {n: m for n, m in card.metrics.items() if n in run["metrics"]}
        assert (card.name, card.status, card.inferred) == (run["name"], UNKNOWN, True)
        assert card.params == flatten(run["params"])
        assert dict(card.tags) == run["tags"]
        assert told(series, run["metrics"]) == figures(run["metrics"])
        assert [file.path for file in files_below(str(DATA / key))] == run["artifacts"]
        assert card.faults == ()
        assert latest(card.metrics) == without_step(run["latest_json"])
    assert listing(DATA) == before


def without_step(values: dict[str, Any]) -> dict[str, str]:
    """Return the latest values but the step, as text: NaN equals itself then."""
    return {name: repr(float(value)) for name, value in values.items() if name != "step"}


def latest(metrics: Any) -> dict[str, str]:
    """Return the last value of every metric, as text."""
    return {name: repr(summary.last) for name, summary in metrics.items()}


def test_curves_are_what_the_summaries_say() -> None:
    """The points of every run, summarised, are the metrics of its card."""
    for key, card in folder_cards(READER, DATA).items():
        found = points(DATA, key).points
        summaries = {
            name: summarise(p.values, [None if math.isnan(s) else int(s) for s in p.steps])
            for name, p in found.items()
        }
        assert repr(sorted(summaries.items())) == repr(sorted(card.metrics.items()))


def test_a_column_is_named_by_its_path(tmp_path: Path) -> None:
    """Two files whose headers name the same column are two metrics."""
    folder = live(tmp_path)
    other = folder / "plots" / "metrics" / "train" / "acc.tsv"
    other.parent.mkdir()
    other.write_text("step\tacc\n0\t0.25\n")
    card = READER.read(tmp_path, "dvclive", b"", LATER).card
    assert card.metrics["train/acc"].last == 0.25
    assert card.metrics["val/acc"].count == 3


def test_times_are_taken_where_they_were_logged(tmp_path: Path) -> None:
    """A file with timestamps gives the run its times and its points theirs."""
    folder = live(tmp_path)
    path = folder / "plots" / "metrics" / "timed.tsv"
    path.write_text("timestamp\tstep\ttimed\n1700000000500\t0\t2\n1700000009500\t1\tnan\n")
    card = READER.read(tmp_path, "dvclive", b"", LATER).card
    assert (card.started, card.ended) == (1700000000.5, 1700000009.5)
    assert card.metrics["timed"].nans == 1
    assert points(tmp_path, "dvclive").points["timed"].times == [1700000000.5, 1700000009.5]
    assert "times" not in card.facts


def test_a_run_is_going_on_while_its_files_change(tmp_path: Path) -> None:
    """Shortly after a change it is taken for running, and that is said to be a conclusion."""
    folder = live(tmp_path)
    at = (folder / "metrics.json").stat().st_mtime
    soon = READER.read(tmp_path, "dvclive", b"", at + 1).card
    assert (soon.status, soon.inferred, soon.ended) == (RUNNING, True, None)
    assert READER.read(tmp_path, "dvclive", b"", at + 3600).card.status == UNKNOWN


def test_what_is_logged_is_added_without_reading_again(tmp_path: Path) -> None:
    """Reading on gives what reading all at once gives; a row half written waits."""
    folder = live(tmp_path)
    first, progress = READER.read(tmp_path, "dvclive", b"", LATER)
    curves = points(tmp_path, "dvclive")
    path = folder / "plots" / "metrics" / "loss.tsv"
    with path.open("a") as file:
        file.write("3\t0.25\n4\t0.")
    card, progress = READER.read(tmp_path, "dvclive", progress, LATER)
    assert card.metrics["loss"].count == first.metrics["loss"].count + 1
    new = points(tmp_path, "dvclive", curves.progress)
    assert (new.points["loss"].values, new.restarted) == ([0.25], False)
    with path.open("a") as file:
        file.write("125\n")
    card, _ = READER.read(tmp_path, "dvclive", progress, LATER)
    assert card.metrics == READER.read(tmp_path, "dvclive", b"", LATER).card.metrics
    assert points(tmp_path, "dvclive", new.progress).points["loss"].values == [0.125]


def test_half_of_a_written_over_file_leaves_what_was_read_before(tmp_path: Path) -> None:
    """Values and params of the last look stand until the files are whole again."""
    folder = live(tmp_path)
    whole, progress = READER.read(tmp_path, "dvclive", b"", LATER)
    for name, half in (("metrics.json", '{"loss": 0.33, "be'), ("params.yaml", "lr: 0.0")):
        (folder / name).write_text(half)
    at = (folder / "metrics.json").stat().st_mtime
    card, progress = READER.read(tmp_path, "dvclive", progress, at + 1)
    assert (card.metrics, card.params) == (whole.metrics, whole.params)
    card, progress = READER.read(tmp_path, "dvclive", progress, at + 60)
    assert {fault.path for fault in card.faults} >= {"dvclive/metrics.json"}
    (folder / "metrics.json").write_text('{"loss": 0.3, "best": 0.75}')
    assert READER.read(tmp_path, "dvclive", progress, LATER).card.metrics["best"].last == 0.75


def test_spellings_of_nan_are_numbers(tmp_path: Path) -> None:
    """The word, the bare constant and the infinities are read; other words are no metrics."""
    folder = live(tmp_path)
    (folder / "metrics.json").write_text('{"a": "nan", "b": NaN, "c": "-inf", "d": "word", "e": 1}')
    metrics = READER.read(tmp_path, "dvclive", b"", LATER).card.metrics
    assert math.isnan(metrics["a"].last)
    assert math.isnan(metrics["b"].last)
    assert (metrics["c"].last, metrics["e"].last) == (-math.inf, 1.0)
    assert "d" not in metrics


def test_the_next_run_in_the_folder_starts_over(tmp_path: Path) -> None:
    """Nothing of the run before is left in the card or the curves."""
    folder = live(tmp_path, rows=9)
    _, progress = READER.read(tmp_path, "dvclive", b"", LATER)
    curves = points(tmp_path, "dvclive")
    shutil.rmtree(folder / "plots")
    (folder / "metrics.json").unlink()
    path = folder / "plots" / "metrics" / "loss.tsv"
    path.parent.mkdir(parents=True)
    path.write_text("step\tloss\n0\t7\n")
    card, _ = READER.read(tmp_path, "dvclive", progress, LATER)
    assert {name: (s.count, s.last) for name, s in card.metrics.items()} == {"loss": (1, 7.0)}
    again = points(tmp_path, "dvclive", curves.progress)
    assert again.restarted
    assert {name: p.values for name, p in again.points.items()} == {"loss": [7.0]}


def test_a_file_of_the_same_length_and_another_beginning_is_another_file(tmp_path: Path) -> None:
    """A curve written over in place is read from its start."""
    folder = live(tmp_path)
    path = folder / "plots" / "metrics" / "loss.tsv"
    path.write_text("step\tloss\n0\t1\n1\t2\n")
    _, progress = READER.read(tmp_path, "dvclive", b"", LATER)
    path.write_text("step\tloss\n0\t5\n1\t6\n2\t7\n")
    card, _ = READER.read(tmp_path, "dvclive", progress, LATER)
    assert (card.metrics["loss"].count, card.metrics["loss"].first) == (3, 5.0)


@pytest.mark.parametrize(
    "name",
    [
        "plots/metrics/train_loss.tsv",
        "plots/metrics/val/top_k.2.tsv",
        "metrics.json",
        "params.yaml",
        "plots/sklearn/cm.json",
    ],
)
def test_damage_is_a_fault_or_a_shorter_curve_and_never_another_number(
    tmp_path: Path, name: str
) -> None:
    """Cut or with a byte flipped, a file gives a part of the truth; whole again, all of it."""
    shutil.copytree(DATA / ODD, tmp_path / "run")
    whole = READER.read(tmp_path, "run", b"", LATER).card
    curves = {n: repr(p) for n, p in points(tmp_path, "run").points.items()}
    path = tmp_path / "run" / name
    data = path.read_bytes()
    for what, broken in damaged(data):
        path.write_bytes(broken)
        try:
            card, progress = READER.read(tmp_path, "run", b"", LATER)
        except FormatError:
            continue
        for metric, points_now in points(tmp_path, "run").points.items():
            values = {repr(v) for v in points_now.values}
            good = metric in curves and all(value in curves[metric] for value in values)
            assert good, (what, metric)
        for param, value in card.params.items():
            assert whole.params.get(param) == value or broken.endswith(b"\n"), what
        path.write_bytes(data)
        healed = READER.read(tmp_path, "run", progress, LATER).card
        assert repr(healed.metrics) == repr(whole.metrics), what
        assert healed.params == whole.params
        assert healed.faults == ()


def test_hostile_folders_are_faults(tmp_path: Path) -> None:
    """Links, endless lines, deep JSON and strange names end in a fault or in nothing."""
    folder = live(tmp_path)
    metrics = folder / "plots" / "metrics"
    (metrics / "link.tsv").symlink_to(tmp_path / "elsewhere.tsv")
    (metrics / "loop").symlink_to(metrics, target_is_directory=True)
    (metrics / "binary.tsv").write_bytes(bytes(range(256)) * 8 + b"\n")
    (metrics / "words.tsv").write_text("step\twords\n0\tgood\n1\tbad\n")
    (metrics / "huge.tsv").write_text("step\thuge\n" + "9" * 400 + "\t1\n0\t" + "9" * 400 + "\n")
    (folder / "metrics.json").write_text('{"a":' * 5000 + "1" + "}" * 5000)
    (folder / "params.yaml").write_text("a: !!python/object/apply:os.system [echo]\n")
    card = READER.read(tmp_path, "dvclive", b"", LATER).card
    assert set(card.metrics) == {"loss", "val/acc", "huge"}
    assert {fault.path for fault in card.faults} >= {
        "dvclive/metrics.json", "dvclive/plots/metrics/binary.tsv",
        "dvclive/plots/metrics/huge.tsv",
    }  # fmt: skip
    assert card.params == {"a": ["echo"]}
    with pytest.raises(FormatError):
        READER.read(tmp_path, "../dvclive", b"", LATER)


def test_a_stage_of_dvc_is_no_run(tmp_path: Path) -> None:
    """Two files of DVC's own beside a project are not claimed."""
    (tmp_path / "metrics.json").write_text("{}")
    (tmp_path / "params.yaml").write_text("lr: 1\n")
    (tmp_path / "plots").mkdir()
    cards = folder_cards(READER, tmp_path / "plots")
    assert cards == {}


def test_artifacts_said_in_dvc_yaml_are_facts(tmp_path: Path) -> None:
    """The file above names the run's model."""
    live(tmp_path)
    (tmp_path / "dvc.yaml").write_text(
        "metrics:\n- dvclive/metrics.json\nartifacts:\n  net:\n    path: model.pt\n"
    )
    card = READER.read(tmp_path, "dvclive", b"", LATER).card
    assert card.facts["artifact net"] == "model.pt"
