"""The usual W&B script, with its import line changed."""

import argparse

import pytest

from tests.client.reading import card, only_run, only_writer, runs, writers
from workbench.compat import NotCoveredError, wandb
from workbench.errors import UsageError


def test_the_usual_script_runs(workspace):
    """Project, config, tags, notes, group and curves arrive under our own words."""
    arguments = argparse.Namespace(lr=0.1, layers=[1, 2], kind=ValueError)
    wandb.init(project="churn", name="gbm", config=arguments, group="g", tags=["a"], notes="why")
    for epoch in range(3):
        wandb.log({"loss": 3.0 - epoch, "val": {"acc": epoch}})
    wandb.finish()
    folder = only_run(workspace)
    start = card(folder)
    assert (start["experiment"], start["name"], start["note"]) == ("churn", "gbm", "why")
    assert (start["group"], start["tags"]) == ("g", {"a": "true"})
    assert start["params"] == {"lr": 0.1, "layers": [1, 2], "kind": "<class 'ValueError'>"}
    written = only_writer(folder)
    assert written.values("loss") == [(0, 3.0), (1, 2.0), (2, 1.0)]
    assert written.values("val.acc") == [(0, 0.0), (1, 1.0), (2, 2.0)]
    assert written.final["status"] == "FINISHED"


def test_steps_go_as_wandb_counts_them(workspace):
    """A step given or not committed stays; a call without either goes to the next one."""
    with wandb.init() as run:
        wandb.log({"a": 1}, commit=False)
        wandb.log({"b": 1})
        wandb.log({"a": 2}, step=5)
        wandb.log({"b": 2})
        wandb.log({"a": 3}, step=9, commit=True)
        wandb.log({"b": 3})
        assert run.step == 11
    written = only_writer(only_run(workspace))
    assert [step for step, _ in written.values("a")] == [0, 5, 9]
    assert [step for step, _ in written.values("b")] == [0, 5, 10]


def test_the_config_is_read_and_written_like_a_mapping_and_an_object(workspace):
    """Attributes, items and updates are one thing."""
    with pytest.raises(UsageError, match=r"wandb\.init"):
        _ = wandb.config
    with wandb.init(config={"lr": 0.1}):
        config = wandb.config
        config.batch = 32
        config["deep"] = {"x": 1}
        config.update(argparse.Namespace(lr=0.2), allow_val_change=True)
        config.setdefaults({"lr": 9, "seed": 1})
        assert (config.lr, config["batch"], config.get("none", 7)) == (0.2, 32, 7)
        assert "seed" in config
        assert dict(config) == config.as_dict()
        assert len(config) == 4
        with pytest.raises(AttributeError, match="none"):
            _ = config.none
        with pytest.raises(UsageError, match="mapping or a namespace"):
            config.update(3)
    params = only_writer(only_run(workspace)).final["params"]
    assert params == {"batch": 32, "deep": {"x": 1}, "lr": 0.2, "seed": 1}


def test_the_summary_keeps_numbers_as_metrics_and_text_as_tags(workspace):
    """A number put in the summary belongs to no step."""
    with wandb.init() as run:
        wandb.log({"acc": 0.5})
        wandb.summary["best"] = 0.9
        wandb.run.summary.update({"verdict": "good"})
        run.summary.worst = 0.1
        assert (run.summary["acc"], wandb.summary.best, run.summary.get("no")) == (0.5, 0.9, None)
        assert "verdict" in run.summary
    written = only_writer(only_run(workspace))
    assert written.values("best") == [(None, 0.9)]
    assert written.values("worst") == [(None, 0.1)]
    assert written.final["tags"] == {"verdict": "good"}


