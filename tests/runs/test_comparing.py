"""Comparing: what counts as the same, in which order, and how it folds to a tree."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.runs.comparing import MISSING, Fact, facts, key, order, tree

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(-3, 3)
    | st.sampled_from([math.nan, math.inf, 10**400, "a", "b", MISSING]),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.sampled_from("xy"), below),
    max_leaves=4,
)
runs = st.lists(
    st.dictionaries(st.sampled_from(["lr", "a.b", "a.c", "l2", "l10", ""]), values), max_size=6
)


def fact(*held, section="params", name="lr"):
    """Return a fact with these values."""
    return Fact(section, name, held)


@pytest.mark.parametrize(
    "same",
    [
        (math.nan, float("nan")),
        (1, 1.0),
        (0.0, -0.0),
        ([1, {"a": 2}], [1.0, {"a": 2.0}]),
        ({"a": 1, "b": [math.nan]}, {"b": [float("nan")], "a": 1}),
        (None, None),
        (MISSING, MISSING),
        (10**400, 10**400),
    ],
)
def test_values_that_are_the_same(same):
    """NaN is NaN, 1 is 1.0, and lists and objects are what they hold."""
    assert not fact(*same).differs
    assert fact(*same).shares == (2, 2)


@pytest.mark.parametrize(
    "apart",
    [
        (True, 1),
        (False, 0.0),
        ([True], [1]),
        (1, "1"),
        (None, MISSING),
        (None, "None"),
        (math.nan, None),
        (math.nan, "NaN"),
        ([1, 2], [2, 1]),
        ([], {}),
        (2**53, 2**53 + 1),
        (10**400, math.inf),
        ("a", "A"),
    ],
)
def test_values_that_are_not_the_same(apart):
    """True is not 1, to have none is a value of its own, and nothing is rounded."""
    assert fact(*apart).differs
    assert fact(*apart).commonest == 1


def test_runs_that_share_a_value_are_counted():
    """The k of k/n counts the run itself."""
    shared = fact(0.1, 0.1, "0.1", math.nan, MISSING, math.nan)
    assert shared.shares == (2, 2, 1, 2, 1, 2)
    assert [shared.shared(run) for run in range(6)] == list(shared.shares)
    assert shared.commonest == 2


@pytest.mark.parametrize("held", [(), (1,), ([],), (MISSING,)])
def test_fewer_than_two_runs_never_differ(held):
    """One run, or none, has nothing to differ from."""
    assert not fact(*held).differs
    assert fact(*held).commonest == len(held)


def test_facts_have_every_name_of_any_run():
    """A run without a name has MISSING there; the goals go with their metrics."""
    found = facts("metrics", [{"loss": 1.0}, {"auc": 0.9, "loss": None}], {"auc": "max"})
    assert found == (
        Fact("metrics", "auc", (MISSING, 0.9), "max"),
        Fact("metrics", "loss", (1.0, None), ""),
    )


def test_names_are_in_natural_order():
    """Layer 2 comes before layer 10, and what is under one branch stays together."""
    names = ["l10", "a.c", "a-b", "L2", "a.b", "l02", "9" * 5000, "", "a/b"]
    found = [one.name for one in facts("params", [dict.fromkeys(names)])]
    assert found == ["", "9" * 5000, "a.b", "a/b", "a.c", "a-b", "L2", "l02", "l10"]


@given(runs, st.randoms())
def test_facts_do_not_depend_on_the_order_of_runs(given_runs, chance):
    """Runs in another order give the same facts with their values in that order."""
    places = list(range(len(given_runs)))
    chance.shuffle(places)
    before = facts("params", given_runs)
    after = facts("params", [given_runs[place] for place in places])
    assert [one.name for one in before] == [one.name for one in after]
    for one, other in zip(before, after, strict=True):
        assert [key(one.values[place]) for place in places] == [key(v) for v in other.values]
        assert one.differs == other.differs
        assert one.commonest == other.commonest
        assert [one.shares[place] for place in places] == list(other.shares)


@given(values, values, values)
def test_to_be_the_same_is_an_equivalence(one, two, three):
    """A value is the same as itself; what is the same as the same is the same."""
    assert not fact(one, one).differs
    assert fact(one, two).differs == fact(two, one).differs
    if not fact(one, two).differs and not fact(two, three).differs:
        assert not fact(one, three).differs


def shapes(lines):
    """Return the lines as depth, label, and the name of the fact or the number folded."""
    return [(line.depth, line.label, line.fact.name if line.fact else line.equal) for line in lines]


def test_a_tree_shows_differences_and_folds_the_rest():
    """Equal rows of a section are one line with their number; single children are joined."""
    found = facts(
        "params",
        [
            {"optimizer.lr": 0.1, "model.depth": 3, "model.width": 8, "seed": 1, "a": 1, "b": [2]},
            {"optimizer.lr": 0.2, "model.depth": 4, "model.width": 9, "seed": 1, "a": 1, "b": [2]},
        ],
    )
    assert shapes(tree(found, equal=False)) == [
        (0, "params", 0),
        (1, "model", 0),
        (2, "depth", "model.depth"),
        (2, "width", "model.width"),
        (1, "optimizer.lr", "optimizer.lr"),
        (1, "", 3),
    ]
    assert [line.fact.name for line in tree(found, equal=True) if line.fact] == [
        one.name for one in found
    ]


def test_sections_come_in_their_order_and_unknown_ones_last():
    """The order of the facts handed in does not move a section."""
    given_facts = [
        fact(1, 2, section="tags", name="t"),
        fact(1, 2, section="weather", name="w"),
        fact(1, 1, section="params", name="p"),
        fact(1, 2, section="run", name="r"),
    ]
    assert shapes(tree(given_facts, equal=False)) == [
        (0, "run", 0), (1, "r", "r"),
        (0, "params", 0), (1, "", 1),
        (0, "tags", 0), (1, "t", "t"),
        (0, "weather", 0), (1, "w", "w"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "a.b"], [(1, "a", "a"), (1, "a.b", "a.b")]),
        (["a.b.c", "a.b.d"], [(1, "a.b", 0), (2, "c", "a.b.c"), (2, "d", "a.b.d")]),
        (["a.b", "a.c.d"], [(1, "a", 0), (2, "b", "a.b"), (2, "c.d", "a.c.d")]),
        (["val/loss", "val/auc"], [(1, "val", 0), (2, "auc", "val/auc"), (2, "loss", "val/loss")]),
        (["", "."], [(1, "", ""), (1, ".", ".")]),
        (["/x", "/y"], [(1, "/", 0), (2, "x", "/x"), (2, "y", "/y")]),
        (["a..b"], [(1, "a..b", "a..b")]),
        (["a.", "a.b", "a.c"], [(1, "a.", "a."), (1, "a", 0), (2, "b", "a.b"), (2, "c", "a.c")]),
    ],
)
def test_names_become_branches(names, expected):
    """Dots and slashes branch; odd names keep every character of theirs."""
    found = facts("params", [dict.fromkeys(names)])
    assert shapes(tree(found, equal=True))[1:] == expected


def test_a_name_of_many_parts_is_one_label():
    """A name with thousands of dots is no deeper than any other, and nothing of it is lost."""
    name = "a." * 5000 + "z"
    lines = tree(facts("params", [{name: 1, name + "y": 2}]), equal=True)
    assert max(line.depth for line in lines) <= 2
    assert {line.fact.name for line in lines if line.fact} == {name, name + "y"}


@given(runs, st.booleans())
def test_a_tree_accounts_for_every_fact(given_runs, equal):
    """Every fact is a leaf once, or is in the number of its section's folded line."""
    found = facts("params", given_runs)
    lines = tree(found, equal=equal)
    leaves = [line.fact for line in lines if line.fact]
    assert len(leaves) + sum(line.equal for line in lines) == len(found)
    assert all(equal or leaf.differs for leaf in leaves)
    assert bool(lines) == bool(found)


