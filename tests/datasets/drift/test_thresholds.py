"""The limits as the manual lists them."""

import re
from pathlib import Path

from workbench.datasets.drift.thresholds import Thresholds

MANUAL = Path(__file__).parents[3] / "docs" / "statistics.md"


def test_the_manual_lists_every_limit_with_its_default() -> None:
    """A limit that is added or changed is added or changed there."""
    listed = MANUAL.read_text("utf-8").partition("### The limits by name")[2].partition("\n### ")[0]
    found = dict[str, float]()
    for names, defaults in re.findall(r"^\| (`.*?) \| ([\d., ]+) \|", listed, re.MULTILINE):
        pairs = zip(re.findall(r"`(\w+)`", names), defaults.split(", "), strict=True)
        found |= {name: float(default) for name, default in pairs}
    usual = Thresholds()
    assert found == {name: getattr(usual, name) for name in Thresholds.__struct_fields__}
