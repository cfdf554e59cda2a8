"""What comes out of a rule: it holds, it fails, or it cannot be decided and says why."""

import itertools
import math
from typing import Any

import pytest

from workbench.filters import parse_rule
from workbench.registry.checks import Check, Outcome, Result
from workbench.registry.facts import Facts
from workbench.registry.rules import evaluate, names_champion

SUBJECT = Facts(
    "churn@3",
    metrics={
        "val/auc": {"last": 0.912, "max": 0.92, "best": 0.92},
        "loss": {"last": math.nan},
        "err": {"last": 3.0},
        "third": {"last": 0.3},
        "huge": {"last": math.inf},
    },
    params={"model": "rf", "lr": "0.10", "depth": 5, "amp": True, "layers": [1, 2]},
    tags={"team": "risk"},
    git={"dirty": False, "commit": "abc" * 13},
    attributes={"signature": "a" * 64, "size": 1_234_567, "format": "skops", "author": "ana@lab"},
    datasets=({"name": "census", "context": "train"}, {"name": "leaky", "context": "test"}),
)
CHAMPION = Facts(
    "churn@2",
    metrics={"val/auc": {"last": 0.914}, "third": {"last": 0.1}},
    params={"model": "gb", "depth": "5"},
    git={"dirty": True},
    attributes={"signature": "b" * 64, "size": 1_000_000},
    datasets=({"name": "leaky"}, {"name": "census"}),
)


def result(rule: str, subject: Facts = SUBJECT, champion: Facts | None = CHAMPION) -> Result:
    """Return what comes out of a rule."""
    return evaluate(Check("asked", "rule", rule), subject, champion)


OUTCOMES: list[tuple[str, Outcome]] = [
    ("metrics.`val/auc` >= 0.85", "holds"),
    ("metrics.`val/auc` >= 0.912", "holds"),
    ("metrics.`val/auc` > 0.912", "fails"),
    ("max(metrics.`val/auc`) = 0.92", "holds"),
    ("metrics.`val/auc` >= champion.metrics.`val/auc` - 0.002", "holds"),
    ("metrics.`val/auc` >= champion.metrics.`val/auc` - 0.001", "fails"),
    ("metrics.third - champion.metrics.third = 0.2", "holds"),
    ("abs(metrics.`val/auc` - champion.metrics.`val/auc`) < 0.01", "holds"),
    ("size < 1.1 * champion.size", "fails"),
    ("size < 1.3 * champion.size", "holds"),
    ("git.dirty = false", "holds"),
    ("git.dirty = champion.git.dirty", "fails"),
    ("git.branch = main", "undecided"),
    ("signature = champion.signature", "fails"),
    ("signature != champion.signature", "holds"),
    ("format IN (skops, onnx)", "holds"),
    ("format NOT IN (skops, onnx)", "fails"),
    ("params.lr = 0.1", "holds"),
    ("params.lr = '0.1'", "fails"),
    ("params.lr != '0.1'", "holds"),
    ("params.depth + 1 = 6", "holds"),
    ("params.depth = champion.params.depth", "holds"),
    ("params.model = champion.params.model", "fails"),
    ("params.model > 3", "undecided"),
    ("params.model != 3", "holds"),
    ("params.amp = true", "holds"),
    ("params.amp = 1", "fails"),
    ("params.layers = '[1, 2]'", "holds"),
    ("params.missing != 3", "undecided"),
    ("NOT params.missing = 3", "undecided"),
    ("params.missing NOT IN (3)", "undecided"),
    ("params.missing IS NULL", "holds"),
    ("params.missing IS NOT NULL", "fails"),
    ("metrics.loss < 1", "undecided"),
    ("metrics.loss >= 1", "undecided"),
    ("metrics.loss != 3", "undecided"),
    ("metrics.loss + 1 > 0", "undecided"),
    ("metrics.loss = NaN", "holds"),
    ("metrics.loss != NaN", "fails"),
    ("metrics.err != NaN", "holds"),
    ("metrics.err < NaN", "undecided"),
    ("metrics.huge > 1e300", "holds"),
    ("metrics.huge - metrics.huge = 0", "undecided"),
    ("metrics.huge = inf", "holds"),
    ("metrics.huge + 1 > 0", "undecided"),
    ("metrics.err / 0 > 1", "undecided"),
    ("best(metrics.err) > 1", "undecided"),
    ("datasets.name = census", "holds"),
    ("datasets.name = other", "fails"),
    ("datasets.name != leaky", "fails"),
    ("datasets.name != other", "holds"),
    ("datasets.name NOT IN (leaky, other)", "fails"),
    ("datasets.name LIKE 'CEN%'", "fails"),
    ("datasets.name ILIKE 'CEN%'", "holds"),
    ("datasets.name !~ '^leak'", "fails"),
    ("datasets.name = champion.datasets.name", "holds"),
    ("datasets.digest = abc", "undecided"),
    ("datasets.context = champion.datasets.context", "undecided"),
    ("tags.team ~ '^r.*k$'", "holds"),
    ("tags.team LIKE 'r_sk'", "holds"),
    ("tags.team LIKE 'r.sk'", "fails"),
]


