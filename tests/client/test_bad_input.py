"""Wrong calls say so at the call, and change nothing."""

import pytest

import workbench
from tests.client.reading import lines, only_writer
from workbench.errors import NotFoundError, UsageError


@pytest.mark.parametrize("value", ["0.5", None, [1, 2], {}, b"1", 1j, object(), 10**400])
def test_a_metric_must_be_a_number(start, value):
    """Whatever is not one number is refused by name, and the line is not begun."""
    run = start()
    with pytest.raises(UsageError, match="'loss' must be a number"):
        run.log({"ok": 1.0, "loss": value})
    assert lines(run.folder / "writers" / "0" / "metrics.jsonl") == []


@pytest.mark.parametrize("name", ["", " a", "a\n", "a\x1b[0m", 3, ("a",), "x" * 501])
def test_names_that_cannot_be_are_refused(start, name):
    """Metrics, tags and experiments share one idea of a name."""
    run = start()
    with pytest.raises(UsageError, match="name"):
        run.log({name: 1.0})
    with pytest.raises(UsageError, match="name"):
        run.set_tags({name: "x"})
    with pytest.raises(UsageError, match="name"):
        start(name, nested=True)


@pytest.mark.parametrize("step", [1.5, "3", float("nan"), [1], float("inf")])
def test_a_step_must_be_whole(start, step):
    """A step is a whole number or none."""
    with pytest.raises(UsageError, match="step"):
        start().log({"a": 1}, step=step)


def test_a_param_that_json_does_not_have_is_named(start):
    """The sentence names the param, however deep it is."""
    run = start()
    with pytest.raises(UsageError, match=r"'model\.layers\[1\]'.*it is a object"):
        run.log_params({"model": {"layers": [1, object()]}})
    with pytest.raises(UsageError, match="mapping"):
        run.log_params([("a", 1)])
    assert only_writer(run.folder).of_kind("params") == []


def test_params_that_hold_themselves_are_refused(start):
    """A cycle is an error, not an endless walk."""
    cycle: dict = {}
    cycle["again"] = cycle
    with pytest.raises(UsageError, match="too deeply"):
        start().log_params({"a": cycle})


def test_tags_and_notes_are_text(start):
    """Lists are no tags and numbers no notes."""
    run = start()
    with pytest.raises(UsageError, match="'a' must be text"):
        run.set_tags({"a": [1]})
    with pytest.raises(UsageError, match="mapping"):
        run.set_tags(["a"])
    with pytest.raises(UsageError, match="note"):
        run.set_note(3)


def test_rules_have_few_words(start):
    """A goal or summary that is not one is refused."""
    run = start()
    with pytest.raises(UsageError, match="goal"):
        run.define_metric("a", goal="maximise")
    with pytest.raises(UsageError, match="summary"):
        run.define_metric("a", summary="mean")


def test_nothing_is_logged_after_the_end(start):
    """Every call after the end says how to resume; finishing twice is nothing."""
    run = start()
    run.finish()
    run.finish()
    with pytest.raises(UsageError, match="has ended"):
        run.log({"a": 1})
    with pytest.raises(UsageError, match="has ended"):
        run.set_note("late")
    with pytest.raises(UsageError, match="has ended"):
        run.log_artifact(__file__)


def test_a_run_ends_in_one_of_three_ways(start):
    """Another status is refused and leaves the run open."""
    run = start()
    with pytest.raises(UsageError, match="FINISHED"):
        run.finish("DONE")
    assert not run.ended


def test_module_level_calls_need_a_run():
    """Without an active run they say what to call first."""
    with pytest.raises(UsageError, match="start_run"):
        workbench.log_dataset("x.csv")
    with pytest.raises(UsageError, match="start_run"):
        workbench.define_metric("a", goal="min")


def test_a_parent_is_a_run_or_its_id(start):
    """Some other text is no parent."""
    with pytest.raises(UsageError, match="not the id of a run"):
        start(parent="the big one")


def test_an_artifact_must_be_there_and_stay_inside(start, tmp_path):
    """A missing file, and a name that leads out, are refused."""
    run = start()
    with pytest.raises(NotFoundError, match="cannot be read"):
        run.log_artifact(tmp_path / "none.png")
    file = tmp_path / "a.txt"
    file.write_text("x", encoding="utf-8")
    for name in ("../a", "/a", "a/../../b", "C:/a", "", "a\nb", "..\\a"):
        with pytest.raises(UsageError, match="artifact's name"):
            run.log_artifact(file, name)
    assert not (run.folder / "artifacts").exists()