def test_rules_with_patterns_reach_the_metrics_they_fit(workspace):
    """``*`` holds for metrics met before and after, an exact name goes first."""
    with wandb.init():
        wandb.log({"val/old": 1})
        wandb.define_metric("val/loss", goal="minimize")
        wandb.define_metric("val/*", step_metric="epoch", goal="maximize", summary="max,last")
        wandb.log({"val/new": 1, "val/loss": 1, "train": 1})
        with pytest.raises(UsageError, match="goal"):
            wandb.define_metric("x", goal="up")
    rules = only_writer(only_run(workspace)).final["rules"]
    wide = {"goal": "max", "summary": "max", "step_metric": "epoch"}
    assert rules == {
        "val/old": wide,
        "val/new": wide,
        "val/loss": {"goal": "min", "summary": None, "step_metric": None},
    }


def test_an_open_run_is_returned_or_finished_first(workspace):
    """As in W&B, ``init`` gives the open run back unless ``reinit`` says otherwise."""
    first = wandb.init(project="p")
    assert wandb.init(project="p") is first
    second = wandb.init(project="p", reinit=True)
    assert second is not first
    assert first.ended
    assert wandb.run is second
    second.finish()
    assert wandb.run is None
    assert all(card(folder)["parent"] is None for folder in runs(workspace))


def test_a_run_resumes_by_its_id(workspace):
    """Our id goes on with the run; an id of one's own making becomes a tag."""
    with wandb.init(project="p") as run:
        run.log({"a": 1})
    with wandb.init(project="p", id=run.id, resume="allow") as again:
        again.log({"a": 2})
    assert writers(only_run(workspace))[1].values("a") == [(1, 2.0)]
    with pytest.raises(UsageError, match="to resume"):
        wandb.init(project="p", id="mine", resume="must")
    with wandb.init(project="q", id="mine"):
        pass
    assert card(runs(workspace)[1])["tags"] == {"wandb_id": "mine"}


def test_endings(workspace):
    """An exit code, or an exception in the block, is a failure."""
    wandb.init(project="p")
    wandb.finish(exit_code=1)
    with pytest.raises(ValueError, match="bad"), wandb.init(project="p"):
        raise ValueError("bad")
    statuses = [only_writer(folder).final["status"] for folder in runs(workspace)]
    assert statuses == ["FAILED", "FAILED"]
    wandb.finish()


def test_a_disabled_run_keeps_nothing(workspace):
    """``mode="disabled"`` takes every call and writes no file."""
    with wandb.init(mode="disabled", config={"a": 1}) as run:
        run.log({"x": 1, "t": "text"})
        wandb.define_metric("x", goal="maximize")
        wandb.config.b = 2
        assert (wandb.config.b, run.id, run.summary["x"]) == (2, "disabled", 1)
        run.name = "other"
    assert not workspace.exists()


def test_values_that_are_no_numbers(workspace, capsys):
    """Text becomes a tag, other things are told of once and left out."""
    with wandb.init() as run:
        for _ in range(2):
            run.log({"phase": "warm-up", "table": [1, 2], "x": 1})
        run.name = "renamed"
    written = only_writer(only_run(workspace))
    assert written.final["tags"] == {"phase": "warm-up"}
    assert written.final["name"] == "renamed"
    assert list(written.final["metrics"]) == ["x"]
    assert capsys.readouterr().err.count("'table' is not kept") == 1


@pytest.mark.usefixtures("workspace")
def test_what_is_not_covered_says_so():
    """Calls of the module and of the run name themselves and the switch."""
    with pytest.raises(NotCoveredError, match=r"wandb\.Table is not covered.*IGNORE=1"):
        wandb.Table(columns=[])
    with wandb.init() as run, pytest.raises(NotCoveredError, match=r"wandb\.Run\.watch"):
        run.watch(None)
    assert wandb.login()


@pytest.mark.usefixtures("workspace")
def test_options_without_a_counterpart_are_told(capsys):
    """An option that changes what is recorded is not swallowed in silence."""
    with wandb.init(project="p", sync_tensorboard=True, save_code=True):
        pass
    told = capsys.readouterr().err
    assert "sync_tensorboard" in told
    assert "save_code" not in told
