"""A run on its way into another process.

A pickled run is its id and its place, nothing that is open. Registered from
outside, because what makes runs knows `Run`, and `Run` must not know it.
"""

import copyreg
from typing import Any

from workbench.client import active
from workbench.client.keeper import Keeper, Origin
from workbench.client.run import Run


def attach(origin: Origin, experiment: str, name: str, started: float, next_step: int) -> Run:
    """Return the run a pickled one stands for, to go on with in this process.

    It takes its writer with the first line it logs.
    """
    for run in active.open_runs():
        if run.id == origin.run_id:
            return run
    run = Run(Keeper(origin, fresh=False, helps=started), name, experiment)
    run.go_on_after(next_step - 1)
    active.adopt(run)
    run.accompany(capture=False, console=False, system_metrics=False)
    return run


def _reduce(run: Run) -> tuple[Any, ...]:
    return attach, run.carried()


copyreg.pickle(Run, _reduce)
