"""Many datasets with many versions: read for the first time, listed, traced, and at rest."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.place import Place
from tests.benchmarks.rows import Row, of_many
from tests.dataset_building import write_datasets

_COLD = "datasets-cold"


def rows(place: Place) -> Iterator[Row]:
    """Write the manifests of many datasets, index them, and ask."""
    datasets, versions = place.scale.models, place.scale.versions
    workspace = place.workspace(
        f"datasets-{datasets}-{versions}", lambda path: write_datasets(path, datasets, versions)
    )
    named = f"{datasets:,} datasets x {versions} versions"
    yield _cold(place, workspace, named)
    place.run("datasets", workspace, 1)
    found = place.run("datasets", workspace, place.scale.repeats)
    for what, part, limit in (
        (f"datasets listed, {named}", "datasets", 1000),
        ("  versions of one listed", "versions", 100),
        ("  lineage of one version", "lineage", 100),
        ("  what is touched if a dataset must go", "touched", 200),
    ):
        yield of_many(what, found[part], "ms", limit, named)
    yield of_many("sweep over idle datasets", found["idle"], "ms CPU", 15, named)


def _cold(place: Place, workspace: Path, named: str) -> Row:
    """Index into an empty cache, the files in memory."""
    shutil.rmtree(place.folder / "own" / _COLD, ignore_errors=True)
    found = place.run("datasets", workspace, 0, cache=_COLD)
    if found["datasets"] != place.scale.models or found["faults"]:
        raise RuntimeError(f"only {found['datasets']} datasets, {found['faults']} faults")
    rate = place.scale.models * place.scale.versions / found["cold"]
    return Row(f"cold index of {named}", found["cold"], "s", note=f"n=1; {rate:,.0f} versions/s")
