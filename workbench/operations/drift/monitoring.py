"""Run monitors: everything of what they watch that nobody has checked yet, the oldest first.

One shot and idempotent. The same data against the same reference in the same way have one
report, whoever was first; whoever is second finds it there. One monitor, and one version of one,
that cannot be checked stops none of the others.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as evolve
from typing import Final, NamedTuple

from msgspec.structs import replace

from workbench.datasets import monitors
from workbench.datasets.drift import storing
from workbench.datasets.drift.monitor import Monitor
from workbench.datasets.drift.plausible import is_to_come
from workbench.datasets.drift.report import DriftReport
from workbench.datasets.monitors import Monitors
from workbench.errors import SettingsError, StoppedError, WorkbenchError
from workbench.ids import new_id
from workbench.operations.drift.checking import carried_out
from workbench.operations.drift.done import Done
from workbench.operations.drift.planning import Plan, key_after
from workbench.operations.drift.sources import Progress
from workbench.operations.drift.states import State, states
from workbench.operations.drift.unknown import no_monitor
from workbench.operations.session import Session
from workbench.settings import SETTINGS
from workbench.words import visible

_LONGEST: Final = 500
_SAID: Final = 3
"""Older states of which it is said that they could not be checked; the rest is counted."""
_NAMED: Final = 200
"""Characters of data's name in a sentence."""
_TICK_S: Final = 2.0
"""The coarsest clock of a file system in use."""
_APART_S: Final = 0.001


class Ran(NamedTuple):
    """What came of a monitor: one for each report that is new, else one."""

    monitor: str
    report: DriftReport | None
    """Where nothing is new the newest there is; None where there is none."""
    new: bool
    """It was made and kept by this run."""
    fault: str
    """Why it could not be checked; empty where it could."""
    overdue: bool
    """Its newest check is longer ago than the settings want."""
    note: str = ""
    """What was passed over, and why."""


def run(
    session: Session,
    names: Sequence[str] = (),
    *,
    rest_s: float = 0.0,
    on_progress: Progress = lambda _done, _total, _what: None,
    stopped: Callable[[], bool] = lambda: False,
    on_ran: Callable[[Sequence[Ran]], None] = lambda _ran: None,
) -> tuple[Ran, ...]:
    """Check what is watched and has not been checked as it is now; keep what was found.

    Args:
        session: Where.
        names: The monitors; none means all.
        rest_s: For how long a prediction file must not have changed to count.
        on_progress: Told how much is done, of how much (0: nobody knows), and of what.
        stopped: Asked now and then whether to end; what is written by then stays.
        on_ran: Told what came of each monitor as soon as its turn is over.

    Raises:
        NotAllowedError: Nothing can be written here.
        NotFoundError: There is no monitor of a name; says which is near.
        SettingsError: The settings cannot be read.
        StoppedError: ``stopped`` said so.
    """
    session.require_writable()
    found = monitors.read(session.root)
    chosen = _chosen(session, found, names)
    ran = list[Ran]()
    for name in chosen:
        came = _run(_Work(session, name, rest_s, on_progress, stopped), found)
        on_ran(came)
        ran += came
    return tuple(ran)


def is_overdue(session: Session, monitor: Monitor, newest: float | None) -> bool:
    """Say whether a monitor should have been checked again by now.

    Args:
        session: Where.
        monitor: As the settings say it.
        newest: When it was checked last, seconds since 1970; None for never.
    """
    if monitor.every_s is None:
        return False
    since = _written(session) if newest is None else newest
    now = session.disk_time()
    return now - since > monitor.every_s or is_to_come(since, max(session.clock.now(), now))


def _written(session: Session) -> float:
    """Return when the settings were written last: what was never checked is late from then on."""
    try:
        return (session.root / SETTINGS).stat().st_mtime
    except OSError:
        return 0.0


def fault_of(found: Monitors, name: str) -> str:
    """Return what is wrong with a monitor's entry in the settings; empty where nothing is."""
    wrong = found.faults_of(name)
    if not wrong:
        return ""
    line = f"{SETTINGS}, line {wrong[0].line}: " if wrong[0].line else ""
    more = f" And {len(wrong) - 1} more." if len(wrong) > 1 else ""
    return f"{line}{wrong[0].message}{more}"


def _chosen(session: Session, found: Monitors, names: Sequence[str]) -> tuple[str, ...]:
    there = tuple(dict.fromkeys([*found.monitors, *(one.monitor for one in found.faults)]))
    if "" in there:
        wrong = next(one for one in found.faults if not one.monitor)
        path = str(session.root / SETTINGS)
        raise SettingsError(wrong.message, path=path, line=wrong.line)
    for name in names:
        if name not in there:
            raise no_monitor(name, there)
    return tuple(dict.fromkeys(names)) or there


