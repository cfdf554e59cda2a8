"""Whether the files of many datasets are still there and as they were, for a list of them.

Each file has to be looked at, and on a network drive a look costs a round trip: what was looked
at a moment ago is not looked at again, and a list waits for so long only. What was not looked at
yet is not known, and nothing is said of it.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from workbench.datasets.manifest import Manifest
from workbench.datasets.versions import folder
from workbench.errors import WorkbenchError
from workbench.operations.datasets.locate import State, state_of
from workbench.operations.session import Session

_FRESH_S: Final = 5.0


class _Looked(NamedTuple):
    """What a look at the files of a version showed."""

    manifest: Manifest
    state: State
    at: float
    """By a clock that never goes back."""


_looked: WeakKeyDictionary[Session, dict[tuple[str, int], _Looked]] = WeakKeyDictionary()


def states(
    session: Session, versions: Sequence[tuple[str, int]], patience_s: float | None
) -> Mapping[str, State]:
    """Return how the files of versions are, by name of the dataset, as far as it is known.

    Args:
        session: Where.
        versions: Name and number of each.
        patience_s: How long to look, those first that were not looked at for longest; None: until
            all are known.
    """
    known = _looked.setdefault(session, {})
    began = session.clock.steady()
    for key in sorted(versions, key=lambda key: known[key].at if key in known else 0.0):
        now = session.clock.steady()
        if key in known and now - known[key].at < _FRESH_S:
            continue
        if patience_s is not None and now - began > patience_s:
            break
        one = _look(session, key, known.get(key), now)
        if one is not None:
            known[key] = one
    return {name: known[name, number].state for name, number in versions if (name, number) in known}


def _look(
    session: Session, key: tuple[str, int], before: _Looked | None, now: float
) -> _Looked | None:
    try:
        manifest = before.manifest if before else folder.read_manifest(session.root, *key)
        return _Looked(manifest, state_of(session, manifest, read=False), now)
    except (WorkbenchError, OSError):
        return None  # its manifest cannot be read: a fault that is told elsewhere
