"""What is remembered of a folder of runs between two looks at it."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.catalogue.ingest import Known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbench.formats.contract import Fault, RunRef


class Double(NamedTuple):
    """A run that is listed from another source."""

    run_id: str
    stamp: int
    """As of the reading that told its id."""


class SourceState:
    """A source as the last sweep left it; belongs to the sweeper's thread."""

    def __init__(self, number: int, known: dict[str, Known]) -> None:
        self.number = number
        self.known = known
        self.root = Path()
        self.copies: dict[str, str] = {}
        """By what the runs that were imported are known where they are from, by key."""
        self.memory: object | None = None
        self.faults: Sequence[Fault] = ()
        self.unfinished = False
        """The last survey had no time for all."""
        self.refs: Mapping[str, RunRef] | None = None
        self.surveyed: Mapping[str, RunRef] | None = None
        self.live: Sequence[RunRef] = ()
        self.broken: dict[str, RunRef] = {}
        """Runs that could not be read: perhaps half copied, so they are tried again."""
        self.late: dict[str, Fault] = {}
        """Why what is shown of a run is not the newest: it could not be read this time."""
        self.doubles: dict[str, Double] = {}
        """Runs that are listed from another source, by key."""
        self.read_at: dict[str, float] = {}
        self.unseen: frozenset[str] = frozenset()
        """Runs that were edited while the source was away."""
