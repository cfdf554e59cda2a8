"""What a person chose for a comparison, and where keys go from it."""

import pytest

from tests.tui.compare.test_rows import METRICS, PARAMS, comparison, shown
from workbench.operations.views import View
from workbench.runs.comparing import Fact
from workbench.tui.compare.state import Order, ids_of, next_difference, next_order
from workbench.tui.compare.titles import telling, titles

LOSS = Fact("metrics", "loss", (1.0, 2.0), "min")
AUC = Fact("metrics", "auc", (1.0, 2.0), "max")
LR = Fact("params", "lr", (1.0, 2.0))


@pytest.mark.parametrize(
    ("fact", "descending"), [(LOSS, False), (AUC, True), (LR, False), (AUC._replace(goal=""), True)]
)
def test_the_best_comes_first(fact: Fact, descending: bool) -> None:
    """A loss begins with the smallest, any other metric with the largest, params go up."""
    found = next_order(None, fact, turn=False)
    assert found is not None
    assert found.descending is descending
    assert next_order(None, fact, turn=True) == found._replace(descending=not descending)


def test_the_same_row_again_gives_back_the_order_of_marking() -> None:
    """Ordering toggles; reversing turns."""
    by_loss = Order("metrics", "loss", False)
    assert next_order(by_loss, LOSS, turn=False) is None
    assert next_order(by_loss, LOSS, turn=True) == Order("metrics", "loss", True)
    assert next_order(by_loss, AUC, turn=False) == Order("metrics", "auc", True)


def test_a_baseline_that_is_not_marked_is_compared_too() -> None:
    """It is what the differences are against, so it has a column."""
    assert ids_of(View(marks=("x", "y"), baseline="z")) == ("x", "y", "z")
    assert ids_of(View(marks=("x", "y"), baseline="y")) == ("x", "y")


def test_the_next_difference_passes_over_headings_and_equal_rows() -> None:
    """Forwards and backwards, and not beyond the ends."""
    made, rows = shown(comparison(PARAMS, METRICS), equal=True)
    names = [row.cells[0].text for row in rows]
    extra, lr, auc = names.index("extra"), names.index("lr"), names.index("auc ↑")
    assert made.differing == (extra, lr, auc)
    assert next_difference(made, 0, 1) == extra
    assert next_difference(made, lr, 1) == auc
    assert next_difference(made, auc, -1) == lr
    assert next_difference(made, auc, 1) is None
    assert next_difference(made, extra, -1) is None


@pytest.mark.parametrize(
    ("label", "width", "said"),
    [
        ("lr=0.1", 12, "b lr=0.1"),
        ("lr=0.1", 16, "b lr=0.1 (base)"),
        ("l2=0.01 learning_rate=0.1", 19, "b l2=0.01 lear…=0.1"),
        ("l2=0.01 learning_rate=0.1", 10, "b 0.01 0.1"),
        ("a long name", 8, "b a l…me"),
    ],
)
def test_a_title_gives_up_names_before_values(label: str, width: int, said: str) -> None:
    """The value is what tells runs apart; a label without values loses its middle."""
    run = comparison().runs[1]._replace(label=label)
    assert titles([run], [width], 0 if "(base)" in said else None) == (said,)


def test_titles_have_names_of_params_all_or_none() -> None:
    """One that has room for the name does without where another has not."""
    runs = [run._replace(label=f"lr={10.0**-n:g}") for n, run in enumerate(comparison().runs)]
    assert titles(runs, [6, 8, 10], None) == ("a lr=1", "b lr=0.1", "c lr=0.01")
    assert titles(runs, [6, 8, 6], None) == ("a 1", "b 0.1", "c 0.01")


@pytest.mark.parametrize(
    ("texts", "width", "said"),
    [
        (("/a/b/train.py", "/a/b/tune.py"), 20, ("/a/b/train.py", "/a/b/tune.py")),
        (("/a/b/train.py", "/a/b/tune.py", "—"), 10, ("…train.py", "…tune.py", "—")),
        (("train --lr 1", "tune --lr 1"), 8, ("train --lr 1", "tune --lr 1")),
        (("/a/b/train.py", "/a/b/train.py"), 5, ("/a/b/train.py", "/a/b/train.py")),
        ((), 5, ()),
    ],
)
def test_long_texts_begin_where_they_differ(
    texts: tuple[str, ...], width: int, said: tuple[str, ...]
) -> None:
    """Two paths that were cut to the same text would look equal."""
    assert telling(texts, width) == said
