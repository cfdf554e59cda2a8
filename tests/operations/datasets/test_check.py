"""Checking a dataset: its rules from the settings, asked of a version or of any file."""

import json
import shlex
from pathlib import Path
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from tests.operations.datasets.conftest import TABLE
from workbench.errors import NotFoundError, SettingsError, UsageError
from workbench.operations.datasets import check_forms
from workbench.operations.datasets.add import add
from workbench.operations.datasets.check import Checked, check, rules_of
from workbench.operations.session import Session

RULES = """
[datasets.census]
key = ["id"]
sensitive = ["ssn"]

[[datasets.census.rules]]
kind = "range"
column = "age"
min = 0
max = 25.6

[[datasets.census.rules]]
name = "people are known"
kind = "foreign_key"
column = "ssn"
in = "people"

[[datasets.census.rules]]
kind = "regex"
column = "ssn"
pattern = "^s[0-9]$"
"""
MISSPELT = """
[[datasets.census.rules]]
kind = "range"
column = "age"
mni = 0
"""


@pytest.fixture
def settings(root: Path) -> Path:
    """Return the settings of the workspace, with rules."""
    path = root / "workbench.toml"
    path.write_text(RULES, "utf-8")
    return path


def checked(session: Session, census: Path) -> Checked:
    """Register the table and check it."""
    add(session, "census", census)
    return check(session, "census")


def test_a_version_is_asked_the_rules_in_the_settings(
    session: Session, census: Path, settings: Path
) -> None:
    """Each has its state, its count and examples; what they come to is one sentence."""
    found = checked(session, census)
    assert settings.is_file()
    assert (found.name, found.subject, found.rows) == ("census", "census@1", 100)
    assert [one.state for one in found.results] == ["fails", "error", "fails"]
    assert (found.outcome, found.exit_code) == ("fails", 3)
    assert found.sentence == "2 of 3 rules fail, 1 could not be told."
    assert check_forms.facts(found.results[0]) == "14 of 100 rows; from 20.5 to 26.5"
    assert check_forms.example_lines(found.results[0])[0] == "row 7: id 6, age 26.5"
    assert check_forms.example_lines(found.results[2])[0] == "row 11: id 10, ssn •••"


def test_a_foreign_key_is_looked_up_among_the_datasets(
    session: Session, census: Path, settings: Path
) -> None:
    """And once that dataset is there, the rule can be told."""
    assert settings.is_file()
    people = census.with_name("people.parquet")
    TABLE.select("ssn").unique().write_parquet(people)
    add(session, "people", people)
    assert checked(session, census).results[1].state == "holds"


def test_a_file_is_asked_instead_of_a_version(
    session: Session, census: Path, settings: Path, tmp_path: Path
) -> None:
    """Before anybody registers it; of whatever format."""
    assert settings.is_file()
    add(session, "census", census)
    TABLE.with_columns(age=pl.lit(20.0)).write_csv(tmp_path / "new.csv")
    found = check(session, "census", tmp_path / "new.csv")
    assert (found.format, found.rows) == ("csv", 100)
    assert [one.state for one in found.results] == ["holds", "error", "fails"]


def test_the_rows_of_a_changed_file_are_not_those_of_the_version(
    session: Session, census: Path, settings: Path
) -> None:
    """Nobody is told of one version what is true of another."""
    assert settings.is_file()
    add(session, "census", census)
    TABLE.head(50).write_parquet(census)
    with pytest.raises(NotFoundError, match="have changed since"):
        check(session, "census@1")


def test_a_misspelt_rule_is_an_error_with_its_line(
    session: Session, census: Path, settings: Path
) -> None:
    """The others are asked all the same, and all together do not hold."""
    settings.write_text(RULES + MISSPELT, "utf-8")
    found = checked(session, census)
    wrong = found.results[-1]
    assert (wrong.state, wrong.rule.line) == (
        "error",
        (RULES + MISSPELT).split("\n").index("mni = 0") + 1,
    )
    assert "did you mean 'min'" in wrong.reason
    assert [one.rule.line for one in found.results[:1]] == [6]
    assert check_forms.facts(wrong).startswith(f"line {wrong.rule.line}: ")


def test_only_what_is_misspelt_of_the_rules_stands_in_their_way(
    session: Session, census: Path, settings: Path
) -> None:
    """Whatever the dataset is called; a key that was meant to be theirs is of the rules too."""
    rules = RULES.replace("census", "ruleset")
    settings.write_text(rules, "utf-8")
    add(session, "ruleset", census)
    settings.write_text(rules.replace("key =", "owner = 3\nkey ="), "utf-8")
    assert [one.kind for one in rules_of(session, "ruleset")] == ["range", "foreign_key", "regex"]
    for wrong in ("[datasets.ruleset]\nruls = []\n", "[datasets]\nruleset = 3\n"):
        settings.write_text(wrong, "utf-8")
        with pytest.raises(SettingsError, match=r"ruleset|Did you mean rules"):
            rules_of(session, "ruleset")


