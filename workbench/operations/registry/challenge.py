"""The check ``prediction``: a version against the champion, on the same rows.

Prediction files are looked up by what they say of themselves: the model, the version (or the
run a version was registered from), the dataset and its hash. Of several the newest counts.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from workbench import words
from workbench.datasets import predictions
from workbench.datasets.challenge import Outcome as Verdicted
from workbench.datasets.challenge import Verdict, compare
from workbench.datasets.predictions import EVALUATION, PRODUCTION, About, Predictions
from workbench.errors import FormatError
from workbench.operations.registry.rooted import Rooted
from workbench.registry.checks import Check, Outcome, Result
from workbench.registry.state import Version

_OUTCOMES: Final[Mapping[Verdicted, Outcome]] = {
    "better": "holds",
    "not worse": "holds",
    "worse": "fails",
    "cannot tell": "undecided",
}
_SHOWN_OF_HASH: Final = 12


class Kept(NamedTuple):
    """A prediction file that says what it is; its rows are not read yet."""

    path: Path
    about: About


def challenge(
    session: Rooted, model: str, version: Version, champion: Version | None, check: Check
) -> Result:
    """Return what comes out of comparing a version with the champion, row by row.

    Args:
        session: Where.
        model: Whose versions.
        version: The challenger.
        champion: What holds the stage; None while it is empty.
        check: Of the kind ``prediction``, with ``dataset``, ``metric``, ``margin``,
            ``segments`` and ``positive``.

    Raises:
        UsageError: The metric is none, or the files cannot be compared.
        FormatError: The newest file of one of them cannot be read.
    """
    required = _required(check)
    if champion is None:
        return Result(check, "not applicable", "no champion yet", required)
    if champion.number == version.number:
        return Result(check, "not applicable", "it is the champion itself", required)
    dataset = str(check.options["dataset"])
    files, unread = _files(session.root, model)
    sides = [_by_hash(files, one, dataset) for one in (champion, version)]
    common = [file.about for hash_, file in sides[1].items() if hash_ in sides[0]]
    if not common:
        why = _missing(model, (champion, version), sides, dataset)
        return Result(check, "undecided", "", required, " ".join((why, *unread)))
    newest = max(common, key=lambda about: about.time).dataset_hash
    verdict = compare(
        _read(sides[0][newest]),
        _read(sides[1][newest]),
        metric=str(check.options["metric"]),
        margin=float(check.options.get("margin", 0.0)),
        segments=tuple(check.options.get("segments") or ()) or None,
        positive=str(check.options.get("positive", "")),
    )
    return _result(check, verdict, required, unread)


def _required(check: Check) -> str:
    margin = float(check.options.get("margin", 0.0))
    return f"not worse by more than {words.number(margin)}" if margin else "not worse"


def _result(check: Check, verdict: Verdict, required: str, unread: tuple[str, ...]) -> Result:
    outcome = _OUTCOMES[verdict.verdict]
    said = verdict.notes if outcome == "holds" else verdict.sentence
    sentence = " ".join(part for part in (said, *unread) if part)
    return Result(check, outcome, f"{verdict.verdict}: {verdict.numbers}", required, sentence)


# -- finding files -----------------------------------------------------------------------


def _files(root: Path, model: str) -> tuple[tuple[Kept, ...], tuple[str, ...]]:
    """Return a model's evaluation files, and a sentence for each that cannot be read."""
    found, unread = [], []
    for path in predictions.files(root, model):
        if path.name.endswith(f".{PRODUCTION}.parquet"):
            continue  # said by its name: there may be thousands of them
        try:
            about = predictions.read_about(path)
        except FormatError as error:
            unread.append(f"{words.visible(path.name)} does not count. {error.message}")
            continue
        if about.role == EVALUATION and about.model == model:
            found.append(Kept(path, about))
    return tuple(found), tuple(unread)


def _by_hash(files: Iterable[Kept], version: Version, dataset: str) -> dict[str, Kept]:
    """Return the newest file of a version for each state of a dataset."""
    run = version.event.details.get("run")
    run_id = run.get("id") if isinstance(run, Mapping) else None
    mine = [
        file
        for file in files
        if file.about.dataset == dataset
        and file.about.dataset_hash
        and (
            file.about.version == version.number
            or (file.about.version is None and run_id is not None and file.about.run == run_id)
        )
    ]
    ordered = sorted(mine, key=lambda file: (file.about.time, file.path.name))
    return {file.about.dataset_hash: file for file in ordered}


def _missing(
    model: str, versions: tuple[Version, Version], sides: list[dict[str, Kept]], dataset: str
) -> str:
    """Return what to run where the two have no evaluation in common."""
    name = words.visible(dataset)
    without = [
        f"{model}@{version.number}"
        for version, side in zip(versions, sides, strict=True)
        if not side
    ]
    if not without:
        hashes = [max(side.values(), key=lambda file: file.about.time).about for side in sides]
        seen = " and ".join(
            f"{model}@{version.number} on {_short(about.dataset_hash)}"
            for version, about in zip(versions, hashes, strict=True)
        )
        return (
            f"The two were evaluated on different states of {name}: {seen}. "
            f"Evaluate {model}@{versions[0].number} on the newer one: "
            f"{_call(model, versions[0], dataset)}"
        )
    lacking = versions[0] if not sides[0] else versions[1]
    return (
        f"There are no predictions of {' and '.join(without)} for dataset {name}. "
        f"Keep them: {_call(model, lacking, dataset)}"
    )


def _call(model: str, version: Version, dataset: str) -> str:
    return (
        f"workbench.log_predictions(frame, model={f'{model}@{version.number}'!r}, "
        f"dataset=({words.visible(dataset)!r}, data))"
    )


def _short(hash_: str) -> str:
    return words.visible(hash_.removeprefix("sha256:")[:_SHOWN_OF_HASH])


def _read(file: Kept) -> Predictions:
    try:
        return predictions.read(file.path)
    except FormatError as error:
        raise FormatError(
            f"{words.visible(file.path.name)} cannot be read. {error.message}"
        ) from None
