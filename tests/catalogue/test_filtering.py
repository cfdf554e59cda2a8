"""A filter's SQL finds what the rules of the language say, and binds every value."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.catalogue.meaning import matches
from tests.catalogue.storing import BEGIN, arrival, curve, put, run_card, shelf, stored
from workbench.catalogue.connection import Catalogue
from workbench.catalogue.filtering import condition
from workbench.catalogue.ingest import Arrival
from workbench.filters import Names, parse, resolve
from workbench.filters.fields import ATTRIBUTES, PARTS
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
from workbench.formats.contract import Artifact, Dataset, Fault, RunCard
from workbench.runfolder import FAILED, RUNNING

NAN, INF = math.nan, math.inf
NOW = BEGIN + 100
GOALS = {"loss": "min", "acc": "max"}
INJECTION = "x'); DROP TABLE runs; --"
PARAMS: tuple[Any, ...] = (
    0.1, "0.1", "0.10", "1e-1", 1, True, "True", "FALSE", False, 0, "-0", -2.5, NAN, "nan", INF,
    "-inf", "", " 1", "1 ", "1_0", "+1", ".5", "1.", "0x1", "1e400", "\u0663", "abc", "ABC", "éa",
    "a\nb", "100%", "a_b", INJECTION, 10**20, "2026-11-01", "7d",
)  # fmt: skip
VALUES = tuple(value for value in PARAMS if isinstance(value, str))
CURVES = (
    curve(1.0, 0.5, 0.7), curve(NAN), curve(0.3, NAN), curve(NAN, 0.1, 0.2), curve(INF, 1.0),
    curve(-INF), curve(0.5), curve(2.0, 2.0), curve(1.0, INF),
)  # fmt: skip


def _runs() -> list[Arrival]:
    """Return runs among which every value, and the lack of it, occurs."""
    cards = [
        run_card(
            number,
            name=("alpha", "Beta", "a_b", "100%", "éa", INJECTION)[number % 6],
            status=("FINISHED", FAILED, RUNNING)[number % 3],
            started=None if number % 7 == 6 else BEGIN + number * 10,
            ended=None if number % 3 == 2 else BEGIN + number * 17,
            note="" if number % 2 else f"First try of {value}",
            group=None if number % 4 else "grid",
            parent=None if number % 5 else "run000",
            params={} if number % 9 == 8 else {"p": value, INJECTION: number},
            tags={} if number % 8 == 7 else {"t": VALUES[number % len(VALUES)]},
            metrics={} if number % 10 == 9 else {"loss": CURVES[number % len(CURVES)],
                                                 "acc": CURVES[(number + 4) % len(CURVES)]},
            datasets=[Dataset(f"d{k}", ("", "train")[k % 2], None, ("h", None)[k % 2])
                      for k in range(number % 3)],
            artifacts=[Artifact("a", number)] * (number % 2),
            error=["boom", "ValueError: 1"] if number % 3 == 1 else [],
            faults=[Fault("f", "torn")] * (number % 4),
            facts={} if number % 6 == 5 else {"user": "ana", "host": f"h{number % 3}",
                                              "dirty": number % 2 == 0, "commit": "1e5",
                                              "command": "train.py --lr 0.1"},
        )
        for number, value in enumerate(PARAMS)
    ]  # fmt: skip
    return [arrival(card, archived=n % 5 == 3) for n, card in enumerate(cards)]


RUNS = _runs()
TOOLS = ("lightning+hydra", "lightning", "hydra+tensorboard", "c++")


@pytest.fixture(scope="module")
def written() -> Catalogue:
    """Runs that one tool or several wrote, called by them."""
    made = shelf()
    put(made, [arrival(run_card(n, run_id=t, format=t)) for n, t in enumerate(TOOLS)])
    return made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("format = lightning", {"lightning", "lightning+hydra"}),
        ("format = 'lightning+hydra'", {"lightning+hydra"}),
        ("format = light", set()),
        ("format = 'l.*'", set()),
        ("format = 'c++'", {"c++"}),
        ("format != hydra", {"lightning", "c++"}),
        ("format IN (tensorboard, 'c++')", {"hydra+tensorboard", "c++"}),
        ("format NOT IN (tensorboard, lightning)", {"c++"}),
    ],
)
def test_each_tool_that_wrote_a_run_is_its_format(
    written: Catalogue, text: str, expected: set[str]
) -> None:
    """Who looks for a tool's runs finds those that another one wrote to as well."""
    assert set(found(written, resolve(parse(text), Names(), text=text))) == expected


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """The runs in a real catalogue."""
    made = shelf()
    put(made, RUNS)
    return made


