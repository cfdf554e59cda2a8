"""Running a run again, in a child process, and comparing the two afterwards.

The only place that starts what a workspace names. It starts nothing by itself: whoever
calls has shown the command to a person and had it confirmed.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workbench.catalogue.cards import RunRecord
from workbench.errors import NotAllowedError, NotFoundError
from workbench.filters.tree import Compare, Field, Text
from workbench.operations import listing, runs_table
from workbench.operations.repository import Repository, look
from workbench.operations.reproduce import Plan
from workbench.operations.session import Session
from workbench.runfolder import FINISHED, REPRODUCES, REPRODUCES_VARIABLE
from workbench.runs.repeated import Repeated, repeated
from workbench.settings import VARIABLE


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the repetition went."""

    exit_code: int
    again: RunRecord | None
    """The run it logged; None when it logged none."""
    metrics: tuple[Repeated, ...]

    @property
    def reproduced(self) -> bool:
        """Say whether it ended well and every metric that decides came out the same."""
        ended = self.exit_code == 0 and self.again is not None and self.again.status == FINISHED
        return ended and bool(self.metrics) and all(one.holds for one in self.metrics)


@contextmanager
def checked_out(session: Session, of: Plan) -> Iterator[Path]:
    """Yield a folder with the run's source as it was, uncommitted changes included.

    Raises:
        NotAllowedError: No repository at hand has it, git cannot check it out, or the changes
            do not fit.
    """
    repository, commit = repository_of(session, of), of.record.commit or ""
    tree = session.cache / "again" / of.record.run_id
    shutil.rmtree(tree, ignore_errors=True)
    tree.parent.mkdir(parents=True, exist_ok=True)
    try:
        repository.worktree_add(tree, commit)
        if of.patch is not None:
            repository.apply(tree, of.patch)
        yield tree
    finally:
        repository.worktree_remove(tree)


def command_line(of: Plan, python: str = "") -> tuple[str, ...]:
    """Return what is really started: the command with the interpreter it is to have here."""
    return (python or sys.executable, *of.command[1:])


def run_again(session: Session, of: Plan, folder: Path, *, python: str = "") -> int:
    """Run the command in a folder and return its exit code; what it prints goes to stderr.

    Args:
        session: Where it logs.
        of: What to run.
        folder: The folder to start it in.
        python: The interpreter; default the one that runs this program.

    Raises:
        NotFoundError: There is no such folder or interpreter.
    """
    command = command_line(of, python)
    surroundings = {
        **os.environ,
        VARIABLE: str(session.root),
        REPRODUCES_VARIABLE: of.record.run_id,
    }
    sys.stderr.flush()
    try:
        child = subprocess.Popen(  # noqa: S603 - shown to a person and confirmed by typing
            command, cwd=folder, env=surroundings, stdin=subprocess.DEVNULL, stdout=sys.stderr
        )
    except OSError as error:
        raise NotFoundError(
            f"{command[0]} cannot be started in {folder}: {error.strerror or error}.",
            hint="Name the interpreter with --python.",
        ) from None
    return _waited_for(child)


def _waited_for(child: "subprocess.Popen[bytes]") -> int:
    """Wait for the child; Ctrl-C goes to it as well, and it may end in its own way."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return child.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def outcome(session: Session, of: Plan, exit_code: int, since: float) -> Outcome:
    """Return what the repetition logged, against the run it repeats.

    Args:
        session: Where both are.
        of: What was run again.
        exit_code: How it ended.
        since: When it was started, in seconds since 1970.
    """
    session.sweep()
    again = _logged(session, of.record, since)
    metrics = deciding(session, of.record)
    then = {name: one.last for name, one in of.record.metrics.items()}
    now = {name: one.last for name, one in again.metrics.items()} if again else {}
    return Outcome(exit_code, again, repeated(metrics, then, now, session.settings.tolerances))


def deciding(session: Session, record: RunRecord) -> tuple[str, ...]:
    """Return the metrics that decide: those somebody gave a direction or tolerance, else all.

    What was measured of the machine never decides.
    """
    own = [name for name in record.metrics if not name.startswith("system/")]
    settings = session.settings
    said = {name for name, rule in record.rules.items() if rule.goal}
    said |= settings.goals.keys() | settings.tolerances.keys()
    return tuple(name for name in own if name in said) or tuple(own)


def _logged(session: Session, record: RunRecord, since: float) -> RunRecord | None:
    """Return the run the repetition logged: of several the one with the same params."""
    if REPRODUCES not in runs_table.names(session).tags:
        return None
    tree = Compare(Field("tag", REPRODUCES), "=", Text(record.run_id))
    query = runs_table.RunQuery(filter=tree)
    new = [one for one in listing.listed(session, query) if (one.started or 0) >= since - 1]
    same = [one for one in new if one.params == record.params]
    alike = [one for one in same or new if one.name == record.name]
    return next(iter(alike or same or reversed(new)), None)


def repository_of(session: Session, of: Plan) -> Repository:
    """Return the repository at hand that holds the run's commit.

    Raises:
        NotAllowedError: There is none; says why.
    """
    found = look(session, [of.record.commit or ""])
    if found.repository is None:
        raise NotAllowedError(
            found.said,
            hint="Change into a clone that has it, or use --here in a folder with its source.",
        )
    return found.repository
