"""How current data are cut, as people write it: by time, by size, by count, or by file."""

import re
from dataclasses import dataclass
from typing import Final

from workbench import words
from workbench.datasets.drift.cutting import MOST
from workbench.datasets.drift.periods import PERIODS
from workbench.errors import UsageError

FILE, ROWS, PARTS = "file", "rows", "parts"
_COUNTED: Final = re.compile(r"(\d[\d,_]*) (rows?|parts?)")
_LARGEST: Final = 10**12


@dataclass(frozen=True, slots=True)
class Chunks:
    """How the current data are cut."""

    kind: str
    """``day``, ``week``, ``month``, ``file``, ``rows`` or ``parts``."""
    number: int = 0
    """Of rows in each, or of parts."""

    @property
    def timed(self) -> bool:
        """Return whether a column of time is needed."""
        return self.kind in PERIODS

    def __str__(self) -> str:
        return f"{self.number} {self.kind}" if self.number else self.kind


def parse_chunks(text: str) -> Chunks:
    """Return what a person wrote: ``month``, ``1000 rows``, ``10 parts``.

    Raises:
        UsageError: It is none of these.
    """
    said = " ".join(text.casefold().split())
    if said in (*PERIODS, FILE):
        return Chunks(said)
    counted = _COUNTED.fullmatch(said)
    if counted is None:
        raise UsageError(
            f"Chunks cannot be {words.visible(text)[:60]!r}.",
            hint="Write 'day', 'week', 'month', 'file', '1000 rows' or '10 parts'.",
        )
    number = int(re.sub("[,_]", "", counted[1])[:20])
    kind = ROWS if counted[2].startswith("row") else PARTS
    most = _LARGEST if kind == ROWS else MOST
    if not 1 <= number <= most:
        raise UsageError(
            f"Chunks are of 1 to {words.count(most)} {kind}, not {words.count(number)}."
        )
    return Chunks(kind, number)
