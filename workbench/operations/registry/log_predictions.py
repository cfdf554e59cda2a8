"""Keeping what a model predicted, from a script or a notebook."""

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from workbench import opening
from workbench.client.active import active_run
from workbench.client.notice import tell
from workbench.clock import SYSTEM, Clock
from workbench.datasets import predictions
from workbench.datasets.prediction_rules import LABEL, PREDICTION, PROBABILITY, ROW_ID, SCORE, TIME
from workbench.datasets.predictions import EVALUATION, About
from workbench.datasets.segments import no_groups
from workbench.datasets.tables import table_of
from workbench.errors import FormatError, NotFoundError, UsageError
from workbench.operations.workspace import locate
from workbench.runfolder import UPDATES, WRITERS
from workbench.settings import is_workspace

if TYPE_CHECKING:
    import polars as pl

Data: TypeAlias = "str | tuple[str, Any] | Mapping[str, Any] | os.PathLike[str] | None"
_SCHEMA: Final = frozenset((ROW_ID, TIME, PREDICTION, SCORE, LABEL))
_LONGEST_UPDATES: Final = 64 << 20


class Logged(NamedTuple):
    """What was written."""

    path: Path
    about: About
    left_out: tuple[str, ...]
    """Columns that are neither of the schema nor named as segments."""


def log_predictions(
    frame: Any,
    *,
    model: str,
    dataset: Data = None,
    role: str = EVALUATION,
    segments: Sequence[str] = (),
    workspace: str | Path | None = None,
    run: str | None = None,
    clock: Clock = SYSTEM,
) -> Logged | None:
    """Keep a model's predictions as a file of the workspace; return what was written.

    Two versions that were evaluated on the same dataset version are compared row by row
    before a promotion. In a script with an active run nothing but wrong arguments raises: a
    drive that is away is told, and None is returned.

    Args:
        frame: A pandas, polars or Arrow table, or a path, with the columns ``row_id``,
            ``prediction`` and, where they are known, ``label``, ``time``, ``score`` and one
            ``probability_<class>`` a class. See docs/formats/predictions.md.
        model: ``"churn@3"``; in the script that trains it, ``"churn"``: the predictions then
            belong to the version that is registered from the run.
        dataset: What was predicted: what `log_dataset` returned; the name of a dataset the run
            logged; a path; or a pair of a name and a hash, a path or a table.
        role: ``"evaluation"`` or ``"production"``, where every row needs a ``time``.
        segments: Columns to keep for looking at groups of rows; other columns are left out.
        workspace: Default that of the active run, else the one near.
        run: The run that made the predictions; default the active one.
        clock: The time.

    Raises:
        UsageError: The table, the dataset or the model's name do not fit.
        NotFoundError: There is no workspace, no such version of a model that is there, or no file
            at a path.
    """
    active = active_run()
    root = _root(workspace, active.workspace if active else None)
    run_id = run or (active.id if active else None)
    name, version = _model(root, model, run_id)
    rows, left_out = _columns(predictions.normal(table_of(frame)), segments)
    folder = active.folder if active is not None and active.id == run_id else None
    about = About(
        name, version, *_dataset(dataset, role, root, folder), role, run_id, clock.now(),
        tuple(segments), len(rows),
    )  # fmt: skip
    try:
        return Logged(predictions.write(root, about, rows), about, left_out)
    except OSError as error:
        if active is None:
            raise
        tell(f"predictions of {name} were not kept: {error.strerror or error}")
        return None


def _root(workspace: str | Path | None, of_run: Path | None) -> Path:
    if workspace is None and of_run is not None:
        return of_run
    root = locate(None if workspace is None else Path(workspace)).expanduser().resolve()
    if not is_workspace(root):
        raise NotFoundError(
            f"{root} is not a workspace.", hint=f"Make it one: workbench init {root}"
        )
    return root


