"""Weights & Biases itself logs offline, in another process, while its folder is looked at."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from subprocess import Popen
from typing import Any

from tests.formats.following import agrees, is_beginning
from tests.live.libraries import started
from tests.waiting import wait_for
from workbench.catalogue.cards import cards
from workbench.catalogue.finding import every
from workbench.formats.contract import Curves, Points, RunCard
from workbench.formats.detect import reader_named
from workbench.formats.wandb import records, saying
from workbench.formats.wandb.reader import WandbReader
from workbench.formats.wandb.run import QUIET, QUIET_EMPTY
from workbench.operations.session import open_session

READER = WandbReader()
SCRIPT = """
import json, os, sys
import wandb

SETTINGS = wandb.Settings(x_stats_sampling_interval=1.0, silent=True)


def start(**more):
    return wandb.init(project="digits", dir=".", settings=SETTINGS, **more)


def waits(word):
    print(word, flush=True)
    sys.stdin.readline()
"""
NUMBERS = """
from wandb.proto import wandb_internal_pb2 as pb

names = ["Record", "RunRecord", "MetricRecord", "MetricSummary", "EnvironmentRecord",
         "ArtifactRecord", "UseArtifactRecord", "RunExitRecord", "HistoryItem", "ConfigRecord",
         "SummaryRecord", "HistoryRecord", "StatsRecord", "StatsItem", "GitRepoRecord",
         "HeaderRecord", "VersionInfo", "HistoryStep", "ConfigItem", "SummaryItem"]
print(json.dumps({name: {f.name: f.number for f in getattr(pb, name).DESCRIPTOR.fields}
                  for name in names}))
print(json.dumps(dict(pb.MetricRecord.MetricGoal.items())))
"""
LOGGING = """
with start(name="first of all", tags=["a", "b"], notes="why", group="g", job_type="train",
           config={"lr": 0.1, "opt": {"name": "adam"}, "betas": [0.9, 0.99]}) as run:
    run.define_metric("loss", summary="min", step_metric="epoch")
    run.define_metric("val/*", summary="max")
    print("on the console")
    for step in range(300):
        run.log({"loss": 1 / (step + 1), "epoch": step // 10, "val/acc": step / 300,
                 "odd": [float("nan"), float("inf"), float("-inf"), 0.1][step % 4],
                 "nested": {"a": {"b": step}}, "word": "x", "flag": True, "none": None,
                 **({"tab": wandb.Table(columns=["a"], data=[[1]])} if step == 7 else {}),
                 "hist": wandb.Histogram(np_histogram=([1, 2], [0, 1, 2])),
                 **{f"wide/{k}": step * k / 7 for k in range(10)}})
        if step == 200:
            waits("halfway")
    run.log({"sparse": 7}, step=1000)
    run.summary["best"] = 0.25
    run.config.update({"late": 1})
    run.name = "renamed"
    run.tags = run.tags + ("c",)
print("done", flush=True)
"""


def says(process: Popen[str], word: str) -> None:
    """Wait until the script says ``word``."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if line.strip() == word:
            return
    raise AssertionError("".join(said))


def goes_on(process: Popen[str]) -> None:
    """Let a script go on that waits."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def ended(process: Popen[str]) -> int:
    """Return the exit code of a script, once it has ended."""
    process.communicate(timeout=60)
    return process.returncode


def folders(root: Path) -> list[str]:
    """Return the keys of the runs' folders in the order of their beginning."""
    return sorted(f"wandb/{path.parent.name}" for path in root.glob("wandb/*run-*/*.wandb"))


def read(root: Path, key: str, now: float | None = None) -> RunCard:
    """Return the card of a run; the time is that of its last sign of life."""
    changed = max(path.stat().st_mtime for path in (root / key).rglob("*") if path.is_file())
    return READER.read(root, key, b"", changed if now is None else changed + now).card


def added(known: dict[str, Points], more: Curves) -> None:
    """Put new points behind those that are known."""
    assert not more.restarted
    for name, points in more.points.items():
        for column, new in zip(known.setdefault(name, Points([], [], [])), points, strict=True):
            column.extend(new)


