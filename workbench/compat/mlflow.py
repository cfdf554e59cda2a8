"""MLflow's fluent calls, over the logging client.

Experiments are known by their name; their id is their name. A metric logged
without a step counts its own steps from 0, where MLflow puts every value at 0.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

from workbench.client import Run
from workbench.client import active_run as _native_active
from workbench.client import start_run as _native_start
from workbench.client.active import open_runs
from workbench.client.notice import tell_once
from workbench.clock import SYSTEM
from workbench.compat.missing import missing
from workbench.compat.values import any_param, any_params
from workbench.errors import UsageError
from workbench.runfolder import ARTIFACTS, FINISHED, RUNNING
from workbench.settings import FALLBACK, find_workspace

_NOTE = "mlflow.note.content"
_NAME = "mlflow.runName"
_state: dict[str, str] = {"experiment": "Default"}
_steps: dict[str, dict[str, int]] = {}
"""By run, the next step of each metric that is logged without one."""


class Experiment(NamedTuple):
    """An experiment, as `set_experiment` returns it."""

    experiment_id: str
    name: str


class RunInfo(NamedTuple):
    """What a run says about itself."""

    run_id: str
    run_name: str
    experiment_id: str
    status: str
    start_time: int
    """Milliseconds since 1970."""
    artifact_uri: str
    lifecycle_stage: str = "active"

    @property
    def run_uuid(self) -> str:
        """The id under its old name."""
        return self.run_id


class ActiveRun:
    """A run between `start_run` and `end_run`; a context manager."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._started = int(SYSTEM.now() * 1000)

    @property
    def info(self) -> RunInfo:
        """What the run says about itself."""
        run = self._run
        return RunInfo(
            run.id,
            run.name,
            run.experiment,
            FINISHED if run.ended else RUNNING,
            self._started,
            (run.folder / ARTIFACTS).as_uri(),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._run.__exit__(kind, error, trace)

    def __getattr__(self, name: str) -> Any:
        return missing("mlflow.ActiveRun", name)


# -- runs --------------------------------------------------------------------------------


def set_tracking_uri(uri: str | os.PathLike[str]) -> None:
    """Do nothing: runs go to the workspace."""
    del uri  # it may hold a password
    tell_once(
        "mlflow.set_tracking_uri",
        f"mlflow.set_tracking_uri does nothing here; runs go to {_workspace()}. "
        "Set WORKBENCH_WORKSPACE to choose another folder.",
    )


def get_tracking_uri() -> str:
    """Return the address of the workspace."""
    return _workspace().absolute().as_uri()


def _workspace() -> Path:
    return find_workspace(Path.cwd()) or Path.cwd() / FALLBACK


def set_experiment(
    experiment_name: str | None = None, experiment_id: str | None = None
) -> Experiment:
    """Choose the experiment of the runs to come."""
    name = experiment_name or experiment_id
    if not name:
        raise UsageError("set_experiment needs the name of an experiment.")
    _state["experiment"] = name
    return Experiment(name, name)


def create_experiment(name: str, *_: Any, **_options: Any) -> str:
    """Return the id of an experiment of that name; it is made by its first run."""
    return name


def start_run(
    run_id: str | None = None,
    experiment_id: str | None = None,
    run_name: str | None = None,
    nested: bool = False,
    parent_run_id: str | None = None,
    tags: Mapping[str, Any] | None = None,
    description: str | None = None,
    log_system_metrics: bool | None = None,
) -> ActiveRun:
    """Start a run, or resume one by its id."""
    run = _native_start(
        experiment_id or _state["experiment"],
        run_name,
        tags=_texts(tags or {}),
        note=description or "",
        nested=nested,
        parent=parent_run_id,
        run_id=run_id,
        system_metrics=log_system_metrics is not False,
    )
    return ActiveRun(run)


def active_run() -> ActiveRun | None:
    """Return the active run, or None."""
    run = _native_active()
    return None if run is None else ActiveRun(run)


def end_run(status: str = FINISHED) -> None:
    """End the active run, if there is one."""
    run = _native_active()
    if run is not None:
        run.finish(status)
        _steps.pop(run.id, None)


def _run(run_id: str | None = None) -> Run:
    """Return the run a call means: the one named, else the active one, else a new one."""
    if run_id is None:
        return _native_active() or start_run()._run  # noqa: SLF001 - our own
    for run in open_runs():
        if run.id == run_id:
            return run
    raise UsageError(
        f"Run {run_id} is not open here.", hint="Open it with mlflow.start_run(run_id=...)."
    )


def get_artifact_uri(artifact_path: str | None = None) -> str:
    """Return the address of the active run's artifacts, or of one of them."""
    return (_run().folder / ARTIFACTS / (artifact_path or "")).as_uri()


# -- params, metrics, tags ---------------------------------------------------------------


def log_param(key: str, value: Any, synchronous: bool | None = None) -> Any:
    """Log a param; what JSON does not have is kept as text."""
    del synchronous  # every line is written at once
    _run().log_params({key: any_param(key, value)})
    return value


def log_params(
    params: Mapping[str, Any], synchronous: bool | None = None, run_id: str | None = None
) -> None:
    """Log params."""
    del synchronous
    _run(run_id).log_params(any_params(params))


def log_metric(
    key: str,
    value: float,
    step: int | None = None,
    synchronous: bool | None = None,
    timestamp: int | None = None,
    run_id: str | None = None,
) -> None:
    """Log a metric; ``timestamp`` is in milliseconds since 1970."""
    log_metrics({key: value}, step, synchronous, run_id, timestamp)


def log_metrics(
    metrics: Mapping[str, float],
    step: int | None = None,
    synchronous: bool | None = None,
    run_id: str | None = None,
    timestamp: int | None = None,
) -> None:
    """Log metrics of one step; ``timestamp`` is in milliseconds since 1970."""
    del synchronous
    run = _run(run_id)
    time = None if timestamp is None else timestamp / 1000
    if step is not None:
        run.log(metrics, step=step, time=time)
        return
    counts = _steps.setdefault(run.id, {})
    for name, value in metrics.items():
        run.log({name: value}, step=counts.get(name, 0), time=time)
        counts[name] = counts.get(name, 0) + 1


def set_tag(key: str, value: Any, synchronous: bool | None = None) -> None:
    """Set a tag; the note and the name have tags of their own."""
    set_tags({key: value}, synchronous)


def set_tags(tags: Mapping[str, Any], synchronous: bool | None = None) -> None:
    """Set tags; the note and the name have tags of their own."""
    del synchronous
    run, texts = _run(), _texts(tags)
    if (note := texts.pop(_NOTE, None)) is not None:
        run.set_note(note)
    if (name := texts.pop(_NAME, None)) is not None:
        run.set_name(name)
    if texts:
        run.set_tags(texts)


def delete_tag(key: str) -> None:
    """Take a tag away."""
    _run().set_tags({key: None})


def _texts(tags: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in tags.items()}


# -- files -------------------------------------------------------------------------------


def log_artifact(
    local_path: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Copy a file or folder into the run, below ``artifact_path``."""
    _run(run_id).log_artifact(local_path, _below(artifact_path, Path(local_path).resolve().name))


def log_artifacts(
    local_dir: str | os.PathLike[str], artifact_path: str | None = None, run_id: str | None = None
) -> None:
    """Copy what is in a folder into the run, below ``artifact_path``."""
    run = _run(run_id)
    for path in sorted(Path(local_dir).iterdir()):
        run.log_artifact(path, _below(artifact_path, path.name))


def _below(folder: str | None, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}" if folder else name


def log_text(text: str, artifact_file: str, run_id: str | None = None) -> None:
    """Write text to a file of the run."""
    _run(run_id).log_bytes(text.encode("utf-8", "backslashreplace"), artifact_file)


def log_dict(dictionary: Any, artifact_file: str, run_id: str | None = None) -> None:
    """Write a dictionary to a file of the run, as JSON, which YAML readers read too."""
    text = json.dumps(dictionary, indent=2, default=str, ensure_ascii=False)
    log_text(text + "\n", artifact_file, run_id)


def log_figure(
    figure: Any, artifact_file: str, *, save_kwargs: Mapping[str, Any] | None = None
) -> None:
    """Write a Matplotlib figure, or a Plotly one as HTML, to a file of the run."""
    if hasattr(figure, "savefig"):
        import io  # noqa: PLC0415 - only with figures

        kind = Path(artifact_file).suffix.removeprefix(".") or "png"
        picture = io.BytesIO()
        figure.savefig(picture, **{"format": kind, **(save_kwargs or {})})
        _run().log_bytes(picture.getvalue(), artifact_file)
    elif hasattr(figure, "to_html"):
        log_text(figure.to_html(**(save_kwargs or {})), artifact_file)
    else:
        raise UsageError(f"A figure of {type(figure).__name__} cannot be written.")


# -- datasets ----------------------------------------------------------------------------


class Dataset(NamedTuple):
    """A table or path to be logged with `log_input`."""

    content: Any
    name: str | None
    source: Any = None


class data:  # noqa: N801 - the dialect's name of a module
    """What ``mlflow.data`` offers: a table and what it came from."""

    @staticmethod
    def from_pandas(df: Any, source: Any = None, name: str | None = None, **_: Any) -> Dataset:
        """Return a dataset of a pandas table."""
        return Dataset(df, name, source)

    from_polars = from_pandas
    from_numpy = from_pandas


def log_input(
    dataset: Dataset | None = None,
    context: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> None:
    """Record a dataset the run uses; ``context`` is its role."""
    del tags
    if not isinstance(dataset, Dataset):
        raise UsageError("log_input takes what mlflow.data.from_pandas and its kin return.")
    version = None if dataset.source is None else str(dataset.source)
    _run().log_dataset(dataset.content, dataset.name, context or "training", source=version)


def __getattr__(name: str) -> Any:
    """Say of any other call that it is not covered."""
    return missing("mlflow", name)