# -- one monitor -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Work:
    """A monitor's turn."""

    session: Session
    name: str
    rest_s: float
    on_progress: Progress
    stopped: Callable[[], bool]


def _run(work: _Work, found: Monitors) -> list[Ran]:
    """Return what came of a monitor."""
    session, wrong = work.session, fault_of(found, work.name)
    monitor = found.monitors.get(work.name)
    try:
        done = Done(session, work.name)
    except OSError as error:
        said = f"Its reports cannot be listed: {visible(error.strerror or str(error))}."
        return [Ran(work.name, None, False, said, overdue=False)]
    made, notes, fault = list[DriftReport](), list[str](), wrong
    if monitor is not None and not wrong:
        for one in _attempts(work, monitor, done):
            if isinstance(one, DriftReport):
                made.append(one)
            elif one.newest:
                fault = one.words
            else:
                notes.append(one.words)
    times = [done.newest_time, *(one.time for one in made)]
    newest = max((one for one in times if one is not None), default=None)
    overdue = monitor is not None and is_overdue(session, monitor, newest)
    ran = [Ran(work.name, one, True, "", overdue) for one in made]
    if fault or not ran:
        ran.append(Ran(work.name, None if fault else done.newest(), False, fault, overdue))
    ran[-1] = ran[-1]._replace(note=_noted(notes))
    return ran


def _noted(notes: Sequence[str]) -> str:
    """Return what is said of older states, and of how many more."""
    more = f" And {len(notes) - _SAID} more." if len(notes) > _SAID else ""
    return " ".join(notes[:_SAID]) + more


class _Failed(NamedTuple):
    """Something that could not be checked."""

    words: str
    newest: bool
    """It is the newest state of the data; of older ones it is only said."""


def _attempts(work: _Work, monitor: Monitor, done: Done) -> Iterator[DriftReport | _Failed]:
    """Yield what came of each state of the data that is to be checked; nothing of the others."""
    newest = True
    try:
        for state in states(
            work.session, monitor, done, work.on_progress, work.stopped, rest_s=work.rest_s
        ):
            newest = state.newest
            try:
                report = _checked(work, monitor, done, state)
            except StoppedError:
                raise
            except WorkbenchError as error:
                yield _Failed(f"{visible(state.name)[:_NAMED]}: {error}", newest)
            else:
                if report is not None:
                    yield report
    except StoppedError:
        raise
    except WorkbenchError as error:
        yield _Failed(str(error), newest=True)
    except Exception as error:  # noqa: BLE001 - one monitor must not stop the others; it is told
        said = visible(str(error))[:_LONGEST]
        yield _Failed(f"It could not be checked: {type(error).__name__}: {said}.", newest=True)


def _checked(
    work: _Work, monitor: Monitor, done: Done, state: State
) -> DriftReport | _Failed | None:
    """Return the report of a state if it is new; None where it was checked already."""
    session, asked = work.session, state.plan()
    if _is_itself(asked):
        said = f"{visible(state.name)[:_NAMED]} is the reference, and not held against itself."
        return _Failed(said, newest=False)
    plan = _due(asked, monitor, done)
    if plan is None:
        return None

    def on_progress(now: int, total: int, what: str) -> None:
        work.on_progress(now, total, f"{monitor.name}: {what}")

    found = carried_out(session, plan, on_progress, work.stopped)
    time = _after(found.time, done.newest_time)
    report = replace(found, id=new_id(time), time=time, monitor=monitor.name, settings=monitor.said)
    if work.stopped():
        raise StoppedError("The check was stopped before it was kept.")
    new = storing.write(session.root, report)
    done.add(report if new else storing.read_for_lists(session.root, monitor.name, plan.key))
    return report if new else None


def _is_itself(plan: Plan) -> bool:
    """Say whether a version would be held against itself: that is stable, and says nothing."""
    if plan.reference is None or not plan.current.side.dataset:
        return False
    sides = (plan.current.side, plan.reference.side)
    return len({(one.dataset, one.version) for one in sides}) == 1


def _due(plan: Plan, monitor: Monitor, done: Done) -> Plan | None:
    """Return what is to be checked under its key; None where its report is the newest of its kind.

    What came back after something else is checked anew, under a key of its own that follows from
    what it came after: the newest report is to say what is so now.
    """
    if plan.key not in done.keys:
        return plan
    against = None if plan.reference is None else plan.reference.side
    between = done.after(plan.model, plan.current.side, against, monitor.said)
    return evolve(plan, key=key_after(plan.key, between)) if between else None


def _after(time: float, newest: float | None) -> float:
    """Return a time that is later than that of the check before, made in the same tick."""
    if newest is not None and 0 <= newest - time < _TICK_S:
        return newest + _APART_S
    return time