@pytest.mark.parametrize(("rule", "outcome"), OUTCOMES, ids=[rule for rule, _ in OUTCOMES])
def test_a_rule_comes_to_what_it_says(rule: str, outcome: Outcome) -> None:
    """Numbers are compared as people write them, and nothing missing is ever a pass."""
    found = result(rule)
    assert found.outcome == outcome
    assert bool(found.sentence) is (outcome != "holds")


TRUTHS = {True: "format = skops", False: "format = onnx", None: "metrics.nobody > 1"}
NAMES: dict[bool | None, Outcome] = {True: "holds", False: "fails", None: "undecided"}


@pytest.mark.parametrize(("left", "right"), list(itertools.product(TRUTHS, repeat=2)))
def test_unknown_parts_go_by_kleenes_tables(left: bool | None, right: bool | None) -> None:
    """Unknown AND false is false, unknown OR true is true, and the rest stays unknown."""
    either = True if True in (left, right) else None if None in (left, right) else False
    both = False if False in (left, right) else None if None in (left, right) else True
    a, b = TRUTHS[left], TRUTHS[right]
    assert result(f"{a} AND {b}").outcome == NAMES[both]
    assert result(f"{a} OR {b}").outcome == NAMES[either]
    neither = None if either is None else not either
    assert result(f"NOT ({a} OR {b})").outcome == NAMES[neither]
    not_both = None if both is None else not both
    assert result(f"NOT ({a} AND {b})").outcome == NAMES[not_both]


PARTLY = Facts("churn@3", datasets=({"name": "a", "digest": "h1"}, {"name": "z"}))
OF_SOME = [
    ("datasets.digest = h1", "holds"),
    ("datasets.digest = leak", "undecided"),
    ("datasets.digest != leak", "undecided"),
    ("datasets.digest != h1", "fails"),
    ("NOT datasets.digest = leak", "undecided"),
    ("datasets.digest IN (h1, leak)", "holds"),
    ("datasets.digest NOT IN (leak)", "undecided"),
    ("datasets.digest NOT IN (h1)", "fails"),
    ("datasets.digest NOT LIKE 'l%'", "undecided"),
    ("datasets.digest !~ '^l'", "undecided"),
    ("datasets.digest = champion.datasets.digest", "undecided"),
    ("champion.datasets.digest != datasets.digest", "undecided"),
    ("datasets.digest IS NULL", "holds"),
    ("datasets.digest IS NOT NULL", "fails"),
    ("datasets.name != leak", "holds"),
]


@pytest.mark.parametrize(("rule", "outcome"), OF_SOME, ids=[rule for rule, _ in OF_SOME])
def test_what_is_not_known_of_one_dataset_decides_nothing(rule: str, outcome: Outcome) -> None:
    """It might be the one that is asked about; what others say is enough where one is enough."""
    champion = Facts("churn@2", datasets=({"name": "a", "digest": "h1"},))
    found = result(rule, PARTLY, champion)
    assert found.outcome == outcome
    if outcome == "undecided":
        assert found.sentence == "churn@3 says no digest of dataset 'z'."
        assert "h1, —" in (found.observed, found.required.removeprefix("!= "))


