"""The manual says what the program does."""

from tests.manual.parts import parts


def test_generated_pages_are_fresh() -> None:
    """A page that lags behind the program fails; ``python -m tests.manual`` brings it up."""
    for part in parts():
        assert part.path.read_text(encoding="utf-8") == part.fresh(), part.path
