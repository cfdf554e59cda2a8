"""What the filter language reads, MLflow's own syntax first."""

import math
from datetime import datetime

import pytest

from workbench.errors import FilterError
from workbench.filters import caret, parse, render
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
    Value,
    Words,
)


def _metric(name: str, part: str = "last") -> Field:
    return Field("metric", name, part)


def _param(name: str) -> Field:
    return Field("param", name)


def _tag(name: str) -> Field:
    return Field("tag", name)


def _attribute(name: str) -> Field:
    return Field("attribute", name)


def _bare(name: str) -> Field:
    return Field("bare", name)


def _equal(field: Field, value: Value) -> Compare:
    return Compare(field, "=", value)


MLFLOW = [
    ("metrics.rmse < 1", Compare(_metric("rmse"), "<", Number(1))),
    ("metric.acc >= 0.94", Compare(_metric("acc"), ">=", Number(0.94))),
    ("metric.acc>=100", Compare(_metric("acc"), ">=", Number(100))),
    ("metrics.acc <= -1.5e-3", Compare(_metric("acc"), "<=", Number(-0.0015))),
    ("metrics.acc > .5", Compare(_metric("acc"), ">", Number(0.5))),
    ("metrics.acc != 5.", Compare(_metric("acc"), "!=", Number(5))),
    ("params.m!='tf'", Compare(_param("m"), "!=", Text("tf"))),
    ('params."m"!="tf"', Compare(_param("m"), "!=", Text("tf"))),
    ('params.m = "L\'Hosp"', _equal(_param("m"), Text("L'Hosp"))),
    (r"params.path = 'C:\data\x'", _equal(_param("path"), Text(r"C:\data\x"))),
    ('metric."legit name" >= 0.243', Compare(_metric("legit name"), ">=", Number(0.243))),
    ('params."cat dog" = "pets"', _equal(_param("cat dog"), Text("pets"))),
    ('metrics."X//Y#$$@&Z" = 3', _equal(_metric("X//Y#$$@&Z"), Number(3))),
    ("metrics.`spacey name` > 5", Compare(_metric("spacey name"), ">", Number(5))),
    ('metrics."accuracy.2.0" > 5', Compare(_metric("accuracy.2.0"), ">", Number(5))),
    ("metrics.cross-entropy > 5", Compare(_metric("cross-entropy"), ">", Number(5))),
    ("`metric`.a >= 0.1", Compare(_metric("a"), ">=", Number(0.1))),
    ("`params`.model >= 'LR'", Compare(_param("model"), ">=", Text("LR"))),
    ("param.a = '1'", _equal(_param("a"), Text("1"))),
    ("parameter.a = '1'", _equal(_param("a"), Text("1"))),
    ("parameters.a = '1'", _equal(_param("a"), Text("1"))),
    ("tag.a = '1'", _equal(_tag("a"), Text("1"))),
    ("tags.`mlflow.parentRunId` = 'q'", _equal(_tag("mlflow.parentRunId"), Text("q"))),
    ("tags.mlflow.parentRunId = 'q'", _equal(_tag("mlflow.parentRunId"), Text("q"))),
    ("`tags`.source_name = 'a notebook'", _equal(_tag("source_name"), Text("a notebook"))),
    ("attributes.status = 'FAILED'", _equal(_attribute("status"), Text("FAILED"))),
    ("attribute.status = 'FAILED'", _equal(_attribute("status"), Text("FAILED"))),
    ("attr.status = 'FAILED'", _equal(_attribute("status"), Text("FAILED"))),
    ("run.status = 'RUNNING'", _equal(_attribute("status"), Text("RUNNING"))),
    ("status = 'RUNNING'", _equal(_attribute("status"), Text("RUNNING"))),
    ("attributes.`status` = 'FAILED'", _equal(_attribute("status"), Text("FAILED"))),
    ("attribute.artifact_uri = '1/23/4'", _equal(_attribute("artifact_uri"), Text("1/23/4"))),
    ("run_id = 'a1'", _equal(_attribute("id"), Text("a1"))),
    ("run_name LIKE 'abc%'", Like(_attribute("name"), "abc%")),
    ("`run name` = 'abc'", _equal(_attribute("name"), Text("abc"))),
    ("attributes.`Run name` = 'abc'", _equal(_attribute("name"), Text("abc"))),
    ("user_id = 'ada'", _equal(_attribute("user"), Text("ada"))),
    ("start_time > 1664067852747", Compare(_attribute("started"), ">", Instant(1664067852.747))),
    ("attribute.start_time >= 0", Compare(_attribute("started"), ">=", Instant(0))),
    ("end_time < 9999999999999999", Compare(_attribute("ended"), "<", Instant(1e11))),
    ("created > 1664067852747", Compare(_attribute("started"), ">", Instant(1664067852.747))),
    (
        "attributes.end_time < 1664067852747",
        Compare(_attribute("ended"), "<", Instant(1664067852.747)),
    ),
    ("run_id IN ('a','b')", In(_attribute("id"), (Text("a"), Text("b")))),
    ('attributes.run_id NOT IN ("a",)', In(_attribute("id"), (Text("a"),), negated=True)),
    ("dataset.name = 'train'", _equal(Field("dataset", "name"), Text("train"))),
    ("datasets.digest IN ('d1', 'd2')", In(Field("dataset", "digest"), (Text("d1"), Text("d2")))),
    ("datasets.context = 'train'", _equal(Field("dataset", "context"), Text("train"))),
    ("params.m LIKE 'res%'", Like(_param("m"), "res%")),
    ("params.m ilike '%NET_'", Like(_param("m"), "%NET_", case_sensitive=False)),
    ("tags.version IS NULL", IsNull(_tag("version"))),
    ("params.lr is not null", IsNull(_param("lr"), negated=True)),
    (
        "metrics.rmse < 1 and params.model_class = 'LR'",
        And((Compare(_metric("rmse"), "<", Number(1)), _equal(_param("model_class"), Text("LR")))),
    ),
    (
        "tags.a IS NULL\n  AND params.b = 'val'",
        And((IsNull(_tag("a")), _equal(_param("b"), Text("val")))),
    ),
]

