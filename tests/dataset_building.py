"""Dataset versions as `docs/formats/dataset.md` says, with defaults for what no test needs."""

from pathlib import Path
from typing import Any

from tests.building import write_workspace
from workbench.datasets.manifest import File, Manifest, SchemaColumn
from workbench.datasets.versions import claiming
from workbench.datasets.versions.encoding import encode

SHA = "0" * 63


def manifest(name: str = "census", content: int = 1, **fields: Any) -> Manifest:
    """Return a manifest without a number, of bytes that ``content`` stands for (0 to 9)."""
    said: dict[str, Any] = {
        "dataset": name, "version": 0, "hash": f"sha256:{SHA}{content}",
        "files": (File(f"data/{name}.parquet", 10, f"{SHA}{content}"),),
        "time": 1_795_000_000.0, "actor": "ana@lab", "host": "lab", "how": "added",
        "id": f"01kc{content:022d}", "path": f"data/{name}.parquet", "base": "data", "size": 10,
    }  # fmt: skip
    return Manifest(**(said | fields))


def claim(root: Path, name: str = "census", content: int = 1, **fields: Any) -> claiming.Claimed:
    """Register a version as it would be of bytes that ``content`` stands for."""
    made = manifest(name, content, **fields)
    return claiming.claim(root, made, b"profile", lambda there: there.hash == made.hash)


def write_datasets(workspace: Path, datasets: int, versions: int, columns: int = 30) -> Path:
    """Make a workspace of that many datasets with that many versions each, without data."""
    write_workspace(workspace)
    shape = tuple(SchemaColumn(f"column_{k}", "float", "Float64") for k in range(columns))
    for number in range(datasets):
        name = f"data-{number:04d}"
        for version in range(1, versions + 1):
            sha = f"{number * versions + version:064x}"
            made = manifest(
                name, version=version, hash=f"sha256:{sha}", columns=shape, rows=1000 * version,
                files=(File(f"data/{name}.parquet", 10, sha),), reader="parquet",
            )  # fmt: skip
            folder = workspace / "datasets" / name / str(version)
            folder.mkdir(parents=True)
            (folder / "manifest.json").write_bytes(encode(made))
    return workspace
