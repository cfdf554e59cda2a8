"""A run from its start to its end, as it stands on the disk."""

import json
import math
import threading
from pathlib import Path

import pytest

import workbench
from tests.client.reading import card, markers, only_run, only_writer, runs, writers
from workbench.errors import NotFoundError, UsageError
from workbench.ids import is_id


def test_a_run_leaves_what_the_contract_says(start, workspace):
    """Start card, lines, end card and marker agree with the run-folder page."""
    with start("churn", "gbm", params={"lr": 0.1, "model": {"depth": 4}}) as run:
        for step in range(3):
            run.log({"loss": 3.0 - step, "auc": math.nan}, step=step)
        run.set_tags({"team": "risk"})
        run.set_note("first try")
        assert run.folder == workspace / "runs" / "churn" / run.id
    start_card = card(run.folder)
    assert start_card["format"] == 1
    assert is_id(start_card["id"])
    assert start_card["params"] == {"lr": 0.1, "model": {"depth": 4}}
    written = only_writer(run.folder)
    assert written.updates[0]["kind"] == "start"
    assert written.values("loss") == [(0, 3.0), (1, 2.0), (2, 1.0)]
    assert written.values("auc") == [(0, "NaN"), (1, "NaN"), (2, "NaN")]
    assert written.final["status"] == "FINISHED"
    assert written.final["tags"] == {"team": "risk"}
    assert written.final["note"] == "first try"
    assert written.final["metrics"]["loss"]["min"] == 1.0
    assert written.final["metrics"]["loss"]["step_of_min"] == 2
    assert written.final["metrics"]["auc"]["nans"] == 3
    assert markers(workspace) == [f"{run.id}.0.finished"]


def test_the_end_card_knows_the_sizes_of_the_lines(start):
    """A reader may trust the end card as long as the files have the sizes it names."""
    with start() as run:
        run.log({"loss": 1.0})
        run.log_params({"later": [1, 2]})
    folder = run.folder / "writers" / "0"
    sizes = only_writer(run.folder).final["bytes"]
    assert sizes == {
        "metrics": (folder / "metrics.jsonl").stat().st_size,
        "updates": (folder / "updates.jsonl").stat().st_size,
    }


def test_a_running_run_can_be_read_line_by_line(start):
    """Every call is on the disk when it returns, and there is no end card yet."""
    run = start()
    run.log({"loss": 1.5})
    written = only_writer(run.folder)
    assert written.values("loss") == [(0, 1.5)]
    assert written.final is None
    assert (run.folder.parent / ".alive" / f"{run.id}.0").exists()


def test_the_heartbeat_file_goes_with_the_run(start):
    """A run that has ended leaves no sign of life behind."""
    with start() as run:
        pass
    assert list((run.folder.parent / ".alive").iterdir()) == []


def test_steps_are_counted_when_none_is_given(start):
    """A call without a step takes one more than the last call, whatever that was."""
    with start() as run:
        run.log({"a": 1})
        run.log({"a": 2})
        run.log({"a": 3}, step=10)
        run.log({"a": 4})
    assert [step for step, _ in only_writer(run.folder).values("a")] == [0, 1, 10, 11]


def test_values_without_a_step_leave_the_count_alone(start):
    """What belongs to no step is written with a null one."""
    with start() as run:
        run.log({"a": 1})
        run.log_unstepped({"best": 2})
        run.log({"a": 3})
    written = only_writer(run.folder)
    assert written.values("best") == [(None, 2.0)]
    assert [step for step, _ in written.values("a")] == [0, 1]


class Scalar:
    """What NumPy and torch hand out: one number behind ``item``."""

    def item(self) -> float:
        """Return the number."""
        return 0.25


def test_numbers_of_every_kind_are_taken(start):
    """Ints, bools, scalars of other libraries and the infinities are metrics."""
    with start() as run:
        run.log({"int": 3, "bool": True, "scalar": Scalar(), "inf": -math.inf}, step=Scalar4())
    (line,) = only_writer(run.folder).metrics
    assert line["step"] == 4
    assert line["metrics"] == {"int": 3.0, "bool": 1.0, "scalar": 0.25, "inf": "-Infinity"}


class Scalar4:
    """A whole number of another library."""

    def __int__(self) -> int:
        return 4

    def __eq__(self, other: object) -> bool:
        return other == 4

    __hash__ = None


def test_names_and_values_may_be_in_any_script(start):
    """Non-ASCII names, long values and half characters survive."""
    with start("Käufe", "пробный", params={"größe": "x" * 10_000, "pfad": "a\udc80b"}) as run:
        run.log({"val/точность": 1.0})
    assert card(run.folder)["experiment"] == "Käufe"
    assert card(run.folder)["params"] == {"größe": "x" * 10_000, "pfad": "a\\udc80b"}
    assert only_writer(run.folder).values("val/точность") == [(0, 1.0)]


