"""Whatever becomes of a file of any tool, whole folders are still found, listed and read.

Each format's own tests damage its files at every 64th; this goes the whole way, from
finding what a folder holds to the points, with the other files as they were.
"""

import re
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.formats.checking import LATER, damaged
from tests.formats.following import is_beginning
from workbench.errors import FormatError
from workbench.formats.contract import Points
from workbench.formats.detect import discover, reader_named

SPECIMENS = Path(__file__).parent.parent / "specimens"
CUTS = 8
NOT_TOLD = (".db",)
"""A database has no checksums: a flipped byte may be another number and nobody can know."""


class Seen(NamedTuple):
    """What there is to see in a folder."""

    curves: Mapping[tuple[str, str, str], Mapping[str, Points]]
    """By format, root and key."""
    told: bool
    """Something was said not to be as it should."""


def seen(folder: Path) -> Seen:
    """Return all that is found in a folder; what cannot be read may say so."""
    found = discover(folder)
    curves, told = {}, bool(found.faults)
    for source in found.sources:
        reader, root = reader_named(source.format), folder / source.root
        try:
            survey = reader.survey(root, None)
        except (FormatError, OSError):
            told = True
            continue
        told = told or bool(survey.faults)
        for key in survey.refs:
            try:
                card = reader.read(root, key, b"", LATER).card
                points = reader.points(root, key, None, None).points
            except (FormatError, OSError):
                told = True
                continue
            told = told or bool(card.faults)
            curves[source.format, source.root, key] = points
    return Seen(curves, told)


def kinds(folder: Path) -> Iterator[Path]:
    """Yield one file of each kind: of names that differ in numbers alone the first."""
    known = set()
    for path in sorted(folder.rglob("*")):
        kind = re.sub(r"[0-9a-f]{8,}|[0-9]+", "#", path.name)
        if path.is_file() and kind not in known:
            known.add(kind)
            yield path


@pytest.mark.parametrize("name", sorted(path.parent.name for path in SPECIMENS.glob("*/data")))
def test_a_damaged_file_harms_nothing_and_makes_up_nothing(name: str, tmp_path: Path) -> None:
    """What is shown of it is the beginning of the truth, or a fault says what is wrong."""
    folder = tmp_path / "data"
    shutil.copytree(SPECIMENS / name / "data", folder)
    whole = seen(folder)
    assert whole.curves
    for path in kinds(folder):
        path.chmod(path.stat().st_mode | stat.S_IWUSR)
        data = path.read_bytes()
        for how, bad in damaged(data, CUTS):
            path.write_bytes(bad)
            after = seen(folder)
            if after.told or (how.startswith("flip") and path.suffix in NOT_TOLD):
                continue
            for run, curves in after.curves.items():
                assert is_beginning(curves, whole.curves.get(run, curves)), (path.name, how, run)
        path.write_bytes(data)
    assert repr(seen(folder).curves) == repr(whole.curves)
