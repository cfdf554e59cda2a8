"""``imported.json``: what a copied run says of where it is from."""

import json
import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from workbench.errors import FormatError
from workbench.formats.contract import RunCard
from workbench.opening import read_small
from workbench.operations.disk import folders_of
from workbench.operations.importing.values import Lost, Origin
from workbench.runfolder import FORMAT, RUNS, encode_number

CARD: Final = "imported.json"


def read(folder: Path) -> Origin | None:
    """Return what a copied run says; None of a run that was not copied, or says no sense."""
    try:
        fields = json.loads(read_small(os.fspath(folder / CARD)))
        return Origin(
            str(fields["from"]), str(fields["id"]), str(fields["path"]), int(fields["stamp"]),
            str(fields["digest"]), fields["parent"], bool(fields["linked"]),
            {name: (int(count), first) for name, (count, first) in fields["marks"].items()},
            dict(fields["files"]), tuple(Lost(*one) for one in fields["lost"]),
        )  # fmt: skip
    except (OSError, FormatError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def written(origin: Origin, now: float) -> bytes:
    """Return the file."""
    fields = {"format": FORMAT, "time": now, **origin._asdict()}
    fields["from"] = fields.pop("source")
    text = json.dumps(fields, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace")


def digest_of(card: RunCard) -> str:
    """Return a hash of all a card says but its faults: equal means that nothing changed."""
    said: list[object] = [
        card.run_id, card.name, card.experiment, card.status, card.inferred, card.parent,
        card.group, card.started, card.ended, card.note, list(card.error),
        *map(_sorted, (card.params, card.tags, card.metrics, card.rules, card.facts)),
        sorted(card.artifacts), sorted(card.datasets, key=repr),
    ]  # fmt: skip
    return blake2b(repr(said).encode("utf-8", "backslashreplace"), digest_size=16).hexdigest()


def _sorted(named: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return sorted(named.items(), key=lambda one: one[0])


def marks_of(card: RunCard) -> Mapping[str, tuple[int, Any]]:
    """Return how the run's curves begin, to know them again when they have grown."""
    return {name: (one.count, encode_number(one.first)) for name, one in card.metrics.items()}


def goes_on(before: Origin, card: RunCard) -> bool:
    """Say whether a run is the one that was copied, perhaps longer by now, and not another one."""
    now = marks_of(card)
    return all(
        name in now and now[name][0] >= count and now[name][1] == first
        for name, (count, first) in before.marks.items()
    )


def run_folders(root: Path) -> Mapping[str, Path]:
    """Return the folders of all runs of a workspace by their id, links left out."""
    return {
        run.name: run
        for experiment in folders_of(root / RUNS)
        for run in folders_of(experiment)
        if not run.name.startswith(".")
    }
