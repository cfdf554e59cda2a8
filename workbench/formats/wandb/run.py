"""The card of a wandb run: what its log tells, and the files beside it."""

import json
import os
from collections.abc import Mapping
from typing import Any

from workbench.errors import FormatError
from workbench.formats import plain_config, signs
from workbench.formats.artifacts import MOST_ARTIFACTS, files_below
from workbench.formats.contract import Artifact, Dataset, Fault, Reading, Rule, RunCard
from workbench.formats.points import closed, opened, summarise
from workbench.formats.wandb import places, story
from workbench.formats.wandb.facts import add_metadata, error_in, facts_of
from workbench.formats.wandb.left import left_behind
from workbench.formats.wandb.log import Batch, read_log
from workbench.formats.wandb.places import shown
from workbench.formats.wandb.story import Story
from workbench.formats.wandb.telling import Telling
from workbench.runfolder import FAILED, FINISHED, RUNNING, STALE, Summary

QUIET = 3600.0
"""Seconds without a change after which a run without an end is lost; wandb buffers 32 KiB."""
QUIET_EMPTY = 600.0
"""The same for a log without a record: a run that died as it began leaves nothing else."""
_SMALL = 1 << 20
"""Bytes of the log of a run that ended which are sooner read again than remembered."""
BUFFERED = "wandb buffers 32 KiB before it writes: the newest steps may not be there yet"
NO_PROJECT = "uncategorized"
"""What wandb itself calls the project of a run that has none."""


def read_run(folder: str, key: str, logs: list[str], progress: bytes, now: float) -> Reading:
    """Return the run in ``folder``; see `contract.FolderReader.read`.

    Args:
        folder: Where it is.
        key: What it is called in faults.
        logs: The names of logs in it, the run's own first; there may be none.
        progress: What the last reading returned.
        now: The time on the file system.
    """
    faults: list[Fault] = []
    if not logs:
        return Reading(_card_without_log(folder, key, now, faults), b"")
    log, *others = logs
    if others:
        faults.append(Fault(key, f"holds {len(logs)} logs; only {log} is read, a run is a folder"))
    path = f"{folder}/{log}"
    told = story.opened(progress)
    try:
        told, last = followed(path, told)
    except FormatError as problem:
        faults.append(Fault(shown(key, log), f"cannot be read: {problem}"))
        last = None
    _complaints(told, last, shown(key, log), faults)
    card = _card(folder, key, log, told, last, now, faults)
    done = told.exit is not None and told.place.offset < _SMALL
    return Reading(card, b"" if done else story.closed(told))


def followed(path: str, told: Story) -> tuple[Story, Batch]:
    """Let a story go on to the end of its log, summaries and all.

    Raises:
        FormatError: It is no log of wandb's.
        OSError: It cannot be read.
    """
    telling = Telling(told)
    while True:
        batch = read_log(path, telling.story.place)
        if batch.restarted:
            telling = Telling(Story())
        telling.go_on(batch)
        _summarise(telling)
        if not batch.more:
            return telling.story, batch


def _summarise(telling: Telling) -> None:
    """Let the summaries grow by the points that are new."""
    notes = telling.story.metrics
    for name, column in telling.taken():
        summary = summarise(column.values, column.steps)
        notes[name] = closed(opened(notes[name]).join(summary) if name in notes else summary)


def _complaints(told: Story, last: Batch | None, path: str, faults: list[Fault]) -> None:
    wrong = list(told.wrong)
    if last is not None and last.held is not None:
        wrong.append(last.held)
    faults += [Fault(path, f"is damaged at byte {at:,}: what is there {why}") for at, why in wrong]
    more = told.wrong_count - len(told.wrong)
    if more:
        faults.append(Fault(path, f"is damaged in {more:,} more places"))
    if told.left_out:
        reason = f"has more than {story.MOST_NAMES:,} metrics; the others are left out"
        faults.append(Fault(path, reason))


def _card(
    folder: str, key: str, log: str, told: Story, last: Batch | None, now: float,
    faults: list[Fault],
) -> RunCard:  # fmt: skip
    run = told.run
    metrics = {name: opened(notes) for name, notes in told.metrics.items()}
    name = places.run_id(log, os.path.basename(folder))  # noqa: PTH119 - strings all along
    changed = signs.changed_at(f"{folder}/{path}" for path in (log, *places.SIGNS_OF_LIFE))
    status, inferred = _status(told, changed, now)
    facts = facts_of(folder, key, told, metrics, faults)
    if last is not None and last.torn:
        facts["torn_tail"] = True
    if told.exit is None:
        facts["live"] = BUFFERED
    started = run.get("started")
    if started is None:
        started, facts["times"] = _started_outside(folder, log)
    return RunCard(
        run_id=name or run.get("id", ""),
        name=run.get("name") or name or key,
        experiment=run.get("project") or NO_PROJECT,
        status=status,
        inferred=inferred,
        group=run.get("group") or None,
        started=started,
        ended=_ended(told),
        params=_params(told, shown(key, log), faults),
        tags=_tags(run),
        note=run.get("notes", ""),
        metrics=metrics,
        rules=_rules(told, metrics),
        artifacts=artifacts_of(folder, key, faults),
        datasets=_datasets(told),
        facts=facts,
        error=error_in(folder) if status == FAILED else (),
        faults=tuple(faults),
    )