def test_params_keep_their_shape(start):
    """Nested params merge by name, non-finite numbers are named, paths become text."""
    with start(params={"a": {"b": 1}}) as run:
        run.log_params({"a": {"c": math.inf}, "path": Path("x"), 3: (1, None)})
        run.log_params({"a": {"d": Scalar()}})
    final = only_writer(run.folder).final
    assert final["params"] == {
        "a": {"c": "Infinity", "d": 0.25},
        "path": "x",
        "3": [1, None],
    }


def test_a_run_can_be_renamed_and_lose_a_tag(start):
    """The last word on the name and on a tag counts."""
    with start(tags={"a": 1}) as run:
        run.set_name("better")
        run.set_tags({"a": None, "b": 2.5})
    final = only_writer(run.folder).final
    assert (final["name"], final["tags"]) == ("better", {"a": None, "b": "2.5"})
    assert run.name == "better"


def test_rules_say_which_direction_is_good(start):
    """A rule stands in the lines and in the end card."""
    with start() as run:
        run.define_metric("val/auc", goal="max", summary="best")
    rule = {"goal": "max", "summary": "best", "step_metric": None}
    assert only_writer(run.folder).final["rules"] == {"val/auc": rule}


def test_nested_runs_know_their_parent(start, workspace):
    """A nested run's parent is the active one, and then the outer run is active again."""
    with start(name="outer") as outer:
        with start(name="inner", nested=True, group="grid") as inner:
            assert workbench.active_run() is inner
        assert workbench.active_run() is outer
    assert card(inner.folder)["parent"] == outer.id
    assert card(inner.folder)["group"] == "grid"
    assert workbench.active_run() is None
    assert len(runs(workspace)) == 2


def test_a_nested_run_joins_the_experiment_of_its_parent(start):
    """A child that names no experiment belongs where its parent does; one that names one, there."""
    with start(experiment="churn"):
        with start(nested=True) as child:
            assert child.experiment == "churn"
        with start("other", nested=True) as child:
            assert child.experiment == "other"


def test_a_second_run_must_be_asked_for(start):
    """Starting a run while one is active is an error with the way out."""
    with start(), pytest.raises(UsageError, match="nested=True"):
        start()


