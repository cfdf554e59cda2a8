"""What rules of checks read: the filter language, the champion's values and arithmetic."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import FilterError
from workbench.filters import parse, parse_rule, render
from workbench.filters.fields import GIT_FACTS, PARTS, VERSION_ATTRIBUTES
from workbench.filters.tree import (
    Absolute,
    And,
    Arithmetic,
    Compare,
    Field,
    In,
    IsNull,
    Like,
    Match,
    Not,
    Number,
    Or,
    Relation,
    Rule,
    Text,
    Truth,
    Words,
)


def metric(name: str, part: str = "last", owner: str = "") -> Field:
    """Return a field of a metric."""
    return Field("metric", name, part, owner=owner)  # type: ignore[arg-type]


def fact(name: str, owner: str = "") -> Field:
    """Return a field of what a version is."""
    return Field("version", name, owner=owner)  # type: ignore[arg-type]


AUC, THEIR_AUC = metric("val/auc"), metric("val/auc", owner="champion")
A, B, THEIR_A = metric("a"), metric("b"), metric("a", owner="champion")

RULES = [
    ("metrics.`val/auc` >= 0.85", Compare(AUC, ">=", Number(0.85))),
    ("metrics.val/auc >= 0.85", Compare(AUC, ">=", Number(0.85))),
    ("0.85 <= metrics.val/auc", Compare(AUC, ">=", Number(0.85))),
    (
        "metrics.`val/auc` >= champion.metrics.`val/auc` - 0.002",
        Relation(AUC, ">=", Arithmetic("-", THEIR_AUC, Number(0.002))),
    ),
    (
        "git.dirty = false AND signature = champion.signature",
        And(
            (
                Compare(Field("git", "dirty"), "=", Truth(value=False)),
                Relation(fact("signature"), "=", fact("signature", "champion")),
            )
        ),
    ),
    (
        "abs(metrics.a - champion.metrics.a) < 0.01",
        Relation(Absolute(Arithmetic("-", A, THEIR_A)), "<", Number(0.01)),
    ),
    ("max(metrics.x) > 1", Compare(metric("x", "max"), ">", Number(1))),
    ("MAX( champion.metrics.x ) > 1", Compare(metric("x", "max", "champion"), ">", Number(1))),
    ("format = 'skops'", Compare(fact("format"), "=", Text("skops"))),
    ("format = skops", Compare(fact("format"), "=", Text("skops"))),
    ("format = files", Compare(fact("format"), "=", Text("files"))),
    ("version.format = 'skops'", Compare(fact("format"), "=", Text("skops"))),
    ("attributes.rung = data", Compare(fact("rung"), "=", Text("data"))),
    ("`size` < 5", Compare(fact("size"), "<", Number(5))),
    ("size < 100000000", Compare(fact("size"), "<", Number(100_000_000))),
    ("size < champion.size", Relation(fact("size"), "<", fact("size", "champion"))),
    ("champion.size > size", Relation(fact("size", "champion"), ">", fact("size"))),
    ("champion.`signature` = signature",
     Relation(fact("signature", "champion"), "=", fact("signature"))),
    ("params.model = 'rf'", Compare(Field("param", "model"), "=", Text("rf"))),
    ("params.model = metrics", Compare(Field("param", "model"), "=", Text("metrics"))),
    ("datasets.name = 'census'", Compare(Field("dataset", "name"), "=", Text("census"))),
    ("datasets.hash = abc", Compare(Field("dataset", "digest"), "=", Text("abc"))),
    ("metrics.a > -3", Compare(A, ">", Number(-3))),
    ("metrics.a - -3 > 0", Relation(Arithmetic("-", A, Number(-3)), ">", Number(0))),
    ("metrics.a-b > 1", Compare(metric("a-b"), ">", Number(1))),
    ("metrics.a-0.2 > 1", Compare(metric("a-0.2"), ">", Number(1))),
    ("metrics.`a - b` > 1", Compare(metric("a - b"), ">", Number(1))),
    ("metrics.a != inf", Compare(A, "!=", Number(math.inf))),
    ("metrics.a = NaN", Compare(A, "=", Number(math.nan))),
    (
        "metrics.a + metrics.b * 2 > 1",
        Relation(Arithmetic("+", A, Arithmetic("*", B, Number(2))), ">", Number(1)),
    ),
    (
        "(metrics.a + metrics.b) / 2 > 1",
        Relation(Arithmetic("/", Arithmetic("+", A, B), Number(2)), ">", Number(1)),
    ),
    (
        "metrics.a - metrics.b - 1 ≥ 0",
        Relation(Arithmetic("-", Arithmetic("-", A, B), Number(1)), ">=", Number(0)),
    ),
    (
        "(metrics.a > 1 OR NOT tags.x IS NULL) metrics.b > 2",
        And(
            (
                Or((Compare(A, ">", Number(1)), Not(IsNull(Field("tag", "x"))))),
                Compare(B, ">", Number(2)),
            )
        ),
    ),
    ("params.m LIKE 'r%'", Like(Field("param", "m"), "r%")),
    ("champion.tags.t !~ '^r'", Match(Field("tag", "t", owner="champion"), "^r", negated=True)),
    ("format IN (skops, 'onnx')", In(fact("format"), (Text("skops"), Text("onnx")))),
    ("tags.x = 'champion.metrics.a'", Compare(Field("tag", "x"), "=", Text("champion.metrics.a"))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RULES, ids=[text for text, _ in RULES])
def test_a_rule_reads_as_the_tree_it_means(text: str, expected: Rule) -> None:
    """Every spelling in the manual has one tree, and that tree's own text reads the same."""
    assert parse_rule(text) == expected
    assert parse_rule(render(parse_rule(text))) == expected