OWN = [
    (
        "a = 1 OR b = 2 AND c = 3",
        Or(
            (
                _equal(_bare("a"), Number(1)),
                And((_equal(_bare("b"), Number(2)), _equal(_bare("c"), Number(3)))),
            )
        ),
    ),
    (
        "(a = 1 OR b = 2) c = 3",
        And(
            (
                Or((_equal(_bare("a"), Number(1)), _equal(_bare("b"), Number(2)))),
                _equal(_bare("c"), Number(3)),
            )
        ),
    ),
    (
        "NOT a = 1 AND b = 2",
        And((Not(_equal(_bare("a"), Number(1))), _equal(_bare("b"), Number(2)))),
    ),
    ("not(a = 1)", Not(_equal(_bare("a"), Number(1)))),
    (
        "a == 1 && b <> 2 || c ≥ 3",
        Or(
            (
                And((_equal(_bare("a"), Number(1)), Compare(_bare("b"), "!=", Number(2)))),
                Compare(_bare("c"), ">=", Number(3)),
            )
        ),
    ),
    ("(a = 1 AND (b = 1 AND c = 1))", And(tuple(_equal(_bare(name), Number(1)) for name in "abc"))),
    ("val/auc > 0.9", Compare(_bare("val/auc"), ">", Number(0.9))),
    ("`val auc` > 0.9", Compare(_bare("val auc"), ">", Number(0.9))),
    ('"val auc" > 0.9', Compare(_bare("val auc"), ">", Number(0.9))),
    ("`it``s` = 'it''s'", _equal(_bare("it`s"), Text("it's"))),
    ("run.seed = 3", _equal(_bare("run.seed"), Number(3))),
    ("dataset.path = x", _equal(_bare("dataset.path"), Text("x"))),
    ("params.lr = 0.10", _equal(_param("lr"), Number(0.1))),
    ("params.lr = '0.10'", _equal(_param("lr"), Text("0.10"))),
    ("params.window = 7d", _equal(_param("window"), Text("7d"))),
    ("params.amp = TRUE", _equal(_param("amp"), Truth(value=True))),
    ("params.amp = 'true'", _equal(_param("amp"), Text("true"))),
    ("params.seed IN (1, 2, x)", In(_param("seed"), (Number(1), Number(2), Text("x")))),
    ("metrics.loss = NaN", _equal(_metric("loss"), Number(math.nan))),
    ("metrics.loss < -inf", Compare(_metric("loss"), "<", Number(-math.inf))),
    ("metrics.wait > 1h30m", Compare(_metric("wait"), ">", Number(5400))),
    ("min(loss) < 0.1", Compare(Field("bare", "loss", "min"), "<", Number(0.1))),
    ("MAX( metrics.`val auc` ) > 1", Compare(_metric("val auc", "max"), ">", Number(1))),
    (
        "step_of_min(val/loss) > 10",
        Compare(Field("bare", "val/loss", "step_of_min"), ">", Number(10)),
    ),
    ("nans(metrics.loss) IS NULL", IsNull(_metric("loss", "nans"))),
    ("status = finished", _equal(_attribute("status"), Text("FINISHED"))),
    ("status IN (failed, 'killed')", In(_attribute("status"), (Text("FAILED"), Text("KILLED")))),
    ("git = 1234567", _equal(_attribute("git"), Text("1234567"))),
    ("duration > 2h", Compare(_attribute("duration"), ">", Number(7200))),
    ("duration < 90", Compare(_attribute("duration"), "<", Number(90))),
    ("dirty = true", _equal(_attribute("dirty"), Truth(value=True))),
    ("archived != False", Compare(_attribute("archived"), "!=", Truth(value=False))),
    ("error < 0.1", Compare(_bare("error"), "<", Number(0.1))),
    ("attributes.error ~ Memory", Match(_attribute("error"), "Memory")),
    ("attributes.size > 1e9", Compare(_attribute("size"), ">", Number(1e9))),
    ("faults > 0", Compare(_attribute("faults"), ">", Number(0))),
    ("started > -2d", Compare(_attribute("started"), ">", Instant(-172_800, relative=True))),
    ("started > -1d12h", Compare(_attribute("started"), ">", Instant(-129_600, relative=True))),
    ("ended < 1700000000", Compare(_attribute("ended"), "<", Instant(1_700_000_000))),
    ("started > -inf", Compare(_attribute("started"), ">", Instant(-1e11))),
    ("started > 2026-11-01T14:02:00Z", Compare(_attribute("started"), ">", Instant(1_793_541_720))),
    (
        "started > '2026-11-01 14:02+02:00'",
        Compare(_attribute("started"), ">", Instant(1_793_534_520)),
    ),
    ("name ~ ^res.*[0-9]$", Match(_attribute("name"), "^res.*[0-9]$")),
    ("name !~ '(a|b)'", Match(_attribute("name"), "(a|b)", negated=True)),
    ("name NOT LIKE 'a%'", Like(_attribute("name"), "a%", negated=True)),
    ("team NOT  IN (a, b)", In(_bare("team"), (Text("a"), Text("b")), negated=True)),
    ("resnet", Words("resnet")),
    ("resnet 50", And((Words("resnet"), Words("50")))),
    ("resnet (a OR b)", And((Words("resnet"), Or((Words("a"), Words("b")))))),
    ('NOT "first try"', Not(Words("first try"))),
    ("'and'", Words("and")),
    ("résumé ähnlich=1", And((Words("résumé"), _equal(_bare("ähnlich"), Number(1))))),
    (
        'resnet "first try" auc > 0.9',
        And((Words("resnet"), Words("first try"), Compare(_bare("auc"), ">", Number(0.9)))),
    ),
]


