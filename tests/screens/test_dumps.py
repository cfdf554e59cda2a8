"""The compare screen looks as somebody saw it to be good, to the cell."""

from pathlib import Path

import pytest

from tests.screens.scenes import SETS
from tests.screens.showing import DUMPS, SIZES, dumps, file_of

WRITE = "python -m tests.screens"


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "160x50"])
@pytest.mark.parametrize("name", SETS)
async def test_every_scene_looks_as_it_was_kept(
    name: str, size: tuple[int, int], tmp_path: Path
) -> None:
    """Whoever changes a screen sees here what it did, and keeps it by a command if it is good."""
    changed = []
    async for _, file, text in dumps(name, tmp_path, size):
        kept = file.read_text("utf-8") if file.is_file() else ""
        if text != kept:
            changed.append(f"--- {file.name} was\n{kept}+++ {file.name} is now\n{text}")
    assert not changed, f"look, then keep it by: {WRITE}\n" + "\n".join(changed)


def test_every_dump_fits_its_screen_and_belongs_to_a_scene() -> None:
    """No line is longer than its screen, none steers a terminal, no file is left behind."""
    wanted = {file_of(scene, size) for _, scenes in SETS.values() for scene in scenes
              for size in SIZES}  # fmt: skip
    assert set(DUMPS.glob("*.txt")) == wanted
    for file in wanted:
        width, height = map(int, file.stem.rpartition("-")[2].split("x"))
        lines = file.read_text("utf-8").splitlines()
        assert len(lines) == height, file.name
        assert max(map(len, lines)) <= width, file.name
        assert all(line.isprintable() for line in lines), file.name
