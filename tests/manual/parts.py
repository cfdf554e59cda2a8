"""Pages of the manual with generated parts between two marks.

A module of this folder with a function ``generated() -> dict[page, text]`` adds to them.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
BEGIN = "<!-- generated: python -m tests.manual -->"
END = "<!-- end of generated -->"


class Part(NamedTuple):
    """A page and what is to stand between its marks."""

    path: Path
    text: str

    def fresh(self) -> str:
        """Return the page with its generated part as it should be."""
        page = self.path.read_text(encoding="utf-8")
        before, begin, rest = page.partition(BEGIN)
        _, end, after = rest.partition(END)
        if not begin or not end:
            raise ValueError(f"{self.path} has no marks")
        return f"{before}{BEGIN}\n\n{self.text.strip()}\n\n{END}{after}"


def parts() -> Iterator[Part]:
    """Yield every generated part of the manual."""
    for found in iter_modules([str(Path(__file__).parent)]):
        module = import_module(f"tests.manual.{found.name}") if found.name != "__main__" else None
        for page, text in getattr(module, "generated", dict)().items():
            yield Part(ROOT / "docs" / page, text)
