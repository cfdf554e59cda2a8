"""The usual MLflow script, with its import line changed."""

import pytest

from tests.client.reading import card, only_run, only_writer, runs, writers
from workbench.compat import NotCoveredError, ignore_missing, mlflow
from workbench.errors import UsageError


def test_the_usual_script_runs(workspace, tmp_path):
    """Experiment, params, metrics, tags and artifacts arrive under our own words."""
    plot = tmp_path / "plot.png"
    plot.write_bytes(b"png")
    mlflow.set_experiment("churn")
    with mlflow.start_run(run_name="gbm", tags={"team": "risk"}, description="why") as run:
        mlflow.log_param("lr", 0.1)
        mlflow.log_params({"depth": 4, "loss": ValueError})
        mlflow.log_metric("acc", 0.5, step=3, timestamp=1_700_000_000_500)
        mlflow.log_metrics({"f1": 0.1, "auc": 0.2}, step=4)
        mlflow.set_tag("kind", 1)
        mlflow.log_artifact(plot, "plots")
        assert run.info.run_id == mlflow.active_run().info.run_id
        assert (run.info.run_name, run.info.status) == ("gbm", "RUNNING")
    folder = only_run(workspace)
    start = card(folder)
    assert (start["experiment"], start["name"], start["note"]) == ("churn", "gbm", "why")
    written = only_writer(folder)
    assert written.final["params"] == {"lr": 0.1, "depth": 4, "loss": "<class 'ValueError'>"}
    assert written.metrics[0]["time"] == 1_700_000_000.5
    assert written.values("auc") == [(4, 0.2)]
    assert written.final["tags"] == {"kind": "1"}
    assert (folder / "artifacts/plots/plot.png").read_bytes() == b"png"
    assert run.info.status == "FINISHED"
    assert mlflow.active_run() is None


def test_calls_without_a_run_start_one(workspace):
    """As in MLflow, the first call opens a run that ``end_run`` closes."""
    mlflow.log_metric("acc", 1)
    mlflow.end_run("FAILED")
    mlflow.end_run()
    assert only_writer(only_run(workspace)).final["status"] == "FAILED"
    assert card(only_run(workspace))["experiment"] == "Default"


def test_metrics_without_a_step_count_their_own(workspace):
    """A curve logged without steps is a curve; a final value stands at 0."""
    with mlflow.start_run():
        for value in (3.0, 2.0):
            mlflow.log_metric("loss", value)
        mlflow.log_metric("test", 1.0)
    written = only_writer(only_run(workspace))
    assert written.values("loss") == [(0, 3.0), (1, 2.0)]
    assert written.values("test") == [(0, 1.0)]


def test_nested_runs_and_resumed_ones(workspace):
    """``nested=`` makes a child, ``run_id=`` goes on with a run."""
    with mlflow.start_run() as outer, mlflow.start_run(nested=True) as inner:
        pass
    with pytest.raises(UsageError, match="still active"), mlflow.start_run():
        mlflow.start_run()
    with mlflow.start_run(run_id=outer.info.run_id):
        mlflow.log_metric("late", 1.0)
    folders = {folder.name: folder for folder in runs(workspace)}
    assert card(folders[inner.info.run_id])["parent"] == outer.info.run_id
    assert writers(folders[outer.info.run_id])[1].values("late") == [(0, 1.0)]


def test_an_exception_fails_the_run(workspace):
    """A block left by an exception is FAILED."""
    with pytest.raises(ValueError, match="bad"), mlflow.start_run():
        raise ValueError("bad")
    assert only_writer(only_run(workspace)).final["status"] == "FAILED"


class Figure:
    """What a Matplotlib figure offers."""

    def savefig(self, file, format) -> None:  # noqa: A002 - Matplotlib's word
        """Write the picture."""
        file.write(format.encode())


class Page:
    """What a Plotly figure offers."""

    def to_html(self) -> str:
        """Return the page."""
        return "<html>"


