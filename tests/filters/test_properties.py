"""What holds for every filter there can be."""

import math
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import FilterError
from workbench.filters import Names, caret, complete, parse, render, resolve
from workbench.filters.fields import ATTRIBUTES, OTHER_NAMES, PARTS
from workbench.filters.tree import (
    And,
    Compare,
    Field,
    In,
    Instant,
    IsNull,
    Like,
    Match,
    Node,
    Not,
    Number,
    Or,
    Text,
    Truth,
    Words,
)

TEXTS = st.text(max_size=8) | st.sampled_from(
    ["and", "1e5", "NaN", "true", "2d", "a.b", "it's", '"']
)
NAMES = TEXTS.filter(bool) | st.sampled_from(["val/auc", "metrics.x", "run.seed", "NOT", "in", "`"])
NUMBERS = (st.floats(allow_nan=False) | st.just(math.nan) | st.integers().map(float)).map(Number)
TEXT_VALUES = TEXTS.map(Text)
ANY_VALUES = NUMBERS | TEXT_VALUES | st.booleans().map(Truth)
MOMENTS = st.floats(-1e11, 1e11).map(Instant) | st.floats(-1e11, 0).map(
    lambda seconds: Instant(seconds, relative=True)
)
OPS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
EQUAL = st.sampled_from(["=", "!="])


def _attributes(sort: str) -> st.SearchStrategy[Field]:
    names = [name for name, one in ATTRIBUTES.items() if one == sort and name != "status"]
    return st.sampled_from(names).map(lambda name: Field("attribute", name))


BARE = NAMES.filter(lambda name: name not in {*ATTRIBUTES, *OTHER_NAMES}).map(
    lambda name: Field("bare", name)
)
OPEN = BARE | st.builds(Field, st.sampled_from(["param", "tag"]), NAMES)
TEXTUAL = _attributes("text") | st.sampled_from(["name", "digest", "context"]).map(
    lambda name: Field("dataset", name)
)
METRICS = st.builds(Field, st.just("metric"), NAMES, st.sampled_from(PARTS)) | BARE.flatmap(
    lambda field: st.sampled_from(PARTS).map(lambda part: Field("bare", field.name, part))
)
NUMERIC = METRICS | _attributes("number") | _attributes("duration")
FIELDS = OPEN | TEXTUAL | NUMERIC | _attributes("time") | _attributes("truth")

CONDITIONS = st.one_of(
    st.builds(Compare, OPEN, OPS, NUMBERS | TEXT_VALUES),
    st.builds(Compare, OPEN | _attributes("truth"), EQUAL, st.booleans().map(Truth)),
    st.builds(Compare, TEXTUAL, OPS, TEXT_VALUES),
    st.builds(Compare, NUMERIC, OPS, NUMBERS),
    st.builds(Compare, _attributes("time"), OPS, MOMENTS),
    st.builds(Like, OPEN | TEXTUAL, TEXTS, st.booleans(), st.booleans()),
    st.builds(Match, OPEN | TEXTUAL, st.sampled_from(["^a", "(a|b)+", "it's", ""]), st.booleans()),
    st.builds(In, OPEN, st.lists(ANY_VALUES, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(In, NUMERIC, st.lists(NUMBERS, min_size=1, max_size=3).map(tuple), st.booleans()),
    st.builds(IsNull, FIELDS, st.booleans()),
    st.builds(Words, TEXTS),
)


def _joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    def several(kind: type) -> st.SearchStrategy[tuple[Node, ...]]:
        apart = parts.filter(lambda part: not isinstance(part, kind))
        return st.lists(apart, min_size=2, max_size=4).map(tuple)

    return several(And).map(And) | several(Or).map(Or) | parts.map(Not)


@st.composite
def _conditions(draw: st.DrawFn) -> Node:
    return draw(CONDITIONS)


TREES = st.recursive(_conditions(), _joined, max_leaves=12)

WORDS = (
    "metrics. params.lr tags.`a b` loss status started duration min( ( ) , = != < >= ~ !~ AND or"
    " NOT in like is null 'x' \"y z\" `q` ' \" ` 3 -2d NaN 2026-11-01 9999-12-31 true [ \\ ; ! \0 é"
)
PIECES = st.sampled_from(WORDS.split())
KNOWN = Names(frozenset({"lr", "a b"}), frozenset({"loss", "é"}), frozenset({"q"}))


def _refusal(text: str) -> FilterError | None:
    """Return the error reading or resolving the text raises, if any."""
    try:
        node = parse(text)
        if node is not None:
            resolve(node, KNOWN, text=text)
    except FilterError as error:
        return error
    return None


@settings(deadline=None)
@given(TREES)
def test_what_is_written_reads_as_what_was_written(tree: Node) -> None:
    """Every tree has a text, and the text has that tree."""
    assert parse(render(tree)) == tree


@settings(deadline=None)
@given(st.text() | st.lists(PIECES, max_size=12).map(" ".join) | st.lists(PIECES).map("".join))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    """No text does anything but give a tree or an error whose column is in it."""
    error = _refusal(text)
    if error is None:
        node = parse(text)
        assert parse(render(node)) == node
        return
    assert 0 <= error.column <= len(text)
    assert error.text == text
    line, place = caret(error).split("\n")
    assert place.endswith("^")
    assert len(place) <= len(line) + 1


@settings(deadline=None)
@given(st.lists(PIECES, max_size=8).map(" ".join), st.data())
def test_completion_never_fails_and_stays_inside_the_text(text: str, data: st.DataObject) -> None:
    """Whatever stands there, what is offered replaces a part of it around the cursor."""
    cursor = data.draw(st.integers(0, len(text)))
    for completion in complete(text, cursor, KNOWN, lambda _: ["x", 1.5, True]):
        assert 0 <= completion.start <= cursor <= completion.end <= len(text)


@settings(deadline=None)
@given(NAMES)
def test_a_name_taken_from_completion_reads_as_that_name(name: str) -> None:
    """An offered metric is written so that it means that metric, whatever its letters."""
    names = Names(metrics=frozenset({name}))
    offer = next(one for one in complete("min(", 4, names) if one.kind == "metric")
    node = parse(f"min({offer.text}) = 1")
    assert node is not None
    assert resolve(node, names) == Compare(Field("metric", name, "min"), "=", Number(1))


def test_importing_the_language_loads_no_parser() -> None:
    """The parser library is loaded by the first filter read, not by the import."""
    code = (
        "import sys, workbench.filters as filters; before = 'lark' in sys.modules;"
        "filters.parse('x'); print(before, 'lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
