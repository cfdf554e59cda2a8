"""Labels: what tells runs apart, in as few words as possible, and never the same twice."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.runs.labels import labels

texts = st.text(max_size=3) | st.sampled_from(["a", "a 1", "a 2", "lr=1", "\x1b[31m"])
held = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 2),
    st.floats(),
    texts,
    st.sampled_from([10**400, [1, 2], {"a": [1]}, "x" * 100, "x" * 90 + "y"]),
)
params = st.dictionaries(st.sampled_from(["lr", "m.lr", "m.depth", "seed", "", "."]), held)
many = st.lists(st.tuples(params, texts), max_size=8)


def labelled(*runs, **more):
    """Return the labels of runs named one, two, three, four."""
    return labels(runs, ("one", "two", "three", "four")[: len(runs)], **more)


def test_one_param_that_tells_all_apart_is_enough():
    """What is the same in all runs, or not needed, is not in a label."""
    assert labelled(
        {"lr": 0.1, "depth": 3, "model": "gbm"},
        {"lr": 0.01, "depth": 3, "model": "gbm"},
        {"lr": 1e-5, "depth": 4, "model": "gbm"},
    ) == ("lr=0.1", "lr=0.01", "lr=1e-5")


def test_two_params_where_one_does_not_do():
    """A grid takes both of its params."""
    assert labelled(
        {"lr": 0.1, "depth": 3}, {"lr": 0.1, "depth": 4}, {"lr": 0.2, "depth": 3},
        {"lr": 0.2, "depth": 4},
    ) == ("depth=3 lr=0.1", "depth=4 lr=0.1", "depth=3 lr=0.2", "depth=4 lr=0.2")  # fmt: skip


def test_what_was_done_differently_comes_before_the_seed():
    """A seed tells apart only what nothing else does."""
    assert labelled({"a.seed": 1, "lr": 1}, {"a.seed": 2, "lr": 2}) == ("lr=1", "lr=2")
    assert labelled({"seed": 1}, {"seed": 2}) == ("seed=1", "seed=2")


def test_short_values_come_before_paths():
    """A folder of results differs in every run and says nothing."""
    assert labelled(
        {"dir": "/data/out/2026-11-21/a", "lr": 1}, {"dir": "/data/out/2026-11-21/b", "lr": 2}
    ) == ("lr=1", "lr=2")  # fmt: skip


def test_names_are_as_short_as_they_can_be():
    """The leaf of a dotted name, more of it where another param ends alike."""
    assert labelled({"optimizer.lr": 1}, {"optimizer.lr": 2}) == ("lr=1", "lr=2")
    assert labelled({"a.enc.lr": 1, "a.dec.lr": 1}, {"a.enc.lr": 2, "a.dec.lr": 1}) == (
        "enc.lr=1",
        "enc.lr=2",
    )
    assert labelled({"lr": 1, "a.lr": 0}, {"lr": 2, "a.lr": 0}) == ("lr=1", "lr=2")


def test_a_run_without_the_params_is_called_by_its_name():
    """A dash says less than the name, where no other run has that name."""
    assert labelled({"dropout": 0.5}, {}) == ("dropout=0.5", "two")
    assert labels([{"lr": 1}, {"lr": 2}, {}], ["x", "y", "x"]) == ("lr=1", "lr=2", "lr=—")
    assert labels([{"lr": 1}, {"lr": 2}, {}], ["x", "y", ""]) == ("lr=1", "lr=2", "lr=—")


def test_a_missing_param_is_shown_where_names_are_alike():
    """That a run has no such param tells it apart, when its name does not."""
    assert labels([{"dropout": 0.5}, {}], ["mlp", "mlp"]) == ("dropout=0.5", "dropout=—")


@pytest.mark.parametrize(
    "alike", [({}, {}), ({"lr": 1}, {"lr": 1}), ({"x": 0.1}, {"x": 0.1 + 1e-9})]
)
def test_names_where_params_do_not_differ_to_the_eye(alike):
    """Equal params, or params that are shown alike, leave the names."""
    assert labelled(*alike) == ("one", "two")


def test_only_the_runs_that_params_do_not_tell_apart_get_names():
    """One pair of repeats does not take the labels from the others."""
    assert labelled({"lr": 1}, {"lr": 2}, {"lr": 3}, {"lr": 3}) == ("lr=1", "lr=2", "three", "four")


def test_no_more_params_than_asked_for():
    """Four bits need four params; three do not do, and the names stay."""
    runs = [{"a": 1, "b": 0}, {"a": 0, "b": 1}, {"a": 0, "b": 0}, {"a": 1, "b": 1}]
    assert labelled(*runs, most=1) == ("one", "two", "three", "four")
    assert labelled(*runs, most=0) == ("one", "two", "three", "four")
    assert labelled(*runs, most=2)[0] == "a=1 b=0"


def test_names_that_are_alike_get_a_number_that_is_free():
    """A number never makes the name of another run."""
    assert labels([{}] * 4, ["a", "a 1", "a", ""]) == ("a 2", "a 1", "a 3", "unnamed")


def test_a_name_that_is_a_label_already_gets_a_number():
    """A run somebody named ``lr=1`` is not taken for the one with that param."""
    assert labels([{"lr": 1}, {"lr": 2}, {"lr": 2}], ["x", "lr=1", "y"]) == ("lr=1", "lr=1 1", "y")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, "—"),
        (math.nan, "NaN"),
        ([1, "a"], '[1, "a"]'),
        (10**400, "1.00000e+400"),
        ("/long/path/to/the/data/of/the/first.parquet", "/long/path…/of/the/first.parquet"),
        ("\x1b[2J", "␛[2J"),
    ],
)
def test_values_are_short_and_harmless(value, text):
    """Any JSON value has a text, both ends of a long one, and none steers the terminal."""
    assert labelled({"p": value}, {"p": "other"}) == (f"p={text}", "p=other")


def test_none_and_one():
    """No runs have no labels; a single run has its name."""
    assert labels([], []) == ()
    assert labels([{"lr": 1}], ["brave"]) == ("brave",)
    assert labels([{}], [""]) == ("unnamed",)


@given(many, st.integers(0, 4))
def test_labels_are_distinct_and_harmless(runs, most):
    """Whatever runs are called and made of, no two labels are the same."""
    found = labels([one for one, _ in runs], [name for _, name in runs], most=most)
    assert len(set(found)) == len(found) == len(runs)
    assert all(label and label.isprintable() for label in found)


@given(st.lists(params, max_size=8), st.randoms())
def test_labels_go_with_their_runs(given_params, chance):
    """Runs with names of their own have the same labels in any order."""
    names = [f"run-{number}" for number in range(len(given_params))]
    places = list(range(len(names)))
    chance.shuffle(places)
    before = labels(given_params, names)
    after = labels([given_params[place] for place in places], [names[place] for place in places])
    assert after == tuple(before[place] for place in places)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=8, unique=True))
def test_params_that_tell_apart_are_used(numbers):
    """Where one param differs in all runs, every label is made of it."""
    found = labels([{"a": 1, "m.k": number} for number in numbers], ["x"] * len(numbers))
    assert found == tuple(f"k={number}" for number in numbers)


def test_a_param_a_run_does_not_have_is_left_out_of_its_label():
    """lr=0.1 says it; hidden=— beside it would be noise."""
    params = [{"lr": 0.1}, {"lr": 0.2}, {"lr": 0.1, "hidden": 48}]
    assert labels(params, ["a", "b", "c"]) == ("lr=0.1", "lr=0.2", "hidden=48 lr=0.1")


def test_a_seed_alone_never_stands_for_what_was_done_differently():
    """Seeds that happen to differ do not hide that the learning rates do."""
    params = [{"lr": 0.01, "seed": 2}, {"lr": 0.001, "seed": 1}, {"lr": 0.01, "seed": 0}]
    found = labels(params, ["a", "b", "c"])
    assert found == ("lr=0.01 seed=2", "lr=0.001 seed=1", "lr=0.01 seed=0")


def test_a_run_of_another_kind_is_called_by_its_name():
    """A run that shares nothing but a seed param with the others is not called by its seed."""
    params = [{"lr": 0.1, "seed": 0}, {"lr": 0.2, "seed": 0}, {"depth": 3, "seed": 0}]
    assert labels(params, ["a", "b", "forest"])[2] == "forest"