def test_texts_dictionaries_and_figures_become_artifacts(workspace, tmp_path):
    """Each is a file under the name given."""
    (tmp_path / "out/deep").mkdir(parents=True)
    (tmp_path / "out/deep/a.txt").write_text("a", encoding="utf-8")
    with mlflow.start_run():
        mlflow.log_text("hello", "a/t.txt")
        mlflow.log_dict({"a": [1]}, "d.json")
        mlflow.log_figure(Figure(), "f.svg")
        mlflow.log_figure(Page(), "p.html")
        mlflow.log_artifacts(tmp_path / "out", "all")
        uri = mlflow.get_artifact_uri("d.json")
        with pytest.raises(UsageError, match="figure"):
            mlflow.log_figure(3, "x.png")
    below = only_run(workspace) / "artifacts"
    assert (below / "a/t.txt").read_text(encoding="utf-8") == "hello"
    assert '"a"' in (below / "d.json").read_text(encoding="utf-8")
    assert (below / "f.svg").read_bytes() == b"svg"
    assert (below / "p.html").read_text(encoding="utf-8") == "<html>"
    assert (below / "all/deep/a.txt").exists()
    assert uri == (below / "d.json").as_uri()


def test_names_and_notes_kept_in_tags_are_names_and_notes(workspace):
    """MLflow's own tags for them do what they mean."""
    with mlflow.start_run():
        mlflow.set_tags({"mlflow.note.content": "why", "mlflow.runName": "new", "a": 1})
        mlflow.delete_tag("a")
    final = only_writer(only_run(workspace)).final
    assert (final["note"], final["name"], final["tags"]) == ("why", "new", {"a": None})


def test_inputs_are_datasets(workspace):
    """``log_input`` records what ``mlflow.data`` wraps, its context as the role."""
    import pandas as pd

    table = pd.DataFrame({"a": [1, 2]})
    with mlflow.start_run():
        mlflow.log_input(mlflow.data.from_pandas(table, source="t.csv", name="t"), context="test")
        with pytest.raises(UsageError, match="log_input"):
            mlflow.log_input(table)
    (found,) = only_writer(only_run(workspace)).final["datasets"]
    assert (found["name"], found["role"], found["rows"], found["source"]) == (
        "t", "test", 2, "t.csv",
    )  # fmt: skip


def test_the_tracking_address_has_no_effect_and_says_so(workspace, capsys):
    """Runs go to the workspace, whatever server was meant."""
    mlflow.set_tracking_uri("http://user:pw@localhost:5000")
    mlflow.set_tracking_uri("http://localhost:5000")
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert str(workspace) in told
    assert "pw" not in told
    assert mlflow.get_tracking_uri() == workspace.as_uri()


def test_another_open_run_can_be_named(workspace):
    """``run_id=`` of a call means a run that is open here."""
    with mlflow.start_run() as outer, mlflow.start_run(nested=True):
        mlflow.log_metric("a", 1.0, run_id=outer.info.run_id)
        with pytest.raises(UsageError, match="not open here"):
            mlflow.log_metric("a", 1.0, run_id="other")
    first = next(folder for folder in runs(workspace) if folder.name == outer.info.run_id)
    assert only_writer(first).values("a") == [(0, 1.0)]


@pytest.mark.usefixtures("workspace")
def test_what_is_not_covered_says_so_in_one_sentence():
    """The sentence names the call and the switch."""
    with pytest.raises(NotCoveredError, match=r"mlflow\.autolog is not covered.*ignore_missing"):
        mlflow.autolog()
    assert not hasattr(mlflow, "sklearn")


def test_what_is_not_covered_can_be_ignored(workspace, capsys, monkeypatch):
    """With the switch on such calls do nothing, are told once, and stand in the run."""
    ignore_missing()
    with mlflow.start_run():
        mlflow.autolog()
        mlflow.autolog()
        with mlflow.sklearn.anything(1).more as nothing:
            assert list(nothing) == []
    assert capsys.readouterr().err.count("mlflow.autolog") == 1
    fact = only_writer(only_run(workspace)).fact("compat_ignored")
    assert fact == ["mlflow.autolog", "mlflow.sklearn"]
    ignore_missing(on=False)
    monkeypatch.setenv("WORKBENCH_COMPAT_IGNORE", "1")
    mlflow.autolog()
