"""The card of any run as the files of a run folder."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from workbench.client.checks import whole_text
from workbench.formats.contract import Artifact, Dataset, Rule, RunCard
from workbench.operations.importing import fitting
from workbench.operations.importing.values import Lost
from workbench.runfolder import (
    ENDS,
    FORMAT,
    LAST_WORDS,
    RUNNING,
    UNKNOWN,
    Summary,
    encode_line,
    encode_summary,
)


class Fitted(NamedTuple):
    """A card whose every name and value a run folder can hold."""

    card: RunCard
    metric_names: Mapping[str, str]
    """New names of metrics that could not keep theirs."""
    lost: tuple[Lost, ...]


def fitted(card: RunCard) -> Fitted:
    """Return a card as a run folder can hold it, and what had to be changed for it."""
    changed: dict[str, dict[str, str]] = {"param": {}, "tag": {}, "metric": {}}
    params, spelled = fitting.values(fitting.named(card.params, "param", changed["param"]))
    tags = fitting.texts(fitting.named(card.tags, "tag", changed["tag"]))
    metrics = fitting.named(card.metrics, "metric", changed["metric"])
    there = {old: new for new, old in changed["metric"].items()}
    rules = {there.get(name, name): rule for name, rule in card.rules.items()}
    facts, unkept = fitting.values(card.facts)
    renamed = {f"imported.{what}_names": names for what, names in changed.items() if names}
    fit = replace(
        card,
        name=fitting.fit_name(card.name, "run", card.run_id or "run"),
        experiment=fitting.fit_name(card.experiment, "experiment", "default"),
        group=fitting.fit_name(card.group, "group", "") or None if card.group else None,
        params=params, tags=tags, metrics=metrics, rules=rules, facts={**facts, **renamed},
        note=whole_text(card.note), error=tuple(map(whole_text, card.error)),
    )  # fmt: skip
    lost = [
        Lost("names changed", f"{what} {old!r} is {new!r}")
        for what, names in changed.items()
        for new, old in names.items()
    ]
    lost += [Lost("values kept as text", name) for name in (*spelled, *unkept)]
    lost += [
        Lost("unreadable", ": ".join(filter(None, (one.path, one.reason)))) for one in card.faults
    ]
    return Fitted(fit, there, tuple(lost))


def status_of(card: RunCard) -> tuple[str, bool]:
    """Return what the copy says of the end, and whether that is a conclusion.

    A copy never runs: what was running at the source has an end nobody knows here.
    """
    if card.status in ENDS:
        return card.status, card.inferred
    if card.status == RUNNING or card.status not in LAST_WORDS:
        return UNKNOWN, True
    return card.status, True


def start_card(card: RunCard, parent: str | None) -> bytes:
    """Return ``run.json``."""
    fields: dict[str, Any] = {
        "format": FORMAT, "id": card.run_id, "name": card.name, "experiment": card.experiment,
        "started": card.started, "group": card.group, "parent": parent,
        "params": card.params, "tags": card.tags, "note": card.note,
    }  # fmt: skip
    return encode_line(fields)


def updates(card: RunCard) -> bytes:
    """Return ``updates.jsonl``: the same that the end card adds up, for when that is lost."""
    time = card.started or card.ended or 0.0
    said: list[dict[str, Any]] = [{"kind": "params", "params": card.params}]
    said.append({"kind": "tags", "tags": card.tags})
    if card.note:
        said.append({"kind": "note", "note": card.note})
    said += [{"kind": "rule", "metric": name, **_rule(one)} for name, one in card.rules.items()]
    said += [{"kind": "artifact", "path": one.path, "size": one.size} for one in card.artifacts]
    said += [{"kind": "dataset", **_dataset(one)} for one in card.datasets]
    said.append({"kind": "fact", "facts": card.facts})
    return b"".join(encode_line({"time": time, **line}) for line in said)


def end_card(card: RunCard, metrics: Mapping[str, Summary], sizes: tuple[int, int]) -> bytes:
    """Return ``final.json``.

    Args:
        card: The run, fitted, with the artifacts that came along.
        metrics: The summaries to show.
        sizes: Bytes of the lines of metrics and of updates.
    """
    status, inferred = status_of(card)
    fields: dict[str, Any] = {
        "format": FORMAT, "status": status, "inferred": inferred, "started": card.started,
        "ended": card.ended, "error": list(card.error),
        "metrics": {name: encode_summary(one) for name, one in metrics.items()},
        "params": card.params, "tags": card.tags, "note": card.note or None, "name": None,
        "rules": {name: _rule(one) for name, one in card.rules.items()},
        "artifacts": [list(one) for one in card.artifacts],
        "datasets": [_dataset(one) for one in card.datasets], "facts": card.facts,
        "bytes": {"metrics": sizes[0], "updates": sizes[1]},
    }  # fmt: skip
    return encode_line(fields)


def with_artifacts(card: RunCard, artifacts: list[Artifact]) -> RunCard:
    """Return the card with the artifacts that came along."""
    return replace(card, artifacts=tuple(sorted(artifacts)))


def _rule(rule: Rule) -> dict[str, Any]:
    return rule._asdict()


def _dataset(one: Dataset) -> dict[str, Any]:
    return {**one._asdict(), "columns": [list(column) for column in one.columns] or None}
