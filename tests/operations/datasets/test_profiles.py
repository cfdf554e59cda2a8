"""The stored profile of a version is of that version, or it is not shown."""

from pathlib import Path

import polars as pl
import pytest

from tests.building import write_workspace
from workbench.clock import FixedClock
from workbench.datasets.profiling import encode, profile
from workbench.datasets.reading import of_frame
from workbench.errors import FormatError
from workbench.operations.datasets.add import add
from workbench.operations.datasets.profiles import profile_of
from workbench.operations.session import open_session


@pytest.mark.parametrize(
    "other", [{"age": [1, 2, 3]}, {"name": [1, 2]}, {"age": [1, 2], "name": [1, 2]}]
)
def test_the_profile_of_another_table_is_refused(tmp_path: Path, other: dict[str, object]) -> None:
    """With other rows or other columns, however sound it is by itself."""
    root = write_workspace(tmp_path / "w")
    (tmp_path / "census.csv").write_text("age\n1\n2\n", "utf-8")
    with open_session(root, clock=FixedClock(), in_memory=True) as session:
        session.cache = tmp_path / "cache"
        manifest = add(session, "census", tmp_path / "census.csv").manifest
        assert profile_of(session, manifest) is not None
        planted = encode(profile(of_frame(pl.DataFrame(other))))
        (root / "datasets/census/1/profile.json.gz").write_bytes(planted)
        with pytest.raises(FormatError, match="does not fit the version"):
            profile_of(session, manifest)
