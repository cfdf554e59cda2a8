"""What is offered while a filter is typed."""

import pytest

from workbench.filters import Names, complete
from workbench.filters.completion import Completion
from workbench.filters.tree import Field

NAMES = Names(
    params=frozenset({"lr", "model.depth", "both", "name"}),
    metrics=frozenset({"val/auc", "val loss", "loss", "both"}),
    tags=frozenset({"team"}),
)
SAMPLES = {"team": ["risk", "two words", "5", "it's"], "lr": [0.1, 3], "status": ["PAUSED"]}


def _samples(field: Field) -> list[object]:
    return SAMPLES.get(field.name, [])


def _offered(text: str, cursor: int | None = None) -> list[Completion]:
    return complete(text, len(text) if cursor is None else cursor, NAMES, _samples)


def _texts(text: str, cursor: int | None = None) -> list[str]:
    return [completion.text for completion in _offered(text, cursor)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("va", ["`val loss`", "val/auc"]),
        ("`va", ["`val loss`", "val/auc"]),
        ("dep", ["model.depth"]),
        ("both", ["metrics.both", "params.both"]),
        ("metrics.", ["metrics.both", "metrics.loss", "metrics.`val loss`", "metrics.val/auc"]),
        ('metrics."val l', ["metrics.`val loss`"]),
        ("attr.fa", ["attr.faults"]),
        ("datasets.", ["datasets.name", "datasets.digest", "datasets.context"]),
        ("min(v", ["`val loss`", "val/auc"]),
        ("max(metrics.lo", ["metrics.loss"]),
        ("step", ["step_of_min(", "step_of_max("]),
        ("dirty ", ["=", "!="]),
        ("lr N", ["NOT LIKE", "NOT IN ("]),
        ("min(loss) I", ["IN (", "IS NULL", "IS NOT NULL"]),
        ("team IS ", ["NULL", "NOT NULL"]),
        ("team = ", ["risk", "'two words'", "'5'", "'it''s'"]),
        ("team = 'tw", ["'two words'"]),
        ("team IN (", ["risk", "'two words'", "'5'", "'it''s'"]),
        ("team NOT IN (risk, t", ["'two words'"]),
        ("lr = ", ["0.1", "3"]),
        ("status = F", ["FINISHED", "FAILED"]),
        ("dirty != ", ["true", "false"]),
        ("started > ", ["-1h", "-1d", "-7d", "-4w"]),
        ("loss > 3 A", ["AND", "archived", "artifact_uri", "attributes.error", "attributes.size"]),
        ("team IN (risk ", [")"]),
        ("loss > = ", []),
        ("'never closed", []),
        ("metrics.loss > x AND ", []),
    ],
)
def test_what_fits_is_offered(text: str, expected: list[str]) -> None:
    """Names, operators and values fit the place, and are quoted where they need it."""
    assert _texts(text) == expected


def test_an_empty_filter_offers_every_name() -> None:
    """Whoever knows no name yet sees them all, with the kind beside."""
    kinds = {completion.text: completion.kind for completion in _offered("")}
    assert kinds["val/auc"] == "metric"
    assert kinds["lr"] == "param"
    assert kinds["team"] == "tag"
    assert kinds["started"] == "attribute"
    assert kinds["params.name"] == "param"
    assert kinds["NOT"] == "keyword"


def test_after_a_condition_comes_a_connection() -> None:
    """AND and OR come first, a closing bracket only where one is open."""
    assert _texts("loss > 3 ")[:2] == ["AND", "OR"]
    assert ")" not in _texts("loss > 3 ")
    assert ")" in [completion.text for completion in _offered("(loss > 3 ")]


def test_a_word_is_replaced_whole() -> None:
    """A cursor within a word replaces the word, and leaves what follows it."""
    assert _offered("va/x > 3 AND lr = 1", 2)[0] == Completion("`val loss`", 0, 4, "metric")
    assert _offered("team = ri AND x", 9)[0] == Completion("risk", 7, 9, "value")


def test_nothing_is_offered_for_what_is_complete() -> None:
    """A word typed in full is not offered again."""
    assert "val/auc" not in _texts("val/auc")
