"""A version's files: staged, published once, verified, and what somebody may have put there."""

import json
import os
from pathlib import Path

import pytest

from workbench.errors import FormatError, NotAllowedError, NotFoundError, UsageError, WorkbenchError
from workbench.registry import manifest
from workbench.registry.manifest import NAME, Manifest, ManifestFile

CONTENT = {"model.skops": b"weights", "deep/er/config.json": b"{}", "empty": b""}
HASH = "a" * 64


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a folder with a model in it."""
    return made(tmp_path / "made", CONTENT)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a workspace."""
    (tmp_path / "w").mkdir()
    return tmp_path / "w"


def made(folder: Path, content: dict[str, bytes]) -> Path:
    """Write files and return their folder."""
    for path, data in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def published(source: Path, root: Path) -> Manifest:
    """Return the manifest of files that are in the registry."""
    return manifest.publish(manifest.stage(source, root), root, "churn")


def folder(root: Path, whole: Manifest) -> Path:
    """Return where a version's files are."""
    return manifest.folder_of(root, "churn", whole.hash)


def change(file: Path, data: bytes) -> None:
    """Change a file that is read-only."""
    file.chmod(0o644)
    file.write_bytes(data)


def lying(root: Path, text: bytes) -> str:
    """Put a manifest of any content where its own hash says, and return the hash."""
    from hashlib import sha256

    hash_ = sha256(text).hexdigest()
    made(manifest.folder_of(root, "churn", hash_), {NAME: text})
    return hash_


def listed(path: str, size: object = 1, sha256: object = HASH) -> bytes:
    """Return a manifest of one file."""
    files = [{"path": path, "size": size, "sha256": sha256}]
    return json.dumps({"format": 1, "files": files}).encode()


# -- into the registry -------------------------------------------------------------------


def test_files_are_published_whole_under_the_hash_of_their_manifest(
    source: Path, root: Path
) -> None:
    """The folder holds exactly the files, the manifest lists them in order, nothing is left."""
    whole = published(source, root)
    there = folder(root, whole)
    found = {file.relative_to(there).as_posix() for file in there.rglob("*") if file.is_file()}
    assert found == {*CONTENT, NAME}
    assert {path: (there / path).read_bytes() for path in CONTENT} == CONTENT
    assert [one.path for one in whole.files] == sorted(CONTENT)
    assert whole.size == sum(map(len, CONTENT.values()))
    assert manifest.check(root, "churn", whole.hash) == ()
    assert manifest.read(root, "churn", whole.hash) == whole
    assert list((root / ".workbench/tmp").iterdir()) == []


def test_files_are_read_only_after_publishing(source: Path, root: Path) -> None:
    """Nobody changes a version by saving over it."""
    there = folder(root, published(source, root))
    modes = {file.stat().st_mode & 0o222 for file in there.rglob("*") if file.is_file()}
    assert modes == {0}


def test_the_same_files_are_the_same_version_wherever_they_come_from(
    source: Path, root: Path, tmp_path: Path
) -> None:
    """The identity is names and content; order, times and folder are not in it."""
    first = published(source, root)
    other = made(tmp_path / "other", dict(reversed(CONTENT.items())))
    os.utime(folder(root, first), (1, 1))
    assert published(other, root) == first
    assert folder(root, first).stat().st_mtime > 1, "young again, so that no clean-up takes it"
    assert list((root / ".workbench/tmp").iterdir()) == []


def test_another_name_or_another_byte_is_another_identity(source: Path, root: Path) -> None:
    """Renaming a file changes what a consumer finds."""
    first = manifest.stage(source, root).manifest.hash
    (source / "empty").rename(source / "void")
    second = manifest.stage(source, root).manifest.hash
    (source / "void").write_bytes(b"\0")
    third = manifest.stage(source, root).manifest.hash
    assert len({first, second, third}) == 3


def test_damaged_files_are_not_taken_for_the_same(source: Path, root: Path) -> None:
    """Who registers the same files again hears that those in the registry are broken."""
    there = folder(root, published(source, root))
    change(there / "model.skops", b"Weights")
    with pytest.raises(FormatError, match=r"damaged: model\.skops has another content"):
        published(source, root)


