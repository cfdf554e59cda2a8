"""What workbench.toml asks of promotions, and which line is wrong where it cannot be read."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import SettingsError
from workbench.registry.checks import CHECK_KINDS, Check, Policy, StagePolicy
from workbench.registry.policy import changed_rules, parse_policy, read_policy

EVERYTHING = """\
[metrics]
"val/auc" = "max"

[stages.staging]

[stages.production]
after = "staging"
deploy_to = "/srv/models/production"
signed = true

[[stages.production.checks]]
name = "good enough"
rule = "metrics.`val/auc` >= 0.85"

[[stages.production.checks]]
name = "opens as data"
kind = "format"
at_most = "data with extra types"

[[stages.production.checks]]
name = "intact"
kind = "files-intact"

[[stages.production.checks]]
name = "again"
kind = "reproducible"

[[stages.production.checks]]
name = "looked at"
kind = "manual"
item = "the plots were looked at"
by = ["ana", "ben"]

[[stages.production.checks]]
name = "four eyes"
kind = "approval"
count = 2
from = ["ana", "ben"]

[[stages.production.checks]]
name = "same rows"
kind = "prediction"
dataset = "census"
metric = "roc_auc"
margin = 0.002
segments = ["region"]
"""


def policy(text: str) -> Policy:
    """Return what a settings file asks."""
    return parse_policy(text.encode(), "workbench.toml")


def refused(text: str) -> SettingsError:
    """Return why a settings file cannot be read."""
    with pytest.raises(SettingsError) as caught:
        policy(text)
    return caught.value


def test_every_kind_of_check_is_read_with_its_words_and_line() -> None:
    """The text is what is shown and stored; the line is where the check begins."""
    stage = policy(EVERYTHING).stages["production"]
    assert (stage.after, stage.deploy_to, stage.signed) == ("staging", "/srv/models/production",
                                                            True)  # fmt: skip
    assert [(check.kind, check.line, check.text) for check in stage.checks] == [
        ("rule", 11, "metrics.`val/auc` >= 0.85"),
        ("format", 15, "format at most data with extra types"),
        ("files-intact", 20, "files as they were registered"),
        ("reproducible", 24, "git, data and environment pinned"),
        ("manual", 28, "the plots were looked at (ticked by ana or ben)"),
        ("approval", 34, "2 approvals from ana, ben"),
        ("prediction", 40,
         "roc_auc on census not worse than the champion's by more than 0.002, by region"),
    ]  # fmt: skip
    assert {check.kind for check in stage.checks} == set(CHECK_KINDS)
    assert stage.checks[5].options == {"count": 2, "from": ("ana", "ben")}
    assert stage.checks[6].options["segments"] == ("region",)


def test_tables_of_others_are_left_alone() -> None:
    """Only what was meant for stages, or holds checks, is taken for a mistake."""
    text = "[tags]\nx = 1\n[storage.s]\n[metrics]\nloss = 'min'\n[datasets.census]\n"
    assert tuple(policy(text).stages) == ("staging", "production")


def test_what_is_not_said_has_a_default() -> None:
    """One approval by anybody else; no margin and no segments."""
    text = """
        [[stages.production.checks]]
        name = "a"
        kind = "approval"
        [[stages.production.checks]]
        name = "b"
        kind = "prediction"
        dataset = "census"
        metric = "roc_auc"
    """
    first, second = policy(text).stages["production"].checks
    assert (first.options["count"], first.options["from"]) == (1, None)
    assert (second.options["margin"], second.options["segments"]) == (0.0, ())
    assert second.options["positive"] == ""


def test_the_class_that_counts_is_said_and_bound_to() -> None:
    """An approval of one class is none of the other."""
    text = CHECK + 'kind = "prediction"\ndataset = "d"\nmetric = "f1"\n'
    fraud, other = (
        policy(f'{text}positive = "{name}"\n').stages["production"] for name in ("fraud", "legit")
    )
    assert fraud.checks[0].text == "f1 of class fraud on d not worse than the champion's"
    assert fraud.rules_hash != other.rules_hash


STAGES = [
    ("", ["staging", "production"]),
    ("[metrics]\n", ["staging", "production"]),
    ("[stages.production]\n", ["staging", "production"]),
    ("[stages.staging]\n", ["staging", "production"]),
    ('[stages.live]\nafter = "staging"\n', ["staging", "live", "production"]),
    ('[stages.live]\nafter = "qa"\n[stages.qa]\n', ["live", "qa"]),
    ("[stages.production]\n[stages.staging]\n", ["production", "staging"]),
]


@pytest.mark.parametrize(("text", "names"), STAGES, ids=[str(names) for _, names in STAGES])
def test_staging_and_production_are_there_unless_others_are_named(
    text: str, names: list[str]
) -> None:
    """In the order of the file; a stage of theirs that it names brings the other along."""
    assert list(policy(text).stages) == names


def test_without_a_file_two_stages_ask_nothing(tmp_path: Path) -> None:
    """And there is no hash of settings that are not there."""
    found = read_policy(tmp_path)
    assert list(found.stages) == ["staging", "production"]
    assert not any(stage.checks for stage in found.stages.values())
    assert found.settings_hash == ""


def test_the_file_is_read_as_it_is_and_its_hash_kept(tmp_path: Path) -> None:
    """The hash is of the bytes, so a comment changes it and not the rules' own hash."""
    path = tmp_path / "workbench.toml"
    path.write_bytes(EVERYTHING.encode())
    before = read_policy(tmp_path)
    path.write_bytes(b"# said\r\n" + EVERYTHING.encode())
    after = read_policy(tmp_path)
    assert before.settings_hash == hashlib.sha256(EVERYTHING.encode()).hexdigest()
    assert before.settings_hash != after.settings_hash
    assert before.stages["production"].rules_hash == after.stages["production"].rules_hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.85", "0.84"),
        ('name = "good enough"', 'name = "good"'),
        ("count = 2", "count = 1"),
        ('after = "staging"', ""),
        ("signed = true", ""),
        ("/srv/models", "/srv/other"),
        ('segments = ["region"]', ""),
    ],
)
def test_whatever_is_asked_otherwise_has_another_hash(old: str, new: str) -> None:
    """An approval is bound to the rules as they were when it was given."""
    before = policy(EVERYTHING).stages["production"]
    after = policy(EVERYTHING.replace(old, new)).stages["production"]
    assert before.rules_hash != after.rules_hash