def test_no_facts_are_no_lines():
    """There is no heading over nothing."""
    assert tree((), equal=True) == ()
    assert facts("params", []) == ()
    assert facts("params", [{}, {}]) == ()


@pytest.mark.parametrize(
    ("held", "rising", "falling"),
    [
        ([3, 1, 2], (1, 2, 0), (0, 2, 1)),
        ([math.nan, 1, MISSING, 2, None], (1, 3, 0, 2, 4), (3, 1, 0, 2, 4)),
        ([math.inf, -math.inf, 10**400, 0.5], (1, 3, 2, 0), (0, 2, 3, 1)),
        (["l10", "l2", 5], (2, 1, 0), (0, 1, 2)),
        ([1, 1.0, 1], (0, 1, 2), (0, 1, 2)),
        ([[10], [2], {"a": 1}], (1, 0, 2), (2, 0, 1)),
        ([], (), ()),
        ([MISSING], (0,), (0,)),
    ],
)
def test_order_of_runs(held, rising, falling):
    """Runs go by value; the ones without a value are last whichever way."""
    assert order(held, descending=False) == rising
    assert order(held, descending=True) == falling


@given(st.lists(values), st.booleans())
def test_an_order_has_every_run_once(held, descending):
    """Whatever the values are, nobody is lost."""
    assert sorted(order(held, descending=descending)) == list(range(len(held)))