ERRORS = [
    ("", 0, "cannot be empty"),
    ("x" * 5000, 0, "at most"),
    ("auc > 0.9", 0, "metrics.auc, params.auc or tags.auc"),
    ("dirty = false", 0, "Write git.dirty"),
    ("signatur = champion.signature", 0, "Did you mean 'signature'"),
    ("run.status = 'x'", 0, "Write metrics., params."),
    ("git.dirt = false", 0, "one of commit, branch, dirty"),
    ("datasets.rows > 5", 0, "one of name, digest"),
    ("NOT datasets.name < 'm'", 4, "has no order in rules"),
    ("'m' >= datasets.name", 7, "has no order in rules"),
    ("datasets.digest > 5", 0, "has no order in rules"),
    ("metrics. > 1", 0, "a name after 'metrics.'"),
    ("champion.auc > 1", 0, "champion.metrics.NAME"),
    ("champion. > 1", 0, "champion.metrics.NAME"),
    ("challenger.`auc` > 1", 0, "nothing a rule can ask about"),
    ("metrics.a >= champion.metrics.a -0.002", 38, "a space after '-'"),
    ("metrics.`a` -0.002 > 1", 12, "a space after '-'"),
    ("metrics.a >= champion.metrics.a- 0.002", 13, "on both sides of '-'"),
    ("metrics.a-champion.metrics.a > 0", 0, "on both sides of '-'"),
    ("metrics.a >= 0.91-0.002", 13, "on both sides of '-'"),
    ("-metrics.a > 1", 0, "on both sides of '-'"),
    ("2*(metrics.a) > 1", 0, "on both sides of '*'"),
    ("metrics.a > 1 +", 15, "a number or a field after '+'"),
    ("metrics.a", 9, "an operator such as"),
    ("resnet", 6, "an operator such as"),
    ("metrics.a > high", 12, "'high' is none"),
    ("metrics.a + high > 1", 12, "no number and no field"),
    ("size < 1e999999", 7, "too large for a number"),
    ("size < '1e999'", 7, "too large for a number"),
    ("size != 1e999", 8, "too large for a number"),
    ("size < 1e999999 * 1e999999", 7, "too large for a number"),
    ("metrics.a > -inf", 12, "infinite"),
    ("metrics.a + inf > 1", 12, "infinite"),
    ("'x' = 'y'", 0, "nothing of a version"),
    ("1 < 2", 0, "nothing of a version"),
    ("avg(metrics.x) > 1", 0, "abs(...)"),
    ("max(params.x) > 1", 4, "params.x is none"),
    ("max(3) > 1", 4, "nothing a rule can ask about"),
    ("abs(signature) > 1", 4, "nothing can be reckoned"),
    ("format - 1 > 0", 0, "nothing can be reckoned"),
    ("metrics.a + 1 IN (1, 2)", 14, "asks about one field"),
    ("size < champion.format", 7, "champion.format is text"),
    ("signature > champion.signature", 0, "no order"),
    ("git.dirty < champion.git.dirty", 0, "no order"),
    ("(metrics.a > 1", 14, "')'"),
    ("metrics.a > `b`", 12, "'b' is nothing"),
]


