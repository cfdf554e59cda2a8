"""Tables that the reader of some tool reads, so that the one for plain folders leaves them.

Otherwise a run would have such a metric twice, once by another name.
"""

from workbench.formats.contract import Folder
from workbench.formats.dvclive import LATEST, PLOTS
from workbench.formats.dvclive_series import is_series
from workbench.formats.keras import is_log
from workbench.formats.lightning import TABLE as LIGHTNING_TABLE
from workbench.formats.lightning import is_version
from workbench.formats.ultralytics import PARAMS as ULTRALYTICS_PARAMS
from workbench.formats.ultralytics import TABLE as ULTRALYTICS_TABLE


def is_owned(folder: Folder, name: str) -> bool:
    """Say whether a file in ``folder`` is a table that some tool's own reader reads."""
    if name == LIGHTNING_TABLE and is_version(folder):
        return True
    if name == ULTRALYTICS_TABLE and ULTRALYTICS_PARAMS in folder.files:
        return True
    if name == LATEST and PLOTS in folder.folders:
        return True
    if is_series(f"{folder.path}/{name}"):
        return True
    return is_log(f"{folder.path}/{name}")
