"""Runs side by side: everything known of them gathered, and written as a table."""

import json
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, of_many, spread
from tests.building import write_many
from workbench.runfolder import ENVIRONMENT

_PARAMS, _METRICS, _PACKAGES = 300, 50, 200


def rows(place: Place) -> Iterator[Row]:
    """Compare the runs of a workspace whose catalogue is up to date."""
    count = place.scale.few
    workspace = place.workspace(f"compared-{count}", lambda path: _write(path, count))
    found = place.run("compare", workspace, place.scale.repeats)
    both = [sum(parts) for parts in zip(found["compare"], found["text"], strict=True)]
    what = f"compare {count:,} runs x {_PARAMS} params x {_METRICS} metrics"
    facts = f"{found['facts'][0]:,} facts, {_PACKAGES} packages each"
    yield of_many(what, both, "ms", 300, facts)
    for part, values in (
        ("gathered", found["compare"]),
        ("gathered the first time", [found["first"]]),
        ("labels of a legend", found["labels"]),
    ):
        yield Row(f"  {part}", median(values), "ms", note=spread(values, "ms"))


def _write(workspace: Path, count: int) -> None:
    """Write runs, each with its packages beside it."""
    write_many(workspace, count, params=_PARAMS, metrics=_METRICS)
    packages = {f"package-{k}": f"1.{k}.0" for k in range(_PACKAGES)}
    for number, card in enumerate(sorted((workspace / "runs").glob("*/*/run.json"))):
        own = packages | {"package-0": f"1.{number % 3}.0"}
        fields = {"format": 1, "python": "3.11.7", "packages": own}
        card.with_name(ENVIRONMENT).write_text(json.dumps(fields), "utf-8")