def fields(said: Mapping[str, int], *names: str) -> dict[int, str]:
    """Return names of fields by number, as our tables hold them."""
    return {said[name]: name for name in names}


def test_the_numbers_of_the_fields_are_the_librarys(tmp_path: Path) -> None:
    """What a field's number means was not guessed: the library's own protocol says the same."""
    process = started("wandb", SCRIPT + NUMBERS, tmp_path)
    lines = process.communicate(timeout=60)[0].splitlines()
    said, goals = json.loads(lines[-2]), json.loads(lines[-1])
    kinds = {number: name for name, number in said["Record"].items()}
    assert {number: kinds[number] for number in records.KINDS} == records.KINDS
    ours = {"id": "run_id", "group": "run_group", "name": "display_name", "sweep": "sweep_id"}
    assert {said["RunRecord"][ours.get(n, n)] for n in saying._RUN.values()} == set(saying._RUN)
    assert [said["RunRecord"][name] for name in ("config", "tags", "start_time", "git")] == [
        saying._RUN_CONFIG, saying._RUN_TAGS, saying._RUN_START, saying._RUN_GIT,
    ]  # fmt: skip
    ours = {"script": "code_path", "user": "username", "gpu": "gpu_type", "cuda": "cuda_version"}
    for table in (saying._ENVIRONMENT, saying._CPUS):
        assert all(said["EnvironmentRecord"][ours.get(n, n)] == k for k, n in table.items())
    assert (said["EnvironmentRecord"]["args"], said["EnvironmentRecord"]["git"]) == (
        saying._ARGS, saying._GIT,
    )  # fmt: skip
    metric = said["MetricRecord"]
    assert (metric["name"], metric["glob_name"]) == saying._METRIC_NAMES
    assert [metric[name] for name in ("step_metric", "summary", "goal")] == [
        saying._STEP_METRIC, saying._METRIC_SUMMARY, saying._GOAL,
    ]  # fmt: skip
    assert {said["MetricSummary"][name]: name for name in saying._SUMMARIES.values()} == (
        saying._SUMMARIES
    )
    assert {goals["GOAL_MINIMIZE"]: "min", goals["GOAL_MAXIMIZE"]: "max"} == saying._GOALS
    assert (said["ArtifactRecord"]["type"], said["ArtifactRecord"]["name"]) == saying._ARTIFACT
    used = said["UseArtifactRecord"]
    assert (used["type"], used["name"]) == saying._USED_ARTIFACT
    for name in ("HistoryItem", "ConfigItem", "SummaryItem"):
        found = said[name]
        assert (found["key"], found["nested_key"], found["value_json"]) == (1, 2, 16)
    typed = said["HistoryItem"]
    assert [typed[n] for n in ("boolean", "integer", "number", "text", "json")] == [4, 5, 6, 7, 8]
    assert all((said[n]["update"], said[n]["remove"]) == (1, 2)
               for n in ("ConfigRecord", "SummaryRecord"))  # fmt: skip
    assert (said["HistoryRecord"]["item"], said["HistoryRecord"]["step"]) == (1, 2)
    assert (said["StatsRecord"]["timestamp"], said["StatsRecord"]["item"]) == (2, 3)
    assert (said["RunExitRecord"]["exit_code"], said["RunExitRecord"]["runtime"]) == (1, 2)
    assert (said["GitRepoRecord"]["remote_url"], said["GitRepoRecord"]["commit"]) == (1, 2)


