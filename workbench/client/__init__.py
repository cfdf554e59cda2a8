"""What a training script needs: a run to log to, and nothing that could harm it.

Standard library only, so that it installs into any training environment with
``--no-deps``. The rules of the room: bad input is an error at the call; trouble
with a disk or a share never is. Formats of files are `workbench.runfolder`'s.
"""

from workbench.client import carry as _carry  # noqa: F401 - makes runs fit to be sent
from workbench.client.active import active_run, define_metric, log_dataset
from workbench.client.run import Run
from workbench.client.start import start_run

__all__ = ["Run", "active_run", "define_metric", "log_dataset", "start_run"]