@pytest.mark.parametrize(("text", "expected"), MLFLOW + OWN, ids=lambda value: str(value)[:60])
def test_a_filter_reads_as_the_tree_it_means(text: str, expected: Node) -> None:
    """Every spelling in the manual, and all of MLflow's, has one tree."""
    assert parse(text) == expected


@pytest.mark.parametrize(("text", "expected"), MLFLOW + OWN, ids=lambda value: str(value)[:60])
def test_what_was_read_is_written_so_that_it_reads_the_same(text: str, expected: Node) -> None:
    """The canonical text of a filter has the same tree."""
    assert parse(render(parse(text))) == expected


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_an_empty_filter_is_no_filter(text: str) -> None:
    """Nothing written asks for nothing."""
    assert parse(text) is None


def test_a_field_knows_where_it_stands() -> None:
    """An error found later can point at the name it is about."""
    node = parse("  lr = 1 AND min(loss) < 2")
    assert isinstance(node, And)
    assert [part.field.column for part in node.parts if isinstance(part, Compare)] == [2, 17]


def test_a_date_is_its_first_moment_where_the_reader_is() -> None:
    """A date without a zone is taken in the zone of this computer."""
    midnight = datetime.fromisoformat("2026-11-01").timestamp()
    assert parse("started >= 2026-11-01") == Compare(_attribute("started"), ">=", Instant(midnight))


