"""Sentences about how far a run is known, the same on the command line and on every screen.

A reader that concludes from something else than the dates of files says from what in the
fact ``concluded``, as a short clause; that is told here and nowhere else.
"""

from typing import Final

from workbench.catalogue.cards import RunRecord
from workbench.runfolder import UNKNOWN

_BY_TIME: Final = "the times of its files"


def conclusion(record: RunRecord) -> str:
    """Return what a status was concluded from; empty for one that the run said itself."""
    if not record.inferred:
        return ""
    reason = record.facts.get("concluded")
    if record.status == UNKNOWN and not reason:
        return "the run did not say how it ended, and its files do not tell"
    return f"concluded from {reason or _BY_TIME}; the run did not say so"


def limits(record: RunRecord) -> tuple[str, ...]:
    """Return what else is not the whole of a run: a kept copy, lines yet to come, times."""
    facts = record.facts
    times = facts.get("times")
    said = (facts.get("kept"), facts.get("live"), f"its times are {times}" if times else None)
    return tuple(str(one) for one in said if one)


def no_metric(record: RunRecord) -> str:
    """Return what stands where the metrics of a run would, which has none."""
    live = record.facts.get("live")
    return "This run has logged no metric yet" + (f": {live}." if live else ".")


def came_from(record: RunRecord) -> str:
    """Return what tool and where a run was imported from, and its id there; empty if it was not."""
    facts = record.facts
    if "imported.path" not in facts:
        return ""
    id_, path = str(facts.get("imported.id", "")), str(facts["imported.path"])
    named = "" if path == id_ or path.endswith(f"/{id_}") else f", {id_}"
    return f"{facts.get('imported.from')}, {path}{named}"
