"""Projects that neptune-exporter saved, as runs."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.formats.checking import LATER, damaged, store_cards
from tests.formats.offline.checking import agree, prefixes
from workbench.errors import FormatError, NotFoundError
from workbench.formats.offline.neptune_export import NeptuneExportReader
from workbench.formats.walking import list_folder

READER = NeptuneExportReader()
TIME = datetime(2026, 3, 4, 5, 6, 7, 890_000, tzinfo=UTC)
RUN = "SAN-1-0123456789abcdef"
SCHEMA = pl.Schema({
    "project_id": pl.String, "run_id": pl.String, "attribute_path": pl.String,
    "attribute_type": pl.String, "step": pl.Decimal(18, 6),
    "timestamp": pl.Datetime("ms", "UTC"), "int_value": pl.Int64, "float_value": pl.Float64,
    "string_value": pl.String, "bool_value": pl.Boolean,
    "datetime_value": pl.Datetime("ms", "UTC"), "string_set_value": pl.List(pl.String),
    "file_value": pl.Struct({"path": pl.String}),
    "histogram_value": pl.Struct(
        {"type": pl.String, "edges": pl.List(pl.Float64), "values": pl.List(pl.Float64)}
    ),
})  # fmt: skip
"""As the exporter documents it."""


def attribute(path: str, kind: str, **values: Any) -> dict[str, Any]:
    """Return a row."""
    row = {"project_id": "team/iris", "run_id": "SAN-1", "attribute_path": path}
    return {**dict.fromkeys(SCHEMA), **row, "attribute_type": kind, **values}


def curve(path: str, *values: float) -> list[dict[str, Any]]:
    """Return the rows of a metric."""
    return [
        attribute(path, "float_series", float_value=value, step=Decimal(step), timestamp=TIME)
        for step, value in enumerate(values)
    ]


ROWS = [
    attribute("sys/name", "string", string_value="baseline"),
    attribute("sys/creation_time", "datetime", datetime_value=TIME),
    attribute("sys/running_time", "float", float_value=12.5),
    attribute("sys/failed", "bool", bool_value=False),
    attribute("sys/tags", "string_set", string_set_value=["a", "b c"]),
    attribute("sys/owner", "string", string_value="dev"),
    attribute("params/lr", "float", float_value=0.01),
    attribute("params/epochs", "int", int_value=20),
    attribute("model/name", "string", string_value="SGD"),
    attribute("model/seen", "datetime", datetime_value=TIME),
    attribute("model/weights", "file", file_value={"path": "team_iris/SAN-1/weights.bin"}),
    attribute("model/gone", "file", file_value={"path": "team_iris/SAN-1/gone.bin"}),
    attribute("model/away", "file", file_value={"path": "../../etc/passwd"}),
    attribute("logs", "string_series", string_value="x", step=Decimal(0)),
    *curve("train/loss", 1.0, float("nan"), float("inf"), 0.25),
]


def exported(root: Path, rows: list[dict[str, Any]], part: int = 0) -> Path:
    """Write rows as the exporter does; return the project's folder."""
    project = root / "data" / "team_iris-fedcba9876543210"
    project.mkdir(parents=True, exist_ok=True)
    frame = pl.DataFrame(rows, schema=SCHEMA)
    frame.write_parquet(project / f"{RUN}_part_{part}.parquet", compression="snappy")
    return project


