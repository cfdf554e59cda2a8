"""Labels in little room: names of params go before their values, and all labels alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.charts.drawing import cells
from workbench.charts.labels import abridged, cut_middle, least, shortened


@pytest.mark.parametrize(
    ("label", "width", "said"),
    [
        ("lr=0.1", 10, "lr=0.1"),
        ("l2=0.01 learning_rate=0.1", 17, "l2=0.01 lear…=0.1"),
        ("learning_rate=0.1 (n=4)", 14, "lea…=0.1 (n=4)"),
        ("l2=0.01 learning_rate=0.1", 8, ""),
        ("a long name", 6, ""),
        ("seed a=b", 6, ""),
    ],
)
def test_a_label_gives_up_its_names_before_its_values(label, width, said):
    """The value is what tells runs apart; what has no values is for others to cut."""
    assert shortened(label, width) == said


def test_labels_are_shortened_in_the_same_way():
    """One name in two lengths would look like two names."""
    labels = ("lr=0.00037 depth=2", "lr=0.1 depth=7")
    assert abridged(labels, 18) == labels
    assert abridged(labels, 15) == ("lr=0.00037 d…=2", "lr=0.1 d…=7")


def test_values_stay_where_names_have_no_room():
    """Which value is whose is known from the others, if all labels have the same params."""
    assert abridged(("lr=0.00037 depth=2", "lr=0.1 depth=7"), 10) == ("0.00037 2", "0.1 7")
    assert abridged(("lr=0.1 seed=3 (n=4)", "lr=0.2 seed=4 (n=2)"), 12) == (
        "0.1 3 (n=4)",
        "0.2 4 (n=2)",
    )


def test_values_of_unlike_params_are_not_mixed_up():
    """A bare 3 would be a rate in one label and a seed in the other."""
    assert all("3" in one and "…" in one for one in abridged(("rate=0.3", "seed=0003"), 6))


def test_other_labels_lose_their_middles():
    """Names of runs differ at their ends."""
    assert abridged(("network-one", "network-two"), 7) == ("net…one", "net…two")


@pytest.mark.parametrize(
    ("labels", "cells_needed"),
    [
        (("lr=0.1 seed=0", "lr=0.03 seed=1"), 6),
        (("lr=0.1", "seed=1"), 0),
        (("a name",), 0),
        ((), 0),
        (("path=/data/a/long/way/away",), 0),
    ],
)
def test_it_is_known_what_values_need(labels, cells_needed):
    """Labels without values of one kind need nothing; very wide values may be cut."""
    assert least(labels) == cells_needed


@given(st.lists(st.text("ab=1… (e", max_size=20), max_size=5), st.integers(0, 24))
def test_labels_fit_and_stay_in_order(labels, width):
    """Whatever the labels, none is wider than asked, and none gets lost."""
    short = abridged(labels, width)
    assert len(short) == len(labels)
    assert all(cells(label) <= width for label in short)


@given(st.text(max_size=30), st.integers(0, 20))
def test_a_label_cut_in_the_middle_fits(label, width):
    """However wide its characters, a cut label is at most as wide as asked."""
    assert cells(cut_middle(label, width)) <= width or cells(label) <= width


def test_the_end_of_a_label_stays():
    """Names differ at their ends, so the middle goes."""
    assert cut_middle("learning-rate=0.003", 9) == "lear….003"