def test_the_same_files_are_young_again_before_they_are_looked_at(
    source: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looking takes long, and a clean-up takes what nobody has touched."""
    there = folder(root, published(source, root))
    now, check = there.stat().st_mtime, manifest.check
    os.utime(there, (1.0, 1.0))
    seen = []

    def looks(*asked: str) -> tuple[str, ...]:
        seen.append(there.stat().st_mtime)
        return check(root, *asked[1:])

    monkeypatch.setattr(manifest, "check", looks)
    published(source, root)
    assert seen[0] >= now - 60


def test_one_file_is_a_version_of_one_file(source: Path, root: Path) -> None:
    """Its name is its own, whatever folder it was in."""
    whole = published(source / "deep/er/config.json", root)
    assert [one.path for one in whole.files] == ["config.json"]


def test_several_sources_keep_their_names(source: Path, root: Path) -> None:
    """A file stands beside a folder, which keeps its own name."""
    staged = manifest.stage([source / "model.skops", source / "deep"], root)
    assert [one.path for one in staged.manifest.files] == ["deep/er/config.json", "model.skops"]
    manifest.discard(staged)
    assert not staged.folder.exists()


def test_the_manifest_of_a_copied_version_is_left_out(source: Path, root: Path) -> None:
    """Registering what `model_path` gave is the same version again."""
    whole = published(source, root)
    assert manifest.stage(folder(root, whole), root).manifest == whole


def test_a_file_of_the_registrys_own_name_is_refused(source: Path, root: Path) -> None:
    """It would be taken for what it is not."""
    made(source, {NAME: b"{}"})
    with pytest.raises(NotAllowedError, match="own file"):
        manifest.stage(source, root)


def test_without_room_nothing_is_copied(
    source: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is needed and what is free are both said."""
    full = type("Usage", (), {"free": 3})()
    monkeypatch.setattr(manifest, "disk_usage", lambda _: full)
    with pytest.raises(NotAllowedError, match="9 B; 3 B are free"):
        manifest.stage(source, root)
    assert not (root / ".workbench/tmp").exists()


def test_a_staging_that_breaks_off_leaves_nothing(
    source: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk needs the room."""
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space"):
        manifest.stage(source, root)
    assert list((root / ".workbench/tmp").iterdir()) == []


def test_nothing_to_register_is_said(tmp_path: Path, root: Path) -> None:
    """An empty folder is no model, and neither is a path that is not there."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="no file"):
        manifest.stage(tmp_path / "empty", root)
    with pytest.raises(NotFoundError, match="There is no file"):
        manifest.stage(tmp_path / "missing", root)


# -- what does not fit -------------------------------------------------------------------


def test_each_damage_has_its_sentence(source: Path, root: Path) -> None:
    """Missing, longer, changed, and what was never registered."""
    whole = published(source, root)
    there = folder(root, whole)
    change(there / "model.skops", b"WEIGHTS")
    change(there / "empty", b"no more")
    (there / "deep/er/config.json").unlink()
    (there / "deep/__init__.py").write_text("import os")
    assert manifest.check(root, "churn", whole.hash) == (
        "deep/er/config.json is missing.",
        "empty has 7 bytes instead of 0.",
        "model.skops has another content than when it was registered.",
        "deep/__init__.py was not registered with this version.",
    )


def test_sizes_alone_are_a_quick_look(source: Path, root: Path) -> None:
    """Without contents a change of the same length is not seen, one of another is."""
    whole = published(source, root)
    change(folder(root, whole) / "model.skops", b"WEIGHTS")
    assert manifest.check(root, "churn", whole.hash, contents=False) == ()
    change(folder(root, whole) / "model.skops", b"WEIGHT")
    assert manifest.check(root, "churn", whole.hash, contents=False) != ()


def test_many_damages_are_counted(root: Path, tmp_path: Path) -> None:
    """Five are told and the rest is a number."""
    source = made(tmp_path / "many", {f"{k:02d}.bin": b"x" for k in range(30)})
    whole = published(source, root)
    for file in folder(root, whole).glob("*.bin"):
        file.chmod(0o644)
        file.unlink()
    said = manifest.check(root, "churn", whole.hash)
    assert len(said) == 6
    assert said[-1] == "25 more do not fit."


def test_a_link_in_place_of_a_file_is_not_followed(source: Path, root: Path) -> None:
    """Inside the folder or out of it: it is not the file that was registered."""
    whole = published(source, root)
    there = folder(root, whole)
    (root.parent / "secret").write_bytes(b"weights")
    (there / "model.skops").unlink()
    (there / "model.skops").symlink_to(root.parent / "secret")
    assert manifest.check(root, "churn", whole.hash) == ("model.skops is missing.",)
    (there / "model.skops").unlink()
    (there / "model.skops").symlink_to(there / "empty")
    (said,) = manifest.check(root, "churn", whole.hash)
    assert "is a link" in said


def test_a_linked_folder_is_a_stranger(source: Path, root: Path) -> None:
    """Python would import from it as from any other."""
    whole = published(source, root)
    (folder(root, whole) / "lib").symlink_to(root.parent, target_is_directory=True)
    assert manifest.check(root, "churn", whole.hash) == (
        "lib was not registered with this version.",
    )


def test_a_version_folder_that_leads_out_of_the_workspace_is_not_read(
    source: Path, root: Path
) -> None:
    """The whole folder may be a link somebody made."""
    whole = published(source, root)
    there = folder(root, whole)
    there.rename(root.parent / "away")
    there.symlink_to(root.parent / "away", target_is_directory=True)
    (said,) = manifest.check(root, "churn", whole.hash)
    assert "leads out" in said


def test_a_pipe_in_place_of_a_file_does_not_hold_anybody(source: Path, root: Path) -> None:
    """It is no plain file, and that is said at once."""
    whole = published(source, root)
    (folder(root, whole) / "empty").unlink()
    os.mkfifo(folder(root, whole) / "empty")
    assert manifest.check(root, "churn", whole.hash) == ("empty is missing.",)


# -- manifests that lie ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b'{"format": 1}', "cannot be read"),
        (b'{"format": 1, "files": []}', "cannot be read"),
        (b'{"format": 2, "files": [{"path": "a", "size": 1, "sha256": "%s"}]}' % HASH.encode(),
         "newer program"),
        (listed("a", size=-1), "cannot be read"),
        (listed("a", size="1"), "cannot be read"),
        (listed("a", size=2**70), "cannot be read"),
        (listed("a", sha256="A" * 64), "cannot be read"),
        (listed("../../../../../../etc/passwd"), "not a path inside"),
        (listed("/etc/passwd"), "not a path inside"),
        (listed("C:/windows/win.ini"), "not every system"),
        (listed("a\\..\\b"), "not every system"),
        (listed("a/./b"), "not a path inside"),
        (listed("a//b"), "not a path inside"),
        (listed("\x1b[2Jgone"), "not every system"),
        (listed("a\u202egpj.exe"), "not every system"),
        (listed("CON.txt"), "Windows cannot keep"),
        (listed("a" * 300), "longer than"),
        (b'{"format":1,"files":[{"path":"a","size":1,"sha256":"%b"},{"path":"A","size":1,'
         b'"sha256":"%b"}]}' % (HASH.encode(), HASH.encode()), "twice"),
        (b'{"format": 1, "files": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", "cannot be read"),
        (b'{"x": ' + b"[" * 200_000 + b"]" * 200_000 + b', "format": 1}', "cannot be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "manifest",
)  # fmt: skip
def test_a_manifest_that_lies_is_one_sentence(root: Path, text: bytes, said: str) -> None:
    """Nothing it names is opened, and nothing in it reaches a terminal as it is."""
    sentences = manifest.check(root, "churn", lying(root, text))
    assert len(sentences) == 1
    assert said in sentences[0]
    assert sentences[0].isprintable()
    assert len(sentences[0]) < 400


def test_a_manifest_under_another_hash_is_not_believed(source: Path, root: Path) -> None:
    """A journal names a hash; the bytes must have it."""
    whole = published(source, root)
    folder(root, whole).rename(manifest.folder_of(root, "churn", HASH))
    with pytest.raises(FormatError, match="not the one that was registered"):
        manifest.read(root, "churn", HASH)


def test_a_manifest_larger_than_any_is_not_read(root: Path) -> None:
    """It may be sparse and cost nothing to whoever put it there."""
    there = made(manifest.folder_of(root, "churn", HASH), {NAME: b""})
    os.truncate(there / NAME, 10 << 30)
    (said,) = manifest.check(root, "churn", HASH)
    assert "at most" in said


def test_a_manifest_that_claims_ten_gigabytes_of_holes_costs_nothing(root: Path) -> None:
    """Size and claim agree, and still nobody hashes for a minute."""
    hash_ = lying(root, listed("big.bin", size=10 << 30))
    big = manifest.folder_of(root, "churn", hash_) / "big.bin"
    big.touch()
    os.truncate(big, 10 << 30)
    (said,) = manifest.check(root, "churn", hash_)
    assert "nearly all holes" in said


@pytest.mark.parametrize("model", ["../x", "", "a/b", "CHURN", "con"])
@pytest.mark.parametrize("hash_", ["", "..", "A" * 64, f"{HASH}/..", "0" * 63])
def test_no_name_or_hash_leads_elsewhere(root: Path, model: str, hash_: str) -> None:
    """What comes out of a journal is checked before it is a path."""
    with pytest.raises(WorkbenchError):
        manifest.folder_of(root, model, HASH)
    with pytest.raises(WorkbenchError):
        manifest.folder_of(root, "churn", hash_)


def test_written_manifests_are_the_same_bytes_in_any_order() -> None:
    """The identity must not depend on how a folder was walked."""
    files = [ManifestFile("b", 2, HASH), ManifestFile("a", 1, HASH)]
    data = manifest.encode(files)
    assert data == manifest.encode(files[::-1])
    assert manifest.decode(data).files == tuple(sorted(files))