def test_each_thread_may_have_a_run_of_its_own(start):
    """Runs of a thread pool do not know of each other."""
    found = []

    def train() -> None:
        with start() as run:
            found.append(workbench.active_run() is run)

    with start():
        threads = [threading.Thread(target=train) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [True, True, True]


def test_a_thread_without_a_run_means_the_open_one(start):
    """A helper thread logs to the run of the script."""
    seen = []
    with start() as run:
        thread = threading.Thread(target=lambda: seen.append(workbench.active_run()))
        thread.start()
        thread.join()
    assert seen == [run]


def test_several_threads_write_whole_lines(start):
    """No line is torn or lost when threads log at once."""
    with start() as run:

        def work(name: str) -> None:
            for step in range(200):
                run.log({name: step}, step=step)

        threads = [threading.Thread(target=work, args=(f"m{n}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    written = only_writer(run.folder)
    assert len(written.metrics) == 800
    assert all(len(written.values(f"m{n}")) == 200 for n in range(4))


def test_a_run_resumes_by_its_id(start):
    """A resume takes the next writer, goes on counting, and ends the run anew."""
    with start("churn", "first") as run:
        run.log({"loss": 1.0}, step=7)
    with start(run_id=run.id, params={"more": 1}) as again:
        again.log({"loss": 0.5})
    assert (again.name, again.experiment, again.folder) == ("first", "churn", run.folder)
    first, second = writers(run.folder)
    assert second.values("loss") == [(8, 0.5)]
    assert second.final["params"] == {"more": 1}
    assert first.final["params"] == {}


def test_resuming_what_is_not_there_is_an_error(start):
    """An id of one's own making starts nothing."""
    with pytest.raises(NotFoundError, match="is not the id of a run"):
        start(run_id="my-run")
    with pytest.raises(NotFoundError, match="There is no run"):
        start(run_id="01kb0000000000000000000000")


def test_the_workspace_is_the_one_above_or_a_new_one(tmp_path, monkeypatch):
    """Outside of any workspace a script makes workbench_data beside itself, once."""
    monkeypatch.chdir(tmp_path)
    with workbench.start_run(capture=False, system_metrics=False) as first:
        pass
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    with workbench.start_run(capture=False, system_metrics=False) as second:
        pass
    assert first.workspace == second.workspace == tmp_path / "workbench_data"


def test_the_variable_names_a_workspace_not_yet_there(tmp_path, monkeypatch):
    """The folder named in the environment becomes a workspace."""
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(tmp_path / "new" / "place"))
    with workbench.start_run(capture=False, system_metrics=False):
        pass
    assert len(runs(tmp_path / "new" / "place")) == 1


def test_a_dataset_may_be_given_at_the_start(start, tmp_path):
    """``dataset=`` is `log_dataset` in one word."""
    table = tmp_path / "train.csv"
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    with start(dataset=table) as run:
        pass
    (dataset,) = only_writer(run.folder).final["datasets"]
    assert (dataset["name"], dataset["role"], dataset["rows"]) == ("train", "training", 1)


def test_a_run_without_a_name_gets_a_readable_one(start):
    """The default name is the script's, and the end of the id tells runs apart."""
    with start() as run:
        pass
    assert run.name.endswith(run.id[-5:])


def test_the_command_hides_what_options_call_a_secret(start, monkeypatch, workspace):
    """Values of options that name a secret are not written."""
    line = ["train.py", "--lr", "0.1", "--api-key", "k3y", "--hf-token=t0ken"]
    monkeypatch.setattr("sys.argv", line)
    with start():
        pass
    text = (only_run(workspace) / "run.json").read_text(encoding="utf-8")
    assert json.loads(text)["command"] == [
        "train.py", "--lr", "0.1", "--api-key", "***", "--hf-token=***",
    ]  # fmt: skip
    assert "k3y" not in text
    assert "t0ken" not in text


def test_the_invocation_is_kept_without_the_interpreters_folder(start, monkeypatch, workspace):
    """How Python was started can be repeated elsewhere; secrets are hidden in it too."""
    monkeypatch.setattr("sys.argv", ["/home/ana/train.py", "--token", "s3cret"])
    monkeypatch.setattr(
        "sys.orig_argv", ["/opt/py/bin/python3", "-m", "train", "--token", "s3cret"]
    )
    with start():
        pass
    text = (only_run(workspace) / "run.json").read_text(encoding="utf-8")
    assert json.loads(text)["invocation"] == ["python", "-m", "train", "--token", "***"]
    assert "s3cret" not in text


def test_a_script_is_named_from_the_folder_it_was_started_in(
    start, monkeypatch, workspace, tmp_path
):
    """A whole path would name the script of now, not the one that is checked out later."""
    monkeypatch.chdir(tmp_path)
    script = str(tmp_path / "jobs" / "train.py")
    monkeypatch.setattr("sys.argv", [script, "--lr", "1"])
    monkeypatch.setattr("sys.orig_argv", ["python", "-u", script, "--lr", "1"])
    with start():
        pass
    card = json.loads((only_run(workspace) / "run.json").read_text(encoding="utf-8"))
    assert card["invocation"] == ["python", "-u", str(Path("jobs", "train.py")), "--lr", "1"]


def test_a_program_on_the_command_line_is_not_kept(start, monkeypatch, workspace):
    """What stands behind -c may hold any secret: the invocation is empty then."""
    monkeypatch.setattr("sys.orig_argv", ["python", "-c", "password = 's3cret'"])
    monkeypatch.setattr("sys.argv", ["-c"])
    with start():
        pass
    text = (only_run(workspace) / "run.json").read_text(encoding="utf-8")
    assert json.loads(text)["invocation"] == []
    assert "s3cret" not in text


def test_a_run_that_repeats_another_is_tagged(start, monkeypatch, workspace):
    """Runs of a script that is run again say whose repetition they are."""
    monkeypatch.setenv("WORKBENCH_REPRODUCES", "01kb0000000000000000000007")
    with start(tags={"team": "risk"}):
        pass
    card = json.loads((only_run(workspace) / "run.json").read_text(encoding="utf-8"))
    assert card["tags"] == {"team": "risk", "reproduces": "01kb0000000000000000000007"}


def test_a_resumed_run_counts_on_past_a_very_long_line(start):
    """The last step is found behind lines longer than one look, and without a step."""
    with start() as run:
        run.log({"loss": 1.0}, step=6)
        run.log({f"weight/{number:05}": float(number) for number in range(9000)}, step=7)
        run.log_unstepped({f"cpu/{number:05}": float(number) for number in range(9000)})
    assert only_writer(run.folder).metrics[-1]["step"] is None
    with start(run_id=run.id) as again:
        again.log({"loss": 0.5})
    assert writers(run.folder)[1].values("loss") == [(8, 0.5)]