def _card_without_log(folder: str, key: str, now: float, faults: list[Fault]) -> RunCard:
    """Return what an online run left in files, where its log is gone."""
    left = left_behind(folder, key, faults)
    name = places.run_id("", os.path.basename(folder))  # noqa: PTH119
    changed = signs.changed_at(f"{folder}/{path}" for path in (places.CONFIG, places.SUMMARY))
    started, times = _started_outside(folder, places.CONFIG)
    facts: dict[str, Any] = {"times": times}
    add_metadata(folder, key, facts, faults)
    return RunCard(
        run_id=name,
        name=name or key,
        experiment=NO_PROJECT,
        status=signs.status_by(changed, now, QUIET),
        inferred=True,
        started=started,
        params=left.params,
        metrics={name: Summary.of(value, None) for name, value in left.values.items()},
        artifacts=artifacts_of(folder, key, faults),
        facts=facts,
        faults=tuple(faults),
    )


def _status(told: Story, changed: float, now: float) -> tuple[str, bool]:
    """Return the status, and whether it is a conclusion: only an end is ever said."""
    if told.exit is not None:
        return (FINISHED if told.exit == 0 else FAILED), False
    patience = QUIET if told.kinds else QUIET_EMPTY
    return (RUNNING if now - changed < patience else STALE), True


def _started_outside(folder: str, name: str) -> tuple[float | None, str]:
    """Return the start of a run that tells none, and what told it; a copy has other dates."""
    named = places.started_at(os.path.basename(folder))  # noqa: PTH119
    if named is not None:
        return named, "the folder's name"
    return signs.changed_at([f"{folder}/{name}"]) or None, "the files' dates"


def _ended(told: Story) -> float | None:
    """Return the last time in the log of a run that ended; the end itself has none."""
    if told.exit is None:
        return None
    if told.last_time is not None:
        return told.last_time
    started, lasted = told.run.get("started"), told.run.get("runtime")
    return None if started is None or lasted is None else started + lasted


def _params(told: Story, path: str, faults: list[Fault]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in told.config.items():
        try:
            found[name] = json.loads(value)
        except (ValueError, RecursionError):
            faults.append(Fault(path, f"has a param {name[:80]!r} that does not decode"))
    try:
        return plain_config.flat(found)
    except FormatError as problem:
        faults.append(Fault(path, f"has params that cannot be shown: {problem}"))
        return {}


def _tags(run: Mapping[str, Any]) -> dict[str, str]:
    """Return wandb's list of words as tags, and the kind of job as one more."""
    tags = dict.fromkeys(run.get("tags", ()), "true")
    if run.get("job_type"):
        tags["job_type"] = run["job_type"]
    return tags


def _rules(told: Story, metrics: Mapping[str, Summary]) -> dict[str, Rule]:
    """Return rules by metric; of a name that ends with ``*`` one for each that it means."""
    found: dict[str, Rule] = {}
    for name, said in told.rules.items():
        if not name.endswith("*"):
            found[name] = Rule(**said)
            continue
        for metric in metrics:
            if metric.startswith(name[:-1]) and metric not in told.rules:
                found[metric] = Rule(**said)
    return found


def _datasets(told: Story) -> tuple[Dataset, ...]:
    both = ((told.used, "input"), (told.made, "output"))
    return tuple(
        Dataset(name, role)
        for artifacts, role in both
        for name, kind in artifacts.items()
        if kind == "dataset"
    )


def artifacts_of(folder: str, key: str, faults: list[Fault]) -> tuple[Artifact, ...]:
    """Return the run's files as paths below its folder."""
    found: list[Artifact] = []
    if not places.has_files(folder):
        return ()
    for artifact in files_below(f"{folder}/{places.FILES}", f"{places.FILES}/"):
        if len(found) == MOST_ARTIFACTS:
            reason = f"holds more than {MOST_ARTIFACTS:,} files; the first are listed"
            faults.append(Fault(shown(key, places.FILES), reason))
            break
        found.append(artifact)
    return tuple(found)