CHECK = '[[stages.production.checks]]\nname = "a"\n'
INLINE = """\
[stages.production]
checks = [
  {name = "a", rule = "metrics.a > 1"},
  {name = "b", rule = "metrics.b >"},
]
"""
TRICKY = """\
x = '''
[stages.production]
aftr = 1
'''
y = "["
[stages.production] # ]

'aftr' = 1
"""
WRONG = [
    ("[stages.production\n", 1, "not valid TOML"),
    ('[user]\nname = "x\n', 2, "not valid TOML"),
    ("x = [1,\n2,\n", 2, "not valid TOML"),
    ("[stages.production]\naftr = 'x'\n", 2, "Did you mean 'after'?"),
    ('[stages.production]\n\ndeploy_to = "/srv/\\u0000x"\n', 3, "no folder's name has"),
    ("[stages.production]\nafter = 3\n", 2, "after must be text"),
    ("[stages.production]\nsigned = 'yes'\n", 2, "signed must be true or false"),
    ("[stages.production]\nafter = 'stagin'\n", 2, "Did you mean 'staging'?"),
    ("[stages.production]\nafter = 'production'\n", 2, "comes after itself"),
    (
        "[stages.production]\nafter = 'staging'\n[stages.staging]\nafter = 'production'\n",
        2,
        "comes after itself",
    ),
    ("[stages.3]\n", 1, "'3' is no name of a stage"),
    ("[stages.Live]\n", 1, "'Live' is no name"),
    ('[stages."a b"]\n', 1, "'a b' is no name"),
    ("[stages.con]\n", 1, "'con' is no name"),
    ("[stages.é]\n".replace("é", '"é"'), 1, "is no name of a stage"),
    (f'[stages."{"x" * 65}"]\n', 1, "at most 64"),
    ('\n[stages."a\\u001b[2J"]\n', 2, "is no name of a stage"),
    ("stages = 3\n", 1, "must be tables"),
    ("[stages]\nproduction = 3\n", 2, "must be a table"),
    ("[stage.production]\n", 1, "[stage] means nothing"),
    ("\n[Stages.production]\n", 2, "[Stages] means nothing"),
    ("[[checks]]\n", 1, "[checks] means nothing"),
    ("[stagse.x]\n", 1, "[stagse] means nothing"),
    ("[satges.x]\n", 1, "[satges] means nothing"),
    ("a = 1\n[[stagse.production.checks]]\nname = 'x'\n", 2, "[stagse] means nothing"),
    ("[[production.checks]]\nname = 'x'\n", 1, "[production] means nothing"),
    ("[[levels.production.checks]]\nname = 'x'\n", 1, "[levels] means nothing"),
    ("[stages.production]\nchecks = 3\n", 2, "checks must be tables"),
    ("[stages.production.checks]\nname = 'a'\n", 1, "Write [[stages.production.checks]]"),
    ("[[stages.production.checks]]\nrule = 'metrics.a > 1'\n", 1, "a check needs a name"),
    ("[[stages.production.checks]]\nname = 3\n", 2, "a check needs a name"),
    (CHECK, 1, "asks nothing"),
    (CHECK + 'kind = "formt"\n', 3, "Did you mean 'format'?"),
    (CHECK + "kind = []\n", 3, "unknown kind"),
    (CHECK + 'kind = "format"\n', 1, "lacks at_most"),
    (CHECK + 'kind = "format"\nat_most = "safe"\n', 4, '"data" or'),
    (CHECK + 'kind = "format"\nat_most = "data"\nby = ["ana"]\n', 5, "which has no 'by'"),
    (CHECK + 'kind = "files-intact"\nrule = "metrics.a > 1"\n', 4, "which has no 'rule'"),
    (CHECK + 'rule = "metrics.a > 1"\natmost = 3\n', 4, "which has no 'atmost'"),
    (CHECK + 'kind = "manual"\nitem = "x"\n', 1, "lacks by"),
    (CHECK + 'kind = "manual"\nitem = "x"\nby = "ana"\n', 5, "a list of names"),
    (CHECK + 'kind = "manual"\nitem = "x"\nby = []\n', 5, "a list of names"),
    (CHECK + 'kind = "approval"\ncount = 0\n', 4, "from 1 to"),
    (CHECK + 'kind = "approval"\ncount = true\n', 4, "from 1 to"),
    (CHECK + 'kind = "approval"\ncount = 2\nfrom = ["ana", "ana"]\n', 4, "fewer people"),
    (CHECK + 'kind = "approval"\ncount = 2\nfrom = ["Ana", "ana"]\n', 4, "fewer people"),
    (CHECK + 'kind = "approval"\ncount = 2\nfrom = ["a@b", "a@c"]\n', 4, "fewer people"),
    (CHECK + 'kind = "prediction"\ndataset = "d"\nmetric = "f1"\npositive = 1\n', 6, "text"),
    (CHECK + 'kind = "prediction"\nmetric = "auc"\n', 1, "lacks dataset"),
    (
        CHECK + 'kind = "prediction"\nmetric = "mae"\ndataset = "d"\nmargin = -1\n',
        6,
        "a number from 0 up",
    ),
    (
        CHECK + 'kind = "prediction"\ndataset = "d"\nmetric = "auc"\n',
        5,
        "metric of check 'a' names no metric; write roc_auc",
    ),
    (
        CHECK + 'kind = "prediction"\ndataset = "d"\nmetric = ["mae"]\n',
        5,
        "names no metric",
    ),
    (CHECK + "rule = 3\n", 3, "must be a text"),
    (CHECK + 'rule = "metrics.a >"\n', 3, "column 12 of metrics.a >: Expected a value"),
    (
        CHECK + "rule = '''\nmetrics.a > 1\n  AND metrics.b >\n'''\n",
        3,
        "column 18 of   AND metrics.b >: Expected a value",
    ),
    (CHECK + "rule = '''\nmetrics.a > 1\n  AND b > 2'''\n", 3, "column 7 of   AND b > 2: 'b' is"),
    (CHECK + '\n\n# why\nrule = "auc > 1"\n', 6, "metrics.auc"),
    (CHECK + 'rule = "metrics.a > 1"\n' + CHECK + 'rule = "metrics.b > 1"\n', 5, "in line 1"),
    (
        INLINE,
        4,
        "the rule of check 'b'",
    ),
    (
        TRICKY,
        8,
        "Did you mean 'after'?",
    ),
    ("stages.production.aftr = 1\n", 1, "Did you mean 'after'?"),
    ("stages = {production = {aftr = 1}}\n", 1, "Did you mean 'after'?"),
    ("[stages.production]\r\nsigned = true\r\naftr = 'x'\r\n", 3, "Did you mean 'after'?"),
]


