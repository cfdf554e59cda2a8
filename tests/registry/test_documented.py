"""What the manual and a new workspace's settings show can be used as it stands."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from workbench.filters import parse_rule
from workbench.filters.fields import GIT_FACTS, VERSION_ATTRIBUTES
from workbench.operations.workspace import settings_text
from workbench.registry.check_options import OPTIONS
from workbench.registry.checks import CHECK_KINDS, Policy
from workbench.registry.policy import parse_policy
from workbench.settings import read_settings

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "checks.md").read_text("utf-8")
RULES = PAGE.partition("\n## Rules\n")[2].partition("\n## ")[0]


def blocks() -> list[str]:
    """Return the settings shown in the manual."""
    return re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def policy(text: str) -> Policy:
    """Return what settings ask."""
    return parse_policy(text.encode(), "workbench.toml")


def asked_rules() -> list[str]:
    """Return the rules of the manual's table: the code in the left column."""
    cells = re.findall(r"^\| (`.+?`) \| ", RULES, re.MULTILINE)
    return [cell.strip("`").strip() if cell[1] != "`" else cell[2:-2].strip() for cell in cells]


def test_the_settings_of_the_manual_are_read() -> None:
    """Together they show every kind there is."""
    kinds = {
        check.kind
        for block in blocks()
        for stage in policy(block).stages.values()
        for check in stage.checks
    }
    assert kinds == set(CHECK_KINDS)


@pytest.mark.parametrize("rule", asked_rules())
def test_the_rules_of_the_manual_are_read(rule: str) -> None:
    """Every line of the table is a rule."""
    assert parse_rule(rule)


def test_the_manual_names_everything_that_can_be_asked() -> None:
    """Every kind with its options, and every fact of a version and of its source."""
    assert len(asked_rules()) > 5
    for kind, options in OPTIONS.items():
        row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{kind}`"))
        assert all(f"`{option}" in row for option in options)
    named = set(re.findall(r"`([\w.]+)`", RULES))
    assert set(VERSION_ATTRIBUTES) <= named
    assert {f"git.{name}" for name in GIT_FACTS} <= named


def test_the_examples_in_new_settings_are_read(tmp_path: Path) -> None:
    """Whoever takes the # away from all of them has settings that work."""
    shown = settings_text(())
    example = re.compile(r"^# (\[.*|\S+ = .*)$", re.MULTILINE)
    text = example.sub(r"\1", shown)
    assert len(tomllib.loads(text)) > len(tomllib.loads(shown))
    assert [check.kind for check in policy(text).stages["production"].checks] == [
        "rule", "rule", "rule", "approval",
    ]  # fmt: skip
    assert not any(stage.checks for stage in policy(shown).stages.values())
    (tmp_path / "workbench.toml").write_text(text, "utf-8")
    assert read_settings(tmp_path).key == "~/.ssh/id_ed25519"


def test_the_pipelines_ask_the_gate_and_keep_its_report() -> None:
    """Both run the same command, and neither takes undecided for a pass."""
    asked = '--stage "$STAGE" --json out.json --junit out.xml'
    lab = yaml.safe_load((DOCS / "ci/.gitlab-ci.yml").read_text("utf-8"))
    assert lab["gate"]["script"] == [f'workbench gate "$VERSION" {asked}']
    assert lab["gate"]["artifacts"]["reports"]["junit"] == "out.xml"
    assert "allow_failure" not in lab["gate"]
    jenkins = (DOCS / "ci/Jenkinsfile").read_text("utf-8")
    assert f"'workbench gate \"$VERSION\" {asked}'" in jenkins
    assert "junit testResults: 'out.xml'" in jenkins
    assert jenkins.count("{") == jenkins.count("}")