def _model(root: Path, text: str, run: str | None) -> tuple[str, int | None]:
    """Return the name of a model and the version meant, None while it has no number yet."""
    from workbench.operations.registry import names  # noqa: PLC0415 - after what costs nothing
    from workbench.operations.registry.rooted import Here  # noqa: PLC0415

    ref = names.parse(text)
    if ref.version is not None:
        _see_that_it_is_there(root, ref.model, ref.version)
        return ref.model, ref.version
    if ref.stage is not None:
        return ref.model, names.resolve(Here(root), ref)[1].number
    if run is None:
        raise UsageError(
            f"{text!r} does not say which version predicted.", hint=f"Say model='{text}@3'."
        )
    return ref.model, None


def _see_that_it_is_there(root: Path, model: str, version: int) -> None:
    """Do nothing if a model has this version, or is none of this workspace.

    Raises:
        NotFoundError: There is the model, and no such version of it.
    """
    from workbench.operations.registry.opening_journal import version_of  # noqa: PLC0415 - as above
    from workbench.registry.folding import fold  # noqa: PLC0415
    from workbench.registry.journal import FolderJournal  # noqa: PLC0415

    with suppress(OSError):  # told where the file is written
        known = fold(model, FolderJournal(root, model).read())
        if known.versions and known.unreadable is None:
            version_of(known, version)


def _columns(
    frame: "pl.DataFrame", segments: Sequence[str]
) -> tuple["pl.DataFrame", tuple[str, ...]]:
    if isinstance(segments, str):
        raise UsageError("Segments are a list of columns.", hint=f"Say segments=[{segments!r}].")
    for name in segments:
        if name not in frame.columns:
            raise UsageError(f"There is no column {name!r} to be a segment.")
        fault = no_groups(frame[name])
        if fault:
            raise UsageError(fault, hint="Make groups of it first.")
    kept = [
        name
        for name in frame.columns
        if name in _SCHEMA or name in segments or name.startswith(PROBABILITY)
    ]
    return frame.select(kept), tuple(name for name in frame.columns if name not in kept)


# -- which dataset -----------------------------------------------------------------------


def _dataset(dataset: Data, role: str, root: Path, run: Path | None) -> tuple[str, str]:
    """Return name and hash of the dataset version that was predicted."""
    if dataset is None:
        if role == EVALUATION:
            raise UsageError(
                "An evaluation needs its dataset.",
                hint="Say dataset='census' for one the run logged, or dataset=('census', path).",
            )
        return "", ""
    if isinstance(dataset, Mapping):
        return _named(dataset.get("name"), dataset.get("hash"))
    if isinstance(dataset, tuple):
        name, data = dataset
        if isinstance(data, str) and data.startswith("sha256:"):
            return _named(name, data)
        return _described(data, name, root)
    if isinstance(dataset, os.PathLike):
        return _described(dataset, None, root)
    return _named(dataset, _hash_in(run, dataset))


def _described(data: Any, name: str | None, root: Path) -> tuple[str, str]:
    from workbench.client.datasets import describe  # noqa: PLC0415 - not always used

    facts = describe(data, name, EVALUATION, root)
    return _named(facts["name"], facts["hash"])


def _named(name: Any, hash_: Any) -> tuple[str, str]:
    if not isinstance(name, str) or not name:
        raise UsageError("A dataset needs a name.")
    if not isinstance(hash_, str) or not hash_:
        raise UsageError(
            f"Nothing says which version of dataset {name!r} was predicted.",
            hint=f"Log it with run.log_dataset first, or say dataset=({name!r}, path or table).",
        )
    return name, hash_


def _hash_in(run: Path | None, name: str) -> str | None:
    """Return the hash the run recorded last of a dataset of that name."""
    found = None
    for facts in _logged_datasets(run) if run is not None else ():
        if facts.get("name") == name and facts.get("hash"):
            found = str(facts["hash"])
    return found


def _logged_datasets(run: Path) -> Iterable[Mapping[str, Any]]:
    for path in sorted((run / WRITERS).glob(f"*/{UPDATES}")):
        try:
            lines = opening.read_small(os.fspath(path), _LONGEST_UPDATES).splitlines()
        except (OSError, FormatError):
            continue
        for line in lines:
            if b'"dataset"' in line:
                try:
                    said = json.loads(line)
                except ValueError:
                    continue  # a torn line
                if isinstance(said, dict) and said.get("kind") == "dataset":
                    yield said
