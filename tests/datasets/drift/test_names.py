"""The page on the format lists every name that a report may hold."""

from pathlib import Path

import pytest

from workbench.datasets.drift import absent, categories, findings, kinds, numbers, one_value, tails
from workbench.datasets.drift.judging import MEASURES

PAGE = Path(__file__).parents[3] / "docs" / "formats" / "drift-report.md"
NAMES = (
    *MEASURES, absent.NULL_RATE, absent.INFINITIES, absent.EMPTY_TEXTS, categories.NEW,
    categories.GONE, findings.MISSING_COLUMN, findings.CONSTANT_CHANGED, kinds.RETYPED,
    numbers.TEST, one_value.ONE_VALUE, tails.TAILS, "tail", "cohens_h", "tvd", "psi", "linf",
    "wasserstein", "wasserstein_unclipped", "missing", "infinite", "empty", "version",
)  # fmt: skip


@pytest.mark.parametrize("name", sorted({*NAMES}))
def test_the_page_lists_the_name(name: str) -> None:
    """Whoever reads reports by a program finds what may stand there."""
    names = PAGE.read_text("utf-8").partition("**Names.**")[2].partition("\n\n")[0]
    assert f"`{name}`" in names