TEXTS = [    ("metrics.`val/auc` >= 0.85", "0.9120", ">= 0.85"),
    (
        "metrics.`val/auc` >= champion.metrics.`val/auc` - 0.004",
        "0.9120",
        ">= 0.9100 (champion churn@2: 0.9140 - 0.004)",
    ),
    ("metrics.`val/auc` > champion.metrics.`val/auc`", "0.9120", "> 0.9140 (champion churn@2)"),
    (
        "abs(metrics.`val/auc` - champion.metrics.`val/auc`) < 0.01",
        "0.002000 (champion churn@2: abs(0.9120 - 0.9140))",
        "< 0.01",
    ),
    ("size < 1.1 * champion.size", "1234567", "< 1100000 (champion churn@2: 1.1 * 1000000)"),
    (
        "metrics.`val/auc` * (metrics.err - 1) > 1",
        "1.824 (0.9120 * (3 - 1))",
        "> 1",
    ),
    ("metrics.`val/auc` > 0.9120001", "0.9120000", "> 0.9120001"),
    ("format = onnx", "skops", "= 'onnx'"),
    (
        "git.dirty = false AND signature = champion.signature",
        "git.dirty: false; signature: aaaaaaaaaaaa",
        "git.dirty = false AND signature = bbbbbbbbbbbb (champion churn@2)",
    ),
    ("NOT (format = skops AND git.dirty = true)", "format: skops; git.dirty: false",
     "format != 'skops' OR git.dirty != true"),
    ("metrics.nobody > 1", "—", "> 1"),
    ("tags.team = champion.tags.team", "risk", "= champion.tags.team"),
    ("datasets.name = other", "census, leaky", "= 'other'"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "observed", "required"), TEXTS, ids=[row[0] for row in TEXTS])
def test_both_values_stand_in_the_result(rule: str, observed: str, required: str) -> None:
    """What was found, what was asked, and what the champion's part in it was."""
    found = result(rule)
    assert (found.observed, found.required) == (observed, required)


def test_two_hashes_that_begin_alike_are_shown_in_full() -> None:
    """A short form never makes two things look the same that are not."""
    ours, theirs = "a" * 64, "a" * 63 + "b"
    subject = Facts("churn@3", attributes={"signature": ours})
    found = result("signature = champion.signature", subject,
                   Facts("churn@2", attributes={"signature": theirs}))  # fmt: skip
    assert (found.outcome, found.observed) == ("fails", ours)
    assert theirs in found.required


SENTENCES = [
    ("metrics.nobody > 1", "churn@3 has no metric 'nobody'."),
    ("metrics.val/acc > 1", "churn@3 has no metric 'val/acc', but 'val/auc'."),
    ("metrics.err-0.2 > 1", "to reckon, put a space on both sides of '-'."),
    ("metrics.loss < 1", "metrics.loss of churn@3 is NaN."),
    ("champion.metrics.err < 1", "The champion churn@2 has no metric 'err'"),
    ("best(metrics.err) > 1", "which way 'err' is good was not said"),
    ("min(metrics.err) > 1", "The min of metric 'err' of churn@3 is not known"),
    ("params.model > 3", "params.model of churn@3 is 'rf', which is no number."),
    ("git.branch = main", "git.branch of churn@3 was not recorded."),
    ("metrics.err / 0 > 1", "he rule divides by 0."),
    ("format = onnx", "format of churn@3 is skops and must be 'onnx'."),
    (
        "format = onnx AND metrics.nobody > 1",
        "format of churn@3 is skops and must be 'onnx'.",
    ),
    (
        "format = skops AND metrics.nobody > 1 AND git.branch = main",
        "churn@3 has no metric 'nobody'; git.branch of churn@3 was not recorded.",
    ),
]


@pytest.mark.parametrize(("rule", "words"), SENTENCES, ids=[rule for rule, _ in SENTENCES])
def test_a_sentence_says_what_stands_in_the_way(rule: str, words: str) -> None:
    """What fails, or what is missing and of whom; what holds is not spoken of."""
    assert result(rule).sentence.endswith(words) or words in result(rule).sentence