def test_a_run_is_read_by_the_documented_schema(tmp_path: Path) -> None:
    """Params keep their kinds, series are metrics with their times, what Neptune says is known."""
    project = exported(tmp_path, ROWS)
    (tmp_path / "files" / "team_iris" / "SAN-1").mkdir(parents=True)
    (tmp_path / "files" / "team_iris" / "SAN-1" / "weights.bin").write_bytes(b"12345")
    folder = list_folder(project, "", [])
    assert folder is not None
    assert READER.roots(folder) == ["."]
    card = store_cards(READER, project)[RUN]
    assert (card.name, card.experiment) == ("baseline", "team/iris")
    assert (card.status, card.inferred) == ("FINISHED", True)
    assert (card.started, card.ended) == (TIME.timestamp(), TIME.timestamp() + 12.5)
    assert card.params == {
        "lr": 0.01, "epochs": 20, "model.name": "SGD", "model.seen": TIME.isoformat(),
    }  # fmt: skip
    assert card.tags == {"a": "true", "b c": "true"}
    assert card.facts["neptune.owner"] == "dev"
    assert card.facts["not_shown"] == ["logs (string_series)"]
    assert [tuple(artifact) for artifact in card.artifacts] == [("team_iris/SAN-1/weights.bin", 5)]
    assert READER.artifact(project, RUN, "team_iris/SAN-1/weights.bin").read_bytes() == b"12345"
    with pytest.raises(NotFoundError):
        READER.artifact(project, RUN, "../../etc/passwd")
    loss = card.metrics["train/loss"]
    assert (loss.last, loss.min, loss.max, loss.count, loss.nans) == (
        0.25,
        0.25,
        float("inf"),
        4,
        1,
    )
    points = READER.points(project, RUN, None, None).points["train/loss"]
    assert points.times == [TIME.timestamp()] * 4
    agree(READER, project)


def test_a_run_in_parts_is_one_when_it_is_complete(tmp_path: Path) -> None:
    """The first part appears last; until then there is no run."""
    project = exported(tmp_path, curve("loss", 1.0, 2.0), part=1)
    assert READER.survey(project, None).refs == {}
    exported(tmp_path, curve("loss", 3.0))
    points = READER.points(project, RUN, None, None).points["loss"]
    assert points.values == [3.0, 1.0, 2.0]


def test_an_experiment_of_version_3_groups_its_runs(tmp_path: Path) -> None:
    """There the name is that of the experiment, and the run has its id alone."""
    rows = [
        attribute("sys/name", "string", string_value="grid"),
        attribute("sys/experiment/name", "string", string_value="grid"),
        attribute("sys/failed", "bool", bool_value=True),
        attribute("loss", "float_series", float_value=1.0, step=Decimal("0.5")),
    ]
    project = exported(tmp_path, rows)
    card = store_cards(READER, project)[RUN]
    assert (card.name, card.experiment) == ("SAN-1", "team/iris/grid")
    assert (card.status, card.inferred) == ("FAILED", False)
    assert card.metrics["loss"].last_step is None
    assert READER.points(project, RUN, None, None).points["loss"].steps == [0.5]


def test_a_damaged_file_is_refused_or_true(tmp_path: Path) -> None:
    """A file cut short has no end to begin reading from; a flipped byte makes no crash."""
    project = exported(tmp_path, [*ROWS, *curve("long", *(i / 7 for i in range(2_000)))])
    path = project / f"{RUN}_part_0.parquet"
    truth = dict(READER.points(project, RUN, None, None).points)
    for how, broken in damaged(path.read_bytes(), cuts=24):
        path.write_bytes(broken)
        if how.startswith("cut"):
            prefixes(READER, project, truth, key=RUN)
        else:
            try:
                READER.read(project, RUN, b"", LATER)
            except (FormatError, OSError):
                continue


@pytest.mark.parametrize("key", ["..", "a/b", f"../{RUN}", "", "x"])
def test_keys_do_not_lead_out(tmp_path: Path, key: str) -> None:
    """A key that is no run's is refused before anything is opened."""
    project = exported(tmp_path, ROWS)
    with pytest.raises(FormatError):
        READER.read(project, key, b"", LATER)


def test_other_parquet_files_are_nobodys(tmp_path: Path) -> None:
    """Neither the ending nor the name alone makes an export."""
    (tmp_path / "a.parquet").write_bytes(b"PAR1")
    (tmp_path / f"{RUN}_part_0.parquet").write_bytes(b"no")
    folder = list_folder(tmp_path, "", [])
    assert folder is not None
    assert READER.roots(folder) == []
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / f"{RUN}_part_0.parquet")
    with pytest.raises(FormatError, match="columns"):
        READER.read(tmp_path, RUN, b"", LATER)