@pytest.mark.parametrize(("text", "column", "words"), ERRORS, ids=[row[0][:40] for row in ERRORS])
def test_an_error_says_where_and_what_to_write(text: str, column: int, words: str) -> None:
    """Whoever misspells a gate is told the place and the cure."""
    with pytest.raises(FilterError) as caught:
        parse_rule(text)
    assert (caught.value.column, caught.value.text) == (column, text)
    assert words in str(caught.value)


def test_too_deep_an_arithmetic_is_refused() -> None:
    """Whoever walks the tree may recurse, so depth has an end there too."""
    with pytest.raises(FilterError, match="nested"):
        parse_rule(f"metrics.a > {' + '.join('1' * 100)}")


def test_filters_know_nothing_of_rules() -> None:
    """What arithmetic and the champion are in a rule, are words and names in a filter."""
    assert parse("champion.metrics.a > 1") == Compare(
        Field("bare", "champion.metrics.a"), ">", Number(1)
    )
    assert parse("signature = champion.signature") == Compare(
        Field("bare", "signature"), "=", Text("champion.signature")
    )
    assert parse("a - b") == And((Words("a"), Words("-"), Words("b")))
    assert parse("git = abc") == Compare(Field("attribute", "git"), "=", Text("abc"))


NAMES = st.sampled_from(["a", "val/auc", "a-b", "a - b", "and", "1e5", "metrics.x", "`", "it's"])
OWNERS = st.sampled_from(["", "champion"])
OPS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False).map(Number)
ENDLESS = st.sampled_from([Number(math.inf), Number(-math.inf)])
METRICS = st.builds(Field, st.just("metric"), NAMES, st.sampled_from(PARTS), owner=OWNERS)
PARAMS = st.builds(Field, st.sampled_from(["param", "tag"]), NAMES, owner=OWNERS)
FACTS = st.builds(
    Field, st.just("version"), st.sampled_from(sorted(VERSION_ATTRIBUTES)), owner=OWNERS
)
GIT = st.builds(Field, st.just("git"), st.sampled_from(sorted(GIT_FACTS)), owner=OWNERS)
OPERANDS = st.recursive(
    METRICS | PARAMS | NUMBERS,
    lambda inner: (
        st.builds(Absolute, inner) | st.builds(Arithmetic, st.sampled_from("+-*/"), inner, inner)
    ),
    max_leaves=6,
)
RECKONED = st.builds(Arithmetic, st.sampled_from("+-*/"), OPERANDS, OPERANDS)
CONDITIONS = st.one_of(
    st.builds(Compare, METRICS, OPS, NUMBERS),
    st.builds(Compare, METRICS, st.sampled_from(["=", "!="]), ENDLESS),
    st.builds(Compare, PARAMS, OPS, NUMBERS | NAMES.map(Text)),
    st.builds(Relation, RECKONED, OPS, OPERANDS),
    st.builds(Relation, METRICS, OPS, RECKONED | METRICS | PARAMS),
    st.builds(Relation, PARAMS, OPS, RECKONED | PARAMS),
    st.builds(Like, PARAMS, NAMES, st.booleans(), st.booleans()),
    st.builds(IsNull, METRICS | PARAMS | FACTS | GIT, st.booleans()),
    FACTS.flatmap(
        lambda field: st.sampled_from(["=", "!="]).map(
            lambda op: Relation(field, op, Field("version", field.name, owner="champion"))
        )
    ),
)


@settings(deadline=None)
@given(CONDITIONS)
def test_what_is_written_reads_as_what_was_written(rule: Rule) -> None:
    """Every rule has a text, and the text has that rule."""
    assert parse_rule(render(rule)) == rule


WORDS = (
    "metrics.a champion.metrics.`a b` params.x git.dirty signature size max( abs( ( ) , = != < >= ~"
    " + - * / -1 2 NaN 'x' \"y\" `q` AND OR NOT IN LIKE IS NULL true ' ` ; champion. é"
)
PIECES = st.sampled_from(WORDS.split())


def refusal(text: str) -> FilterError | None:
    """Return the error that reading a rule raises, if any."""
    try:
        parse_rule(text)
    except FilterError as error:
        return error
    return None


@settings(deadline=None)
@given(st.text() | st.lists(PIECES, max_size=12).map(" ".join) | st.lists(PIECES).map("".join))
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    """No text does anything but give a rule, or an error whose column is in it."""
    error = refusal(text)
    if error is None:
        assert parse_rule(render(parse_rule(text))) == parse_rule(text)
        return
    assert 0 <= error.column <= len(text)
    assert error.text == text
