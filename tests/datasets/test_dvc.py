"""What DVC knows, from files that DVC 3.67 wrote (``dvc_written``)."""

import json
from hashlib import md5
from pathlib import Path
from shutil import copy

import pytest

from workbench.datasets import dvc
from workbench.datasets.versions import finding, hashing
from workbench.datasets.versions.stamps import Stamps
from workbench.errors import FormatError

WRITTEN = Path(__file__).parent / "dvc_written"
CENSUS = b"a,b\n1,2\n"
PARTS = {"x.csv": b"a\n1\n", "y.csv": b"a\r\n2\r\n"}
CENSUS_MD5 = "e5ebd4c02cefbe7955977c67ada242b7"
PARTS_MD5 = "9162e792bddacc3460168d5e6424da65.dir"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project those files were written in."""
    data = tmp_path / "project/data"
    (data / "parts").mkdir(parents=True)
    (tmp_path / "project/.dvc").mkdir()
    (data / "census.csv").write_bytes(CENSUS)
    for name, content in PARTS.items():
        (data / "parts" / name).write_bytes(content)
    for name in ("census.csv.dvc", "parts.dvc"):
        copy(WRITTEN / name, data / name)
    copy(WRITTEN / "dvc.lock", tmp_path / "project/dvc.lock")
    copy(WRITTEN / "config", tmp_path / "project/.dvc/config")
    return tmp_path / "project"


def knows(out: dvc.Out, path: Path) -> bool:
    """Say whether DVC knows what is at a path now."""
    found = finding.find(path)
    files = hashing.hashed(found.files, Stamps(None), lambda: 0.0, with_md5=True)
    return dvc.knows(out, found, files)


@pytest.mark.parametrize(
    ("path", "hash_", "written_in"),
    [
        ("data/census.csv", CENSUS_MD5, "census.csv.dvc"),
        ("data/parts", PARTS_MD5, "parts.dvc"),
        ("clean.csv", CENSUS_MD5, "dvc.lock"),
        ("out", "8f312b09682383874a80a048e5e16fd7.dir", "dvc.lock"),
    ],
)
def test_what_dvc_knows_is_found_beside_it_or_in_the_lock(
    project: Path, path: str, hash_: str, written_in: str
) -> None:
    """Of a file and of a folder, from ``dvc add`` and from a pipeline."""
    found = dvc.known(project / path)
    assert found is not None
    assert (found.md5, found.written_in.name, found.legacy) == (hash_, written_in, False)


def test_what_dvc_does_not_know_is_not_known(project: Path) -> None:
    """A dependency of a stage is not an output of it; a repository ends the search."""
    assert dvc.known(project / "data/other.csv") is None
    (project / "data/census.csv.dvc").unlink()
    assert dvc.known(project / "data/census.csv") is None


def test_exactly_these_bytes_are_known(project: Path) -> None:
    """One byte more in a file, or one file more in a folder, is something else."""
    census, parts = project / "data/census.csv", project / "data/parts"
    known, known_parts = dvc.known(census), dvc.known(parts)
    assert known is not None
    assert known_parts is not None
    assert knows(known, census)
    assert knows(known_parts, parts)
    census.write_bytes(CENSUS + b"3,4\n")
    (parts / "z.csv").write_bytes(b"")
    assert not knows(known, census)
    assert not knows(known_parts, parts)


def test_a_folder_is_listed_as_dvc_lists_it() -> None:
    """The list has the very bytes, and so the very md5, that DVC gives it."""
    names = {
        name: md5(content, usedforsecurity=False).hexdigest() for name, content in PARTS.items()
    }
    hash_, data = dvc.listing(names)
    assert hash_ == PARTS_MD5
    assert data == (WRITTEN / "parts.dir.json").read_bytes()


def test_what_is_written_for_dvc_is_what_dvc_writes() -> None:
    """The outs are those of a file DVC wrote; what else is said stands under ``meta``."""
    import yaml

    text = dvc.text_of("parts", PARTS_MD5, 10, 2, {"dataset": "census", "version": 3})
    said, written = yaml.safe_load(text), yaml.safe_load((WRITTEN / "parts.dvc").read_text())
    assert said["outs"] == written["outs"]
    assert said["meta"] == {"workbench": {"dataset": "census", "version": 3}}
    single = yaml.safe_load(dvc.text_of("census.csv", CENSUS_MD5, 8, None, {}))
    assert single["outs"] == yaml.safe_load((WRITTEN / "census.csv.dvc").read_text())["outs"]


def test_a_file_of_dvc_2_counts_text_without_carriage_returns(tmp_path: Path) -> None:
    """Its md5 is of the file as it would be on another system; of a binary file as it is."""
    unix = md5(b"a\n2\n", usedforsecurity=False).hexdigest()
    (tmp_path / "y.csv").write_bytes(PARTS["y.csv"])
    (tmp_path / "y.csv.dvc").write_text(f"outs:\n- md5: {unix}\n  size: 8\n  path: y.csv\n")
    known = dvc.known(tmp_path / "y.csv")
    assert known is not None
    assert known.legacy
    assert knows(known, tmp_path / "y.csv")
    assert not knows(known._replace(legacy=False), tmp_path / "y.csv")
    (tmp_path / "b").write_bytes(b"\0\r\n")
    assert dvc.legacy_md5(tmp_path / "b") == md5(b"\0\r\n", usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        "", "- a", "outs: 3", "outs: [3, {path: 1, md5: 2}]", "stages: {a: 1, b: {outs: x}}",
        "outs: [{path: s3://b/x, md5: e5ebd4c02cefbe7955977c67ada242b7}]",
        "outs: [{path: x, md5: nonsense}]", "outs: [{path: x, etag: abc}]",
    ],
)  # fmt: skip
def test_what_has_no_md5_is_passed_over(tmp_path: Path, text: str) -> None:
    """Other hashes, addresses and nonsense are nothing to link by."""
    (tmp_path / "x").write_bytes(b"x")
    (tmp_path / "x.dvc").write_text(text)
    assert dvc.known(tmp_path / "x") is None


@pytest.mark.parametrize("text", ["a: [", "!!python/object/apply:os.system [ls]", "\0", "[" * 5000])
def test_a_broken_file_is_a_fault_and_runs_nothing(tmp_path: Path, text: str) -> None:
    """Named when it is what a person gave, nothing where it merely stands beside the data."""
    (tmp_path / "x").write_bytes(b"x")
    (tmp_path / "x.dvc").write_text(text)
    with pytest.raises(FormatError, match=r"x\.dvc"):
        dvc.outs(tmp_path / "x.dvc")
    assert dvc.known(tmp_path / "x") is None


def test_only_files_of_dvc_are_taken_for_them(project: Path) -> None:
    """The repository's own folder, and data whose name merely ends so, are not."""
    assert dvc.is_dvc_file(project / "dvc.lock")
    assert dvc.is_dvc_file(project / "data/parts.dvc")
    assert not dvc.is_dvc_file(project / ".dvc")
    assert not dvc.is_dvc_file(project / "data/census.csv")
    assert json.loads((WRITTEN / "parts.dir.json").read_text())[0]["relpath"] == "x.csv"
