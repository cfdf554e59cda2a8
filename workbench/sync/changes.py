"""What a look at every source found: told to screens, and added up as it goes."""

from typing import NamedTuple


class Changes(NamedTuple):
    """What a sweep, or a part of one, found."""

    changed: frozenset[int] = frozenset()
    new: frozenset[int] = frozenset()
    gone: frozenset[int] = frozenset()
    faults: bool = False
    edits: bool = False
    waiting: int = 0
    """Runs, models, versions of datasets or reports seen but not yet read; 0 at the end of a
    sweep."""
    initial: bool = False
    """Of the first sweep: what was there before anybody looked."""
    models: frozenset[str] = frozenset()
    """Models whose journal has more in it, came or went."""
    datasets: frozenset[str] = frozenset()
    """Datasets of which versions came or went, or of which the settings say something else."""
    drift: frozenset[str] = frozenset()
    """Monitors of which reports came or went, of whose alerts somebody said something, or of
    which the settings say something else."""

    def __bool__(self) -> bool:
        runs = self.changed or self.new or self.gone
        things = self.models or self.datasets or self.drift
        return bool(runs or self.faults or self.edits or things)


def joined(total: Changes, part: Changes) -> Changes:
    """Return what was found up to now with one more part of it."""
    return Changes(
        total.changed | part.changed,
        total.new | part.new,
        total.gone | part.gone,
        total.faults or part.faults,
        total.edits or part.edits,
        initial=total.initial or part.initial,
        models=total.models | part.models,
        datasets=total.datasets | part.datasets,
        drift=total.drift | part.drift,
    )