def test_a_run_is_followed_while_it_logs(tmp_path: Path) -> None:
    """Halfway there is a beginning of the curves, at the end all of it, each value as logged."""
    process = started("wandb", SCRIPT + LOGGING, tmp_path)
    says(process, "halfway")
    (key,) = folders(tmp_path)

    def begun() -> RunCard | None:
        found = READER.read(tmp_path, key, b"", 0.0).card
        return found if found.metrics else None

    card = wait_for(begun)
    assert (card.status, card.inferred, card.name) == ("RUNNING", True, "first of all")
    assert card.faults == ()
    first = READER.points(tmp_path, key, None, None)
    notes = READER.read(tmp_path, key, b"", 0.0).progress
    seen = {n: Points(*(list(column) for column in p)) for n, p in first.points.items()}
    assert 0 < len(seen["loss"].values) <= 201
    goes_on(process)
    says(process, "done")
    assert ended(process) == 0
    whole = READER.points(tmp_path, key, None, None)
    assert is_beginning(seen, whole.points)
    added(seen, READER.points(tmp_path, key, None, first.progress))
    assert repr(sorted(seen.items())) == repr(sorted(whole.points.items()))
    card = READER.read(tmp_path, key, notes, 0.0).card
    assert agrees(card, whole)
    assert repr(card) == repr(READER.read(tmp_path, key, b"", 0.0).card)
    check_values(whole.points)
    check_card(card)


def check_values(points: Mapping[str, Points]) -> None:
    """Hold the curves against what the script logged."""
    steps = [float(step) for step in range(300)]
    assert points["loss"][::2] == (steps, [1 / (step + 1) for step in range(300)])
    assert points["val/acc"].values == [step / 300 for step in range(300)]
    assert points["nested.a.b"].values == steps
    for k in range(10):
        assert points[f"wide/{k}"].values == [step * k / 7 for step in range(300)]
    odd = [math.nan, math.inf, -math.inf, 0.1] * 75
    assert repr(points["odd"].values) == repr(odd)
    assert points["sparse"][::2] == ([1000.0], [7.0])
    times = points["loss"].times
    assert times == sorted(times)
    assert points["best"].values == [0.25]
    machine = {name for name in points if name.startswith("system/")}
    assert machine >= {"system/proc.memory.rssMB", "system/memory_percent"}
    assert set(points) - machine == {
        "loss", "epoch", "val/acc", "odd", "nested.a.b", "sparse", "best",
        *(f"wide/{k}" for k in range(10)),
    }  # fmt: skip


def check_card(card: RunCard) -> None:
    """Hold the card against what the script said."""
    assert (card.status, card.inferred, card.name) == ("FINISHED", False, "renamed")
    assert (card.experiment, card.group, card.note) == ("digits", "g", "why")
    assert card.tags == {"a": "true", "b": "true", "c": "true", "job_type": "train"}
    assert card.params == {"lr": 0.1, "opt.name": "adam", "betas": [0.9, 0.99], "late": 1}
    assert card.rules["loss"].step_metric == "epoch"
    assert (card.rules["loss"].summary, card.rules["val/acc"].summary) == ("min", "max")
    assert set(card.facts["logged_otherwise"].split(", ")) == {
        "word (text)", "flag (boolean)", "hist (histogram)", "tab (table-file)",
    }  # fmt: skip
    assert "files/output.log" in [artifact.path for artifact in card.artifacts]
    assert card.started is not None
    assert card.ended is not None
    assert 0 < card.ended - card.started < 120
    assert card.faults == ()


def test_the_table_follows_a_run(tmp_path: Path) -> None:
    """In the list as on the screen: going on, then ended, with the same curve as in the log."""
    with open_session(tmp_path) as session:
        process = started("wandb", SCRIPT + LOGGING, tmp_path)
        says(process, "halfway")

        def seen() -> Any:
            session.sweeper().set_sources(session.sources())
            session.sweep()
            found = cards(session.catalogue, every(session.catalogue))
            return found[0] if found and found[0].metrics else None

        card = wait_for(seen)
        assert (card.status, card.inferred, card.name) == ("RUNNING", True, "first of all")
        goes_on(process)
        says(process, "done")
        assert ended(process) == 0
        card = wait_for(lambda: seen() if seen().status == "FINISHED" else None)
        assert (card.name, card.params["late"], card.inferred) == ("renamed", 1, False)
        curve = session.curves().series(card.run, "loss")
        assert list(curve.values) == [1 / (step + 1) for step in range(300)]


