"""What stands in the way of a monitor's next run, told without one.

A stage that nobody holds, a dataset that is called otherwise, a drive that is away: a list says so
when it is looked at, in every program. What only rows tell, a run finds, and the program that runs
monitors by itself keeps it (`Session.drift_faults`).
"""

from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import Final

from workbench.datasets.drift.monitor import PREDICTIONS, TRAINING, Monitor
from workbench.datasets.versions.finding import is_pattern
from workbench.errors import NotFoundError, WorkbenchError
from workbench.operations.drift.references import (
    RELATIVE,
    Held,
    held,
    trained_on,
    version_named,
)
from workbench.operations.drift.states import base_of, dataset_meant
from workbench.operations.session import Session
from workbench.words import visible

_MAGIC: Final = frozenset("*?[")


def obstacle(session: Session, monitor: Monitor) -> str:
    """Return why a monitor could not be run now; empty where nothing is known to be in its way.

    Args:
        session: Where.
        monitor: One in whose entry nothing is wrong.
    """
    try:
        of = held(session, monitor.model) if monitor.model else None
        base = base_of(session)
        if monitor.data != PREDICTIONS and dataset_meant(session, monitor.data) is None:
            _require_there(base(monitor.data))
        _require_reference(session, monitor, of, base)
    except WorkbenchError as error:
        return str(error)
    except OSError as error:
        return f"It cannot be looked at: {visible(error.strerror or str(error))}."
    return ""


def kept(session: Session, name: str) -> str:
    """Return what the last run of a monitor by this program failed with; empty where it did not."""
    begin = words_of(name, "")
    found = (one.reason for one in session.drift_faults if one.reason.startswith(begin))
    return next(found, "").removeprefix(begin)


def words_of(name: str, why: str) -> str:
    """Return that a monitor cannot be checked, in a sentence among other faults."""
    return f"{name} cannot be checked: {why}"


def _require_reference(
    session: Session, monitor: Monitor, of: Held | None, base: Callable[[str], Path]
) -> None:
    text = monitor.reference or TRAINING
    if text in RELATIVE:
        return
    if text == TRAINING:
        if of is not None and monitor.data != PREDICTIONS:
            trained_on(session, of)
        return
    manifest, missing = version_named(session, text)
    if manifest is not None:
        return
    try:
        _require_there(base(text))
    except NotFoundError as error:
        raise (missing or error) from None


def _require_there(path: Path) -> None:
    """Do nothing if a file or folder, or the folder that a pattern begins with, is there.

    Raises:
        NotFoundError: It is not.
    """
    if is_pattern(path):
        path = Path(*takewhile(lambda part: not _MAGIC & set(part), path.parts))
    if not path.exists():
        raise NotFoundError(f"There is nothing at {visible(str(path))}.", hint="Check the path.")