@pytest.mark.parametrize(("text", "line", "words"), WRONG, ids=[repr(row[0])[:50] for row in WRONG])
def test_what_is_wrong_is_said_with_its_line(text: str, line: int, words: str) -> None:
    """A gate that is misspelt is never a gate that is not there."""
    error = refused(text)
    assert error.line == line
    assert words in str(error)
    assert f"workbench.toml, line {line}" in str(error)
    assert str(error).isprintable()
    assert error.path == "workbench.toml"


def test_a_file_that_is_no_text_is_refused_with_the_line() -> None:
    """Whoever saved it in another encoding is told where."""
    with pytest.raises(SettingsError, match=r"line 2, is not UTF-8") as caught:
        parse_policy(b"# fine\n# caf\xe9\n", "workbench.toml")
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = " + "[" * 5000 + "]" * 5000, "nested"),
        ("#" * (1 << 20) + "\n", "bytes"),
    ],
    ids=["deep", "huge"],
)
def test_a_hostile_file_costs_an_error(tmp_path: Path, text: str, words: str) -> None:
    """Neither a deep nor a huge file is read to the end."""
    (tmp_path / "workbench.toml").write_text(text)
    with pytest.raises(SettingsError, match=words):
        read_policy(tmp_path)


def test_settings_that_are_no_file_are_an_error(tmp_path: Path) -> None:
    """A folder of that name is not the same as no settings: nothing may be promoted."""
    (tmp_path / "workbench.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        read_policy(tmp_path)


def test_more_checks_than_anybody_reads_are_refused() -> None:
    """Every check is evaluated on every card, so there is an end to them."""
    text = "".join(
        f'[[stages.production.checks]]\nname = "{n}"\nkind = "files-intact"\n' for n in range(201)
    )
    assert "at most 200" in str(refused(text))


LINES = st.sampled_from(
    [
        *EVERYTHING.splitlines(), "[stages]", "stages = 3", "[stages.x]", "x = [", "]", "'''",
        '"""', 'name = "\\u001b"', "[[stages.x.checks]]", 'rule = "a"', "a.b.c = {d = 1}", "",
    ]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(LINES, max_size=12), st.binary(max_size=20))
def test_any_file_is_read_or_refused_with_a_line_in_it(lines: list[str], tail: bytes) -> None:
    """No file does anything but give stages, or an error that points into it."""
    data = "\n".join(lines).encode() + tail
    error = _refusal(data)
    if error is None:
        assert parse_policy(data, "x").stages
        return
    assert 0 <= error.line <= data.count(b"\n") + 1
    assert str(error).isprintable()


def _refusal(data: bytes) -> SettingsError | None:
    try:
        parse_policy(data, "x")
    except SettingsError as error:
        return error
    return None


def _checks(*pairs: tuple[str, str]) -> StagePolicy:
    return StagePolicy(
        "production", checks=tuple(Check(name, "rule", text) for name, text in pairs)
    )


def test_what_changed_since_the_last_promotion_is_said() -> None:
    """What is asked otherwise first, then what is new, then what is asked no more."""
    stored: list[dict[str, Any]] = [
        {"name": "a", "text": "metrics.x > 1", "outcome": "holds"},
        {"name": "gone", "text": "metrics.y > 1"},
        {"name": "same", "text": "metrics.z > 1"},
    ]
    now = _checks(("new", "metrics.n > 1"), ("a", "metrics.x > 0"), ("same", "metrics.z > 1"))
    assert changed_rules(stored, now) == (
        "'a' was metrics.x > 1, and is metrics.x > 0 now.",
        "'new' is new: metrics.n > 1.",
        "'gone' is asked no more: metrics.y > 1.",
    )
    assert changed_rules([{"name": "a", "text": "b"}], _checks(("a", "b"))) == ()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """Whoever can write to the workspace cannot have another file read as its settings."""
    if not hasattr(os, "O_NOFOLLOW"):
        assert read_policy(tmp_path).settings_hash == ""
        return
    (tmp_path / "elsewhere.toml").write_text("[stages.production]\n")
    (tmp_path / "workbench.toml").symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        read_policy(tmp_path)