def found(
    catalogue: Catalogue, node: Node, goals: Mapping[str, str] = GOALS, now: float = NOW
) -> list[str]:
    """Return the ids of the runs the SQL finds."""
    where, values = condition(node, goals, now)
    rows = catalogue.cursor().execute(f"SELECT run_id FROM runs r WHERE {where}", values)  # noqa: S608 - what is tested
    return sorted(run_id for (run_id,) in rows.fetchall())


def meant(node: Node) -> list[str]:
    """Return the ids of the runs the rules mean."""
    return sorted(run.card.run_id for run in RUNS if matches(node, run, GOALS, NOW))


def _fields(*sorts: str) -> st.SearchStrategy[Field]:
    names = [name for name, sort in ATTRIBUTES.items() if sort in sorts]
    return st.sampled_from(names).map(lambda name: Field("attribute", name))


NUMBERS = st.sampled_from(
    [0.1, 0.5, 1.0, 0.0, -0.0, 2.0, 60.0, 3.0, 1e20, NAN, INF, -INF, 0.2, 7.0]
).map(Number)
TEXTS = st.sampled_from(
    [*VALUES, "0.5", "true", "run003", "alpha", "churn", "FINISHED", "grid", "d1", "h", "train"]
).map(Text)
TRUTHS = st.booleans().map(Truth)
MOMENTS = st.sampled_from([0.0, 70.0, 100.0]).map(lambda s: Instant(BEGIN + s)) | st.sampled_from(
    [-30.0, -100.0]
).map(lambda s: Instant(s, relative=True))
OPS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
EQUAL = st.sampled_from(["=", "!="])
OPEN = st.sampled_from(
    [Field("param", "p"), Field("tag", "t"), Field("param", INJECTION), Field("tag", "unheard")]
)
TEXTUAL = _fields("text") | st.sampled_from(["name", "digest", "context"]).map(
    lambda name: Field("dataset", name)
)
METRIC = st.builds(
    Field, st.just("metric"), st.sampled_from(["loss", "acc", "unheard"]), st.sampled_from(PARTS)
)
NUMERIC = METRIC | _fields("number", "duration")
TRUE_OR_FALSE = _fields("truth")
PATTERNS = st.sampled_from(["%", "a%", "_", "%b", "100%", "a_b", "ALPHA", "%\n%", "fin%", "", "é_"])
REGEXES = st.sampled_from(["^a", "b$", "[0-9]+", "a.b", "", "é", r"\.", "(?i)ALPHA", "^$"])


