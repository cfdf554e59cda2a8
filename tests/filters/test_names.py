"""How bare names become params, metrics and tags."""

import pytest

from workbench.errors import FilterError
from workbench.filters import Names, caret, parse, resolve
from workbench.filters.tree import Compare, Field, Node, Number

NAMES = Names(
    params=frozenset({"lr", "model.depth", "both", "status", "window"}),
    metrics=frozenset({"val/auc", "loss", "both"}),
    tags=frozenset({"team"}),
)


def _resolved(text: str) -> Node:
    node = parse(text)
    assert node is not None
    return resolve(node, NAMES, text=text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("lr > 0.1", "params.lr > 0.1"),
        ("val/auc > 0.9", "metrics.val/auc > 0.9"),
        ("team = risk", "tags.team = 'risk'"),
        ("min(loss) < 1", "min(metrics.loss) < 1"),
        ("max(both) < 1", "max(metrics.both) < 1"),
        ("last(both) < 1", "metrics.both < 1"),
        ("loss > 90s", "metrics.loss > 90"),
        ("loss IN ('1', 2)", "metrics.loss IN (1, 2)"),
        ("window = 7d", "params.window = '7d'"),
        ("NOT (lr = 1 OR word team IS NULL)", "NOT (params.lr = 1 OR word AND tags.team IS NULL)"),
        ("status = 'FAILED'", "attributes.status = 'FAILED'"),
    ],
)
def test_a_bare_name_is_what_it_can_only_be(text: str, same: str) -> None:
    """A name without a prefix means the one thing of that name; attributes come first."""
    assert _resolved(text) == parse(same)


def test_a_prefix_asks_for_what_may_not_be_there() -> None:
    """A metric nobody logged matches nothing, and is no mistake."""
    expected = Compare(Field("metric", "unheard", "last"), ">", Number(1))
    assert _resolved("metrics.unheard > 1") == expected


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("lr = 1 both = 3", 7, "a param and a metric: write params.both or metrics.both"),
        ("val/acu > 1", 0, "Did you mean 'val/auc'?"),
        ("depth > 1", 0, "Did you mean 'model.depth'?"),
        ("LR > 1", 0, "Did you mean 'lr'?"),
        ("Status = x", 0, "Did you mean 'status'?"),
        ("min(lr) > 1", 4, "There is no metric called 'lr'"),
        ("qqqqq > 1", 0, "There is no param, metric, tag or attribute called 'qqqqq'."),
        ("loss = LR", 0, "metrics.loss is a number, and 'LR' is none"),
        ("loss = true", 0, "metrics.loss is a number"),
        ("loss LIKE 'x'", 0, "LIKE looks at text"),
        ("loss !~ x", 0, "!~ looks at text"),
    ],
)
def test_a_name_that_does_not_fit_is_pointed_at(text: str, column: int, words: str) -> None:
    """Unknown and ambiguous names are errors that say what to write."""
    with pytest.raises(FilterError) as caught:
        _resolved(text)
    assert (caught.value.column, caught.value.text) == (column, text)
    assert words in str(caught.value)
    assert caret(caught.value).endswith("\n" + " " * column + "^")


def test_without_the_text_an_error_still_speaks() -> None:
    """A tree that was built and not read has no text to point into."""
    with pytest.raises(FilterError) as caught:
        resolve(Compare(Field("bare", "x", column=9), "=", Number(1)), NAMES)
    assert caught.value.column == 0
