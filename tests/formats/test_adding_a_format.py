"""The guide to adding a format, followed to the letter."""

import re
from pathlib import Path
from typing import Any

import pytest

from workbench.clock import FixedClock
from workbench.formats.folders.reader import FoldersReader

_GUIDE = Path(__file__).parents[2] / "docs" / "formats" / "adding-a-format.md"


@pytest.fixture
def tally() -> Any:
    """Return the reader of the guide."""
    code = re.search(r"```python\n(.*?)```", _GUIDE.read_text("utf-8"), re.DOTALL)
    assert code
    names: dict[str, Any] = {}
    exec(compile(code[1], str(_GUIDE), "exec"), names)  # noqa: S102 - our own text
    return names["TallyReader"]()


def test_the_reader_of_the_guide_shows_a_run_that_grows(tally: Any, tmp_path: Path) -> None:
    """A folder with its file is a run with curves; half a line waits for the rest."""
    folder = tmp_path / "a" / "first"
    folder.mkdir(parents=True)
    lines = folder / "tally.txt"
    lines.write_text("0 loss 0.5\n1 loss 0.25\n2 lo")
    clock = FixedClock()
    reader = FoldersReader([tally], [], clock)
    (key,) = reader.survey(tmp_path, None).refs
    card = reader.read(tmp_path, key, b"", clock.now()).card
    assert (key, card.name, card.metrics["loss"].last) == ("a/first", "first", 0.25)
    curves = reader.points(tmp_path, key, None, None)
    with lines.open("a") as file:
        file.write("ss nan\n")
    after = reader.points(tmp_path, key, None, curves.progress)
    assert after.points["loss"].steps == [2.0]
    assert reader.read(tmp_path, key, b"", clock.now()).card.metrics["loss"].nans == 1
