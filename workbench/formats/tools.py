"""The readers of other tools' runs, what counts most first.

Apart from `detect` because loading them all takes a tenth of a second, which a workspace
that follows nobody need not wait for.
"""

from workbench.formats.contract import FolderReader, StoreReader
from workbench.formats.dvclive.reader import DvcliveReader
from workbench.formats.guild import GuildReader
from workbench.formats.kept import KeptReader
from workbench.formats.mlflow.database import MlflowDatabaseReader
from workbench.formats.mlflow.files import MlflowFilesReader
from workbench.formats.offline.clearml import ClearMLReader
from workbench.formats.offline.comet import CometReader
from workbench.formats.offline.neptune import NeptuneOfflineReader
from workbench.formats.offline.neptune_export import NeptuneExportReader
from workbench.formats.optuna.database import OptunaDatabaseReader
from workbench.formats.optuna.journal import OptunaJournalReader
from workbench.formats.sacred.reader import SacredReader
from workbench.formats.sklearn_search import SklearnSearchReader
from workbench.formats.tensorboard.reader import TensorboardReader
from workbench.formats.trackio.reader import TrackioReader
from workbench.formats.trainers.boosting import BoostingReader
from workbench.formats.trainers.huggingface import HuggingFaceReader
from workbench.formats.trainers.hydra import HydraReader
from workbench.formats.trainers.keras import KerasReader
from workbench.formats.trainers.lightning import LightningReader
from workbench.formats.trainers.ultralytics import UltralyticsReader
from workbench.formats.wandb.reader import WandbReader

STORES: tuple[StoreReader, ...] = (
    MlflowDatabaseReader(),
    MlflowFilesReader(),
    KeptReader(),
    OptunaDatabaseReader(),
    OptunaJournalReader(),
    TrackioReader(),
    SklearnSearchReader(),
    CometReader(),
    ClearMLReader(),
    NeptuneOfflineReader(),
    NeptuneExportReader(),
)
"""Readers of stores; where two see one, it is the first one's. A tool's database comes before
its files: what is in both is listed from the database."""
FOLDERS: tuple[FolderReader, ...] = (
    WandbReader(),
    GuildReader(),
    DvcliveReader(),
    HydraReader(),
    HuggingFaceReader(),
    LightningReader(),
    UltralyticsReader(),
    TensorboardReader(),
    KerasReader(),
    BoostingReader(),
    SacredReader(),
)
"""Readers of folders, most specific first: the first one's word counts most."""