def test_other_columns_are_named_and_not_their_hashes() -> None:
    """Who asks for the champion's signature is told which columns differ."""
    columns = ("Column dep_delay is new.", "Column age is gone.")
    check = Check("same columns", "rule", "signature = champion.signature")
    ours, theirs = (Facts(f"churn@{n}", attributes={"signature": f"{n}" * 64}) for n in (3, 2))
    found = evaluate(check, ours, theirs, columns)
    assert found.sentence == (
        "churn@3 has other columns: Column dep_delay is new. Column age is gone."
    )


ASKED = [
    (
        "metrics.`val/auc` >= 0.95",
        "metrics.val/auc of churn@3 is 0.9120 and must be at least 0.95.",
    ),
    ("metrics.err != 3", "metrics.err of churn@3 is 3 and must be anything but 3."),
    ("format IN ('onnx')", "format of churn@3 is skops; asked is IN ('onnx')."),
]


@pytest.mark.parametrize(("rule", "sentence"), ASKED, ids=[rule for rule, _ in ASKED])
def test_what_is_asked_is_said_in_words(rule: str, sentence: str) -> None:
    """The sentence of a condition that fails can be read aloud."""
    assert result(rule).sentence == sentence


def test_while_a_stage_is_empty_rules_about_its_champion_do_not_apply() -> None:
    """They block nothing; all others are asked as ever."""
    found = result("format = onnx AND signature = champion.signature", champion=None)
    assert (found.outcome, found.sentence) == ("not applicable", "There is no champion yet.")
    assert found.passed
    assert result("format = onnx", champion=None).outcome == "fails"
    assert result("tags.team = 'champion.x'", champion=None).outcome == "fails"


@pytest.mark.parametrize("there", [(False, False), (True, False), (False, True)])
def test_a_signature_that_is_not_there_equals_nothing(there: tuple[bool, bool]) -> None:
    """Also not another that is not there: two unknowns are not known to be the same."""
    ours, theirs = (
        Facts(name, attributes={"signature": "a" * 64} if one else {})
        for name, one in zip(("churn@3", "churn@2"), there, strict=True)
    )
    found = result("signature = champion.signature", ours, theirs)
    assert found.outcome == "undecided"
    for facts, one in zip((ours, theirs), there, strict=True):
        assert (f"{facts.name} has no signature" in found.sentence) is not one


def test_an_expression_that_would_hang_others_ends() -> None:
    """Settings may be anybody's: a search takes time proportional to the text."""
    subject = Facts("churn@3", tags={"x": "a" * 5000 + "b"})
    assert result("tags.x ~ '^(a+)+$'", subject).outcome == "fails"
    assert result("tags.x LIKE '%a%a%a%a%a%a%a%a%c'", subject).outcome == "fails"


def test_what_others_wrote_cannot_steer_a_terminal() -> None:
    """Names and values of a version are shown with their control characters made visible."""
    hostile = "\x1b[2J" + "x" * 900
    subject = Facts("churn@3", params={"m": hostile}, tags={hostile: "1"})
    for rule in (f"params.m = '{hostile}'", "params.m = y", f"tags.`{hostile}` > 3 + 1"):
        found = result(rule, subject)
        assert "\x1b" not in found.observed + found.required + found.sentence


def test_numbers_past_all_measure_are_numbers() -> None:
    """Neither a power without end nor a whole number of a thousand digits breaks a check."""
    subject = Facts("churn@3", metrics={"x": {"last": 1e308}}, params={"n": 10**1000})
    assert result(f"{' * '.join(['metrics.x'] * 40)} > 1", subject).outcome == "holds"
    assert result("params.n > 1e300", subject).outcome == "holds"


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ("metrics.a > 1", False),
        ("NOT (metrics.a > 1 OR abs(1 - champion.metrics.a) > 2)", True),
        ("champion.tags.x IS NULL", True),
        ("format IN (champion.x)", False),
    ],
)
def test_a_rule_names_the_champion_where_a_field_is_the_champions(rule: str, names: bool) -> None:
    """In whatever part of the rule, and not in a text."""
    assert names_champion(parse_rule(rule)) is names


@pytest.mark.parametrize("value", [None, "", [], {}, "abc", object()])
def test_a_state_of_the_source_that_is_neither_true_nor_false_is_unknown(value: Any) -> None:
    """An event is a file anybody may have written."""
    assert result("git.dirty = false", Facts("churn@3", git={"dirty": value})).outcome == (
        "undecided"
    )