def _several(values: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(values, min_size=1, max_size=3).map(tuple)


LEAVES = st.one_of(
    st.builds(Compare, OPEN, OPS, NUMBERS | TEXTS),
    st.builds(Compare, OPEN | TRUE_OR_FALSE, EQUAL, TRUTHS),
    st.builds(Compare, TEXTUAL, OPS, TEXTS),
    st.builds(Compare, NUMERIC, OPS, NUMBERS),
    st.builds(Compare, _fields("time"), OPS, MOMENTS),
    st.builds(Like, OPEN | TEXTUAL, PATTERNS, st.booleans(), st.booleans()),
    st.builds(Match, OPEN | TEXTUAL, REGEXES, st.booleans()),
    st.builds(In, OPEN, _several(NUMBERS | TEXTS | TRUTHS), st.booleans()),
    st.builds(In, TEXTUAL, _several(TEXTS), st.booleans()),
    st.builds(In, NUMERIC, _several(NUMBERS), st.booleans()),
    st.builds(In, TRUE_OR_FALSE, _several(TRUTHS), st.booleans()),
    st.builds(IsNull, OPEN | TEXTUAL | NUMERIC | TRUE_OR_FALSE | _fields("time"), st.booleans()),
    st.builds(Words, st.sampled_from(["try", "ALPHA", "abc", "%", "é", "", "first try", "run"])),
)


def _joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    both = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return both.map(And) | both.map(Or) | parts.map(Not)


@settings(deadline=None, max_examples=500, derandomize=True)
@given(LEAVES)
def test_a_condition_finds_what_the_rules_mean(catalogue: Catalogue, node: Node) -> None:
    """Every kind of test on every kind of field finds exactly the runs it is true of."""
    assert found(catalogue, node) == meant(node)


@settings(deadline=None, max_examples=100, derandomize=True)
@given(st.recursive(LEAVES, _joined, max_leaves=6))
def test_a_tree_finds_what_the_rules_mean(catalogue: Catalogue, node: Node) -> None:
    """And, or and not are plain logic, whatever is missing beneath them."""
    assert found(catalogue, node) == meant(node)


ODD_TEXTS = (INJECTION, "'", '"', "?", "$1", "\0", "%s", "x" * 10_000, "\\", "--", "a;b")


@pytest.fixture(scope="module")
def odd() -> Catalogue:
    """Runs named by texts that mean something in SQL."""
    cards = [
        run_card(n, name=text, note=text, params={text: text}, tags={text: text},
                 metrics={text: curve(1.0)}, datasets=[Dataset(text)])
        for n, text in enumerate(ODD_TEXTS)
    ]  # fmt: skip
    return stored(*cards)


@pytest.mark.parametrize(
    "leaf",
    [
        lambda text: Compare(Field("param", text), "=", Text(text)),
        lambda text: Compare(Field("tag", text), ">=", Text(text)),
        lambda text: Compare(Field("metric", text, "best"), ">", Number(0)),
        lambda text: Compare(Field("attribute", "name"), "=", Text(text)),
        lambda text: Compare(Field("attribute", "note"), "<=", Text(text)),
        lambda text: Match(Field("param", text), "a^", negated=True),
        lambda text: In(Field("dataset", "name"), (Text(text), Truth(value=True))),
        lambda text: IsNull(Field("tag", text), negated=True),
        lambda text: Words(text),  # noqa: PLW0108 - like its neighbours
    ],
)
def test_names_and_values_are_bound(odd: Catalogue, leaf: Callable[[str], Node]) -> None:
    """No text becomes part of a statement, wherever in a filter it stands."""
    for number, text in enumerate(ODD_TEXTS):
        _, values = condition(leaf(text), {}, NOW)
        assert text in values
        assert f"run{number:03d}" in found(odd, leaf(text))


def _by_text(catalogue: Catalogue, text: str, now: float = NOW) -> list[str]:
    """Return the runs a filter as written finds."""
    tree = parse(text)
    assert tree is not None
    return found(catalogue, resolve(tree, Names(frozenset({"p"}))), {}, now)


@pytest.mark.parametrize(
    ("name", "word"),
    [("İstanbul", "İSTANBUL"), ("Straße", "straße"), ("ÉCOLE", "école"), ("ΣΑΣ", "σας"[:2])],
)
def test_a_word_is_found_in_any_case_of_any_letters(name: str, word: str) -> None:
    """Letters outside ASCII are folded the same way on both sides."""
    assert _by_text(stored(run_card(0, name=name)), f'"{word}"') == ["run000"]


def test_relative_times_count_from_the_time_given() -> None:
    """Two days ago is two days before the moment the question is asked at."""
    catalogue = stored(run_card(0, started=BEGIN), run_card(1, started=BEGIN + 86_400))
    assert _by_text(catalogue, "started > -2d", BEGIN + 3 * 86_400 - 1) == ["run001"]
    assert _by_text(catalogue, "started > -2d", BEGIN + 86_400) == ["run000", "run001"]


def test_a_part_without_a_value_is_missing() -> None:
    """A curve of nothing but NaN has no step of its smallest value; a dataset may have no hash."""
    catalogue = stored(
        run_card(0, metrics={"loss": curve(NAN)}, datasets=[Dataset("d")]),
        run_card(1, metrics={"loss": curve(1.0)}, datasets=[Dataset("d", hash="sha256:1")]),
        run_card(2),
    )
    assert _by_text(catalogue, "step_of_min(metrics.loss) IS NULL") == ["run000", "run002"]
    assert _by_text(catalogue, "metrics.loss IS NOT NULL") == ["run000", "run001"]
    assert _by_text(catalogue, "datasets.digest IS NULL") == ["run000", "run002"]
    assert _by_text(catalogue, "datasets.name IS NULL") == ["run002"]


def test_true_and_false_are_among_several() -> None:
    """IN works on every field, also where a value is true or false or unknown."""
    cards: list[RunCard] = [
        run_card(0, facts={"dirty": True}), run_card(1, facts={"dirty": False}), run_card(2),
    ]  # fmt: skip
    catalogue = stored(*cards)
    assert _by_text(catalogue, "dirty IN (true)") == ["run000"]
    assert _by_text(catalogue, "dirty NOT IN (true)") == ["run001"]
    assert _by_text(catalogue, "dirty IN (true, false)") == ["run000", "run001"]


def test_an_empty_note_is_none() -> None:
    """IS NULL finds runs without a note and runs without an error."""
    catalogue = stored(run_card(0, note="x", error=["boom"]), run_card(1))
    assert _by_text(catalogue, "note IS NULL") == ["run001"]
    assert _by_text(catalogue, "attributes.error IS NOT NULL") == ["run000"]
