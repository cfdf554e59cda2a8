"""Write the dumps anew and print which changed: ``python -m tests.screens``."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.screens.scenes import SETS
from tests.screens.showing import DUMPS, SIZES, dumps


async def _write(names: list[str]) -> set[Path]:
    DUMPS.mkdir(exist_ok=True)
    there = set()
    for name in names:
        for size in SIZES:
            with tempfile.TemporaryDirectory() as folder:
                async for _, file, text in dumps(name, Path(folder), size):
                    there.add(file)
                    _keep(file, text)
    return there


def _keep(file: Path, text: str) -> None:
    known = file.is_file()
    if not known or file.read_text("utf-8") != text:
        file.write_text(text, "utf-8", newline="\n")
        print("changed" if known else "new    ", file.name)


def main() -> None:
    """Write the dumps of the sets that are named, or of all; without names, remove strangers."""
    names = sys.argv[1:] or list(SETS)
    there = asyncio.run(_write(names))
    if not sys.argv[1:]:
        for file in set(DUMPS.glob("*.txt")) - there:
            file.unlink()
            print("removed", file.name)


if __name__ == "__main__":
    main()