def test_equal_to_a_date_is_the_whole_day() -> None:
    """Runs started at any time of the day are found, and left out by its opposite."""
    first = Instant(datetime.fromisoformat("2026-11-01").timestamp())
    after = Instant(datetime.fromisoformat("2026-11-02").timestamp())
    started = _attribute("started")
    within = And((Compare(started, ">=", first), Compare(started, "<", after)))
    assert parse("started = 2026-11-01") == within
    assert parse("started IN ('2026-11-01')") == within
    outside = Or((Compare(started, "<", first), Compare(started, ">=", after)))
    assert parse("started != 2026-11-01") == outside
    assert parse("NOT started = 2026-11-01") == Not(within)


ERRORS = [
    ("metrics.x >", 11, "a value after '>'"),
    ("metrics.x > = 3", 12, "a value after '>', not '='"),
    ("metrics.x > 1 AND", 17, "a name or a word after 'AND'"),
    ("metrics.x > 1 > 2", 14, "AND, OR or another condition after '1'"),
    ("AND x = 1", 0, "Put it in quotes"),
    ("x IN 3", 5, "a list such as"),
    ("x IN ()", 6, "a name or a word"),
    ("x IN (a b)", 8, "',' or ')' after 'a'"),
    ("x IS 3", 5, "NULL or NOT NULL"),
    ("x LIKE", 6, "a pattern"),
    ("x = null", 4, "Write IS NULL"),
    ("x = `b`", 4, "backticks are for names"),
    ("(x = 1", 6, "')' after '1'"),
    ("x = 1)", 5, "AND, OR or another condition"),
    ("()", 1, "a name or a word after '('"),
    ("`abc > 1", 0, "never closed"),
    ("dummy`.A > 0.1", 5, "never closed"),
    ("x = 'a", 4, "never closed"),
    ("x = 1; y = 2", 5, "means nothing here"),
    ("1.0 > metrics.acc", 0, "Write the name first"),
    ("metrics. > 1", 0, "a name after 'metrics.'"),
    ("`` = 1", 0, "empty"),
    ("metrics.'' > 1", 0, "a name after 'metrics.'"),
    ("m.`acc` > 1", 0, "Write metrics., params."),
    ("attributes.nonsense = 1", 0, "Write one of id, name"),
    ("datasets.`rows` = 1", 0, "no dataset called 'rows'"),
    ("avg(loss) > 1", 0, "one of last, min"),
    ("min(params.lr) > 1", 4, "params.lr is none"),
    ("min(loss", 8, "')' after 'loss'"),
    ("metrics.x = LR", 12, "'LR' is none"),
    ("duration > soon", 11, "duration is a number"),
    ("started > soon", 10, "Write -2d for two days ago"),
    ("started > 2d", 10, "Write -2d"),
    ("started > NaN", 10, "out of range"),
    ("started > -99999999999d", 10, "out of range"),
    ("started > 9999-12-31", 10, "out of range"),
    ("dirty = perhaps", 8, "Write true or false"),
    ("dirty > true", 8, "Write = or !="),
    ("params.amp < true", 13, "Write = or !="),
    ("metrics.x LIKE '1%'", 0, "LIKE looks at text"),
    ("started ~ 2026", 0, "~ looks at text"),
    ("name ~ '(a'", 7, "no regular expression"),
    ("name ~ '(?=a)b'", 7, "look-around"),
]


@pytest.mark.parametrize(("text", "column", "words"), ERRORS, ids=[row[0] for row in ERRORS])
def test_an_error_says_where_and_what_was_expected(text: str, column: int, words: str) -> None:
    """The column is that of the word at fault, and the sentence says what belongs there."""
    with pytest.raises(FilterError) as caught:
        parse(text)
    assert (caught.value.column, caught.value.text) == (column, text)
    assert words in str(caught.value)


def test_too_deep_a_nesting_is_refused() -> None:
    """Whoever walks the tree may recurse, so depth has an end."""
    with pytest.raises(FilterError, match="nested"):
        parse("NOT " * 5000 + "x = 1")
    assert parse("(" * 5000 + "x = 1" + ")" * 5000) == _equal(_bare("x"), Number(1))


def test_the_caret_stands_under_the_fault() -> None:
    """Two lines show the place, also in the second line of a filter with a tab in it."""
    with pytest.raises(FilterError) as caught:
        parse("a = 1\n\tAND x >")
    assert caret(caught.value) == " AND x >\n        ^"


def test_words_are_counted_once_however_many() -> None:
    """A filter of a thousand words is one flat conjunction."""
    node = parse("x " * 1000)
    assert isinstance(node, And)
    assert len(node.parts) == 1000
