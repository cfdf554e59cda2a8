"""``show``: what it says of metrics."""

from tests.cli.conftest import Run


def _table(text: str) -> list[list[str]]:
    lines = text.splitlines()
    start = lines.index("metrics")
    return [line.split() for line in lines[start + 1 : start + 3]]


def test_show_counts_the_values_that_are_not_numbers(run: Run) -> None:
    """A metric that was NaN says how often; where none was, there is no such column."""
    heads, cells = _table(run("show", "diverged").stdout)
    assert dict(zip(heads, cells[1:], strict=False))["NaN"] == "1"
    heads, _ = _table(run("show", "good").stdout)
    assert "NaN" not in heads
