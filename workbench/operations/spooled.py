"""What waits in this person's spool, and bringing it home."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from workbench.client.spool import Spooled, deliver, pending
from workbench.errors import WorkbenchError

__all__ = ["Outcome", "Spooled", "deliver_all", "waiting"]


class Outcome(NamedTuple):
    """What became of one entry."""

    run_id: str
    folder: Path | None
    """Where its lines are now; None where they could not be delivered."""
    why_not: str


def waiting() -> tuple[Spooled, ...]:
    """Return what waits in the spool, oldest first."""
    return pending()


def deliver_all(entries: Sequence[Spooled]) -> Iterator[Outcome]:
    """Bring entries home one by one; one that cannot be delivered does not stop the others."""
    for entry in entries:
        try:
            yield Outcome(entry.run_id, deliver(entry).run, "")
        except WorkbenchError as error:
            yield Outcome(entry.run_id, None, str(error))
        except OSError as error:
            yield Outcome(entry.run_id, None, f"{entry.root}: {error.strerror or error}")
