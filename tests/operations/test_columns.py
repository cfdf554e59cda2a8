"""Names of columns, as people write them."""

import pytest

from workbench.catalogue.query import Column, Sort
from workbench.errors import UsageError
from workbench.filters import Names
from workbench.operations.columns import column, columns, order, written

NAMES = Names(
    params=frozenset({"lr", "model.depth", "loss", "a,b", "run.seed"}),
    metrics=frozenset({"loss", "val/auc"}),
    tags=frozenset({"team"}),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lr", Column("param", "lr")),
        ("params.model.depth", Column("param", "model.depth")),
        ("model.depth", Column("param", "model.depth")),
        ("run.seed", Column("param", "run.seed")),
        ("val/auc", Column("metric", "val/auc")),
        ("max(val/auc)", Column("metric", "val/auc", "max")),
        ("best(metrics.loss)", Column("metric", "loss", "best")),
        ("metrics.`loss`", Column("metric", "loss")),
        ("tags.team", Column("tag", "team")),
        ("attributes.start_time", Column("attribute", "started")),
        ("git", Column("attribute", "commit")),
        (" name ", Column("attribute", "name")),
    ],
)
def test_a_column_is_found(text: str, found: Column) -> None:
    """Bare, prefixed, quoted, or a part of a metric: the words of the filter language."""
    assert column(text, NAMES) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("loss", "Write params.loss or metrics.loss."),
        ("auc", "val/auc"),
        ("params.nope", "There is no param called 'nope'."),
        ("max(lr)", "There is no metric called 'lr'."),
    ],
)
def test_a_column_that_is_none_or_two_says_so(text: str, words: str) -> None:
    """What is unknown gets the likely name, what is ambiguous gets the choices."""
    with pytest.raises(UsageError) as caught:
        column(text, NAMES)
    assert words in str(caught.value)


def test_lists_have_commas_and_quotes() -> None:
    """A name with a comma stands in double quotes; a minus sorts down."""
    assert columns('lr, "a,b"', NAMES) == (Column("param", "lr"), Column("param", "a,b"))
    assert order("-val/auc,lr", NAMES) == (
        Sort(Column("metric", "val/auc"), descending=True),
        Sort(Column("param", "lr")),
    )
    assert columns("", NAMES) == ()


def test_what_is_written_is_read_again() -> None:
    """The heads of CSV columns can be given back as they are."""
    for one in (
        Column("param", "lr"),
        Column("metric", "loss", "min"),
        Column("attribute", "name"),
    ):
        assert column(written(one), NAMES) == one