def test_a_killed_run_is_lost_after_its_patience(tmp_path: Path) -> None:
    """It says nothing of its end: it may still be going on, then it is lost, both inferred."""
    script = SCRIPT + "run = start()\nfor i in range(30):\n    run.log({'x': i})\nwaits('logged')\n"
    process = started("wandb", script, tmp_path)
    says(process, "logged")
    (key,) = folders(tmp_path)
    process.kill()
    ended(process)
    card = wait_for(lambda: lost(tmp_path, key))
    assert card.run_id == key.rpartition("-")[2]
    early = read(tmp_path, key, QUIET_EMPTY - 60)  # killed too soon the log may hold nothing
    assert (early.status, early.inferred) == ("RUNNING", True)


def lost(root: Path, key: str) -> RunCard | None:
    """Return the card long after the last sign of life, once it can be read without a fault."""
    card = read(root, key, QUIET + 60)
    return card if card.faults == () and card.status == "STALE" else None


def test_a_script_that_fails_is_a_failed_run(tmp_path: Path) -> None:
    """The exit record says the code, the console the reason."""
    body = "with start() as run:\n    run.log({'x': 1})\n    raise ValueError('boom')\n"
    process = started("wandb", SCRIPT + body, tmp_path)
    assert ended(process) == 1
    (key,) = folders(tmp_path)
    card = read(tmp_path, key)
    assert (card.status, card.inferred, card.facts["raw_status"]) == (
        "FAILED", False, "exit record: 1",
    )  # fmt: skip
    assert card.metrics["x"].last == 1
    assert READER.texts(tmp_path, key)["console"].is_file()


def test_a_resumed_run_is_one(tmp_path: Path) -> None:
    """Two folders of one id are listed once; the curve goes on."""
    body = """
offset = int(sys.argv[-1]) if sys.argv[-1].isdigit() else OFFSET
with start(id="same", name="resumed", resume="allow", group="g") as run:
    for step in range(offset, offset + 5):
        run.log({"loss": step / 7}, step=step)
print("done", flush=True)
"""
    for offset in (0, 5):
        process = started("wandb", SCRIPT + body.replace("OFFSET", str(offset)), tmp_path)
        says(process, "done")
        assert ended(process) == 0
        if offset == 0:
            wait_for(lambda: another_second(tmp_path))
    assert len(folders(tmp_path)) == 2
    reader: Any = reader_named("folders")
    ((key, _),) = reader.survey(tmp_path, None).refs.items()
    card = reader.read(tmp_path, key, b"", 0.0).card
    curves = reader.points(tmp_path, key, None, None)
    assert (card.run_id, card.name, card.status) == ("same", "resumed", "FINISHED")
    assert curves.points["loss"][::2] == (
        [float(step) for step in range(10)], [step / 7 for step in range(10)],
    )  # fmt: skip
    assert agrees(card, curves)


def another_second(root: Path) -> bool:
    """Say whether a folder made now would have another time in its name than those there are."""
    (newest,) = [(root / key).stat().st_mtime for key in folders(root)]
    probe = root / "probe"
    probe.write_bytes(b"")
    return probe.stat().st_mtime >= newest + 1


def test_runs_of_a_group_are_told_apart(tmp_path: Path) -> None:
    """A sweep's children are runs of one group in one project."""
    body = """
for number in range(2):
    with start(name=f"child-{number}", group="sweep parent", config={"n": number}) as run:
        run.log({"x": number})
print("done", flush=True)
"""
    process = started("wandb", SCRIPT + body, tmp_path)
    says(process, "done")
    assert ended(process) == 0
    cards = [read(tmp_path, key) for key in folders(tmp_path)]
    assert {card.group for card in cards} == {"sweep parent"}
    assert sorted((card.name, card.params["n"], card.metrics["x"].last) for card in cards) == [
        ("child-0", 0, 0.0), ("child-1", 1, 1.0),
    ]  # fmt: skip