def test_a_foreign_key_into_a_file_that_is_not_there_names_its_path(
    session: Session, census: Path, settings: Path
) -> None:
    """Nothing was looked at, and nobody would know where it was looked for."""
    settings.write_text(
        "[[datasets.census.rules]]\nkind = 'foreign_key'\ncolumn = 'id'\nin = 'data/gone.csv'\n",
        "utf-8",
    )
    (found,) = checked(session, census).results
    assert found.state == "error"
    assert str(session.root / "data/gone.csv") in found.reason


def test_who_finds_files_changed_is_told_how_to_keep_the_next(
    session: Session, census: Path
) -> None:
    """With a command that can be pasted, or a line for the settings that follow it."""
    add(session, "census", census)
    TABLE.head(50).write_parquet(census)
    with pytest.raises(NotFoundError, match="have changed since") as told:
        check(session, "census@1", rules_from=_rules(session.root))
    command = f"workbench datasets add census {shlex.quote(str(census))} --copy"
    assert told.value.hint.endswith(command)
    text = "[datasets.census]\npath = 'data/census.parquet'\n"
    (session.root / "workbench.toml").write_text(text, "utf-8")
    with pytest.raises(NotFoundError) as told:
        check(session, "census@1", rules_from=_rules(session.root))
    assert "copy = true" in told.value.hint


def _rules(root: Path) -> Path:
    path = root / "rules.toml"
    path.write_text("[[rules]]\nkind = 'rows'\nmin = 1\n", "utf-8")
    return path


def test_no_rules_are_no_success(session: Session, census: Path) -> None:
    """A check of nothing would hold whatever the data."""
    with pytest.raises(UsageError, match="census has no rules"):
        checked(session, census)
    with pytest.raises(NotFoundError, match="no dataset cencus"):
        check(session, "cencus")
    with pytest.raises(UsageError, match="there is none here"):
        rules_of(None, "census")


@pytest.mark.parametrize("header", ["[[rules]]", "[[datasets.x.rules]]"])
def test_rules_may_come_from_a_file_of_their_own(tmp_path: Path, header: str) -> None:
    """Then no workspace is needed."""
    (tmp_path / "rules.toml").write_text(f'{header}\nkind = "rows"\nmin = 3\n', "utf-8")
    TABLE.write_parquet(tmp_path / "t.parquet")
    found = check(None, "", tmp_path / "t.parquet", rules_from=tmp_path / "rules.toml")
    assert (found.outcome, found.exit_code, found.sentence) == ("holds", 0, "1 rule: it holds.")
    (tmp_path / "rules.toml").write_text("", "utf-8")
    with pytest.raises(UsageError, match="holds no rules"):
        check(None, "", tmp_path / "t.parquet", rules_from=tmp_path / "rules.toml")


def test_what_only_could_not_be_told_is_undecided(
    session: Session, census: Path, settings: Path
) -> None:
    """It neither passes nor fails."""
    rule = '[[datasets.census.rules]]\nkind = "unique"\ncolumn = "gone"\n'
    settings.write_text(rule, "utf-8")
    found = checked(session, census)
    assert (found.outcome, found.exit_code) == ("error", 5)
    assert found.sentence == "1 of 1 rule could not be told."


def test_results_are_json_for_programs(session: Session, census: Path, settings: Path) -> None:
    """With everything a person sees, and with no sensitive value."""
    assert settings.is_file()
    fields = json.loads(check_forms.as_json(checked(session, census)))
    assert (fields["outcome"], fields["exit_code"], fields["rows"]) == ("fails", 3, 100)
    first = fields["rules"][0]
    assert (first["state"], first["failed"], first["rows"]) == ("fails", 14, 100)
    assert first["rule"] == {
        "kind": "range", "columns": ["age"], "min": 0, "max": 25.6, "line": 6,
    }  # fmt: skip
    assert fields["rules"][2]["examples"][0]["values"] == {"id": "10", "ssn": "•••"}


def test_results_are_junit_for_pipelines(session: Session, census: Path, settings: Path) -> None:
    """A rule that fails is a failure there, one that cannot be asked an error."""
    settings.write_text(RULES + MISSPELT, "utf-8")
    suites = ET.fromstring(check_forms.as_junit(checked(session, census)))  # noqa: S314 - our own
    assert (suites.get("tests"), suites.get("failures"), suites.get("errors")) == ("4", "2", "2")
    kinds = [case[0].tag + " " + str(case[0].get("type")) for case in suites.iter("testcase")]
    assert kinds == ["failure failed", "error error", "failure failed", "error error"]
    assert "people are known" in [case.get("name") for case in suites.iter("testcase")]
