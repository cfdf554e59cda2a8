"""Making the local index anew from the folder."""

from typing import NamedTuple

from workbench.catalogue.faults import fault_count
from workbench.catalogue.finding import every
from workbench.operations.disk import delete, entries_of
from workbench.operations.session import Session, open_session


class Rebuilt(NamedTuple):
    """What the new index holds."""

    runs: int
    faults: int
    seconds: float


def rebuild(session: Session) -> Rebuilt:
    """Delete the local index and everything cached, and read the folder again.

    Closes the session. Another program that has an index open keeps it until it ends.
    """
    session.close()
    for entry in entries_of(session.cache):
        delete(session.cache / entry.name, session.cache)
    began = session.clock.steady()
    with open_session(session.root, clock=session.clock) as fresh:
        fresh.sweep()
        return Rebuilt(
            len(every(fresh.catalogue)),
            fault_count(fresh.catalogue),
            session.clock.steady() - began,
        )
