"""A version goes to another workspace in one file, whole, and keeps where it came from."""

import json
import stat
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from tests.operations.registry.people import MODEL, People
from workbench.errors import FormatError, NotAllowedError, NotFoundError, UsageError, WorkbenchError
from workbench.operations.registry.bundle import export_version, import_bundle
from workbench.operations.registry.opening_journal import state
from workbench.registry import manifest

EVENTS = f"registry/{MODEL}/events"


@pytest.fixture(name="other")
def _other(tmp_path: Path) -> Iterator[People]:
    """People at another workspace."""
    (tmp_path / "elsewhere").mkdir()
    made = People(tmp_path / "elsewhere/w")
    yield made
    made.close()


def _exported(people: People, name: str = "churn.zip") -> Path:
    """Register two versions, promote the second, and write it as a bundle."""
    if not (people.root / "registry").exists():
        people.register(content="first")
        people.register(content="second", run={"id": "r1", "name": "gbm", "path": "runs/e/r1"})
        people.promote(2)
    path = people.root.parent / name
    export_version(people.ana, "churn@production", path)
    return path


def _rewritten(path: Path, change: Callable[[dict[str, bytes]], None], **options: int) -> Path:
    """Return a bundle whose members were changed, its card listing them as they are now."""
    with ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    change(members)
    card = json.loads(members["bundle.json"])
    card["members"] = [
        [name, len(data), sha256(data).hexdigest()]
        for name, data in members.items()
        if name != "bundle.json"
    ]
    members["bundle.json"] = json.dumps(card).encode()
    made = path.with_name("changed.zip")
    with ZipFile(made, "w", options.get("compression", ZIP_STORED)) as archive:
        for name, data in members.items():
            info = ZipInfo(name)
            info.external_attr = options.get("mode", stat.S_IFREG | 0o644) << 16
            archive.writestr(info, data, options.get("compression", ZIP_STORED))
    return made


def _nothing_came(other: People) -> bool:
    temporary = other.root / ".workbench/tmp"
    return not (other.root / "registry").exists() and not list(temporary.glob("*"))


def test_a_version_arrives_with_files_facts_and_origin(people: People, other: People) -> None:
    """The other workspace knows what this one knew, and where it is from."""
    bundle = _exported(people)
    done = import_bundle(other.ben, bundle)
    there = people.state()
    version = state(other.ana, MODEL).versions[1]
    details, before = version.event.details, there.versions[2].event.details
    assert (str(done), done.new) == ("churn@1", True)
    assert version.manifest == there.versions[2].manifest
    assert manifest.check(other.root, MODEL, version.manifest) == ()
    for name in ("params", "metrics", "datasets", "run", "git", "goals", "signature"):
        assert details[name] == before[name]
    assert details["origin"] == {
        "workspace": people.ana.workspace.id, "model": "churn", "version": 2,
        "event": there.versions[2].event.hash, "head": there.head,
        "manifest": version.manifest, "registered": there.versions[2].event.effective, "by": "ana",
    }  # fmt: skip
    assert version.event.actor == "ben"
    assert state(other.ana, MODEL).stages == {}
    assert not list((other.root / ".workbench/tmp").glob("*"))


def test_the_same_version_gives_the_same_bytes(people: People) -> None:
    """Whoever compares two bundles compares two versions."""
    assert _exported(people).read_bytes() == _exported(people, "again.zip").read_bytes()


def test_said_twice_it_is_registered_once(people: People, other: People) -> None:
    """The same files of the same run have their number already; another name is another model."""
    bundle = _exported(people)
    import_bundle(other.ana, bundle)
    again = import_bundle(other.ana, bundle)
    assert (again.version, again.new) == (1, False)
    assert str(import_bundle(other.ana, bundle, "churn-eu")) == "churn-eu@1"


def test_unpacked_it_is_a_small_workspace(people: People) -> None:
    """What any tool can unzip has version, lineage, environment, journal and files."""
    with ZipFile(_exported(people)) as archive:
        names = archive.namelist()
        version = json.loads(archive.read("version.json"))
        lineage = json.loads(archive.read("lineage.json"))
    assert names[:4] == ["bundle.json", "version.json", "lineage.json", "environment.json"]
    assert [name for name in names if name.startswith(EVENTS)] == [
        f"{EVENTS}/{number:010d}.json" for number in (1, 2, 3)
    ]
    assert version["metrics"]["val/auc"]["last"] == 0.9
    assert lineage["datasets"][0]["name"] == "census"
    assert lineage["held"][0]["stage"] == "production"


def test_the_code_diff_of_the_run_comes_along(people: People) -> None:
    """What was not committed is part of how it was made."""
    folder = people.root / "runs/e/r1"
    folder.mkdir(parents=True)
    (folder / "source.diff").write_bytes(b"--- a\n+++ b\n")
    with ZipFile(_exported(people)) as archive:
        assert archive.read("source.diff") == b"--- a\n+++ b\n"


def test_a_file_that_is_there_is_not_written_over(people: People) -> None:
    """Nor is anything left where there is no folder."""
    bundle = _exported(people)
    with pytest.raises(UsageError, match="is there already"):
        export_version(people.ana, "churn@2", bundle)
    with pytest.raises(UsageError, match="is not a folder"):
        export_version(people.ana, "churn@2", bundle.parent / "no/such.zip")


def test_a_damaged_version_is_not_carried_away(people: People, tmp_path: Path) -> None:
    """Its hash is looked at while it is copied."""
    number = people.register(content="weights")
    people.damage(number)
    with pytest.raises(FormatError, match=r"model\.onnx is not what was registered"):
        export_version(people.ana, "churn@1", tmp_path / "x.zip")
    assert not list(tmp_path.glob("*.zip"))
    assert not list(tmp_path.glob("*.tmp"))


def test_what_is_no_bundle_is_said(other: People, tmp_path: Path) -> None:
    """Text, an archive of something else, a missing file."""
    text, plain = tmp_path / "notes.txt", tmp_path / "plain.zip"
    text.write_text("hello")
    with ZipFile(plain, "w") as archive:
        archive.writestr("a.txt", "x")
    for path, kind, sentence in (
        (text, FormatError, "notes.txt is not a bundle"),
        (plain, FormatError, "It is not a bundle: it has no bundle.json"),
        (tmp_path / "none.zip", NotFoundError, "There is no file"),
    ):
        with pytest.raises(kind, match=sentence):
            import_bundle(other.ana, path)
    assert _nothing_came(other)


def _model(members: dict[str, bytes]) -> str:
    return next(name for name in members if name.endswith("model.onnx"))


def _changed_file(members: dict[str, bytes]) -> None:
    members[_model(members)] = b"evil!!"


def _changed_event(members: dict[str, bytes]) -> None:
    name = f"{EVENTS}/0000000001.json"
    members[name] = members[name].replace(b'"ana"', b'"eve"')


def _missing_event(members: dict[str, bytes]) -> None:
    del members[f"{EVENTS}/0000000001.json"]


def _missing_head(members: dict[str, bytes]) -> None:
    del members[f"{EVENTS}/0000000003.json"]


def _climbing(members: dict[str, bytes]) -> None:
    members[_model(members).replace("model.onnx", "../../../../../evil")] = b"x"


def _absolute(members: dict[str, bytes]) -> None:
    members["/etc/evil"] = b"x"


def _stranger(members: dict[str, bytes]) -> None:
    members["workbench.toml"] = b"x"


def _unlisted(members: dict[str, bytes]) -> None:
    members[_model(members).replace("model.onnx", "more.bin")] = b"x"


def _twice(members: dict[str, bytes]) -> None:
    members[_model(members).replace("model.onnx", "MODEL.ONNX")] = b"x"


def _newer(members: dict[str, bytes]) -> None:
    members["bundle.json"] = members["bundle.json"].replace(b'"format": 1', b'"format": 2')


def _no_version(members: dict[str, bytes]) -> None:
    members["bundle.json"] = members["bundle.json"].replace(b'"version": 2', b'"version": 7')


def _other_version(members: dict[str, bytes]) -> None:
    members["bundle.json"] = members["bundle.json"].replace(b'"version": 2', b'"version": 1')


def _bad_name(members: dict[str, bytes]) -> None:
    members["bundle.json"] = members["bundle.json"].replace(b'"churn"', b'"../up"')


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_changed_file, "bytes instead of|another content"),
        (_changed_event, "event 1. Its checksum does not fit"),
        (_missing_event, "event 1. It is missing"),
        (_missing_head, "not the one its card names"),
        (_climbing, "is not a path inside a folder"),
        (_absolute, "is not a place where a bundle has a file"),
        (_stranger, "is not a place where a bundle has a file"),
        (_unlisted, "was not registered with this version"),
        (_twice, "stands in it twice"),
        (_newer, "newer than this program's 1"),
        (_no_version, "has no version 7"),
        (_other_version, "not the one its card names"),
        (_bad_name, "names no version of a model"),
    ],
)  # fmt: skip
def test_a_forged_bundle_is_refused_with_one_sentence(
    people: People, other: People, change: Callable[[dict[str, bytes]], None], sentence: str
) -> None:
    """Even where the card was made to fit; nothing of it stays."""
    forged = _rewritten(_exported(people), change)
    with pytest.raises(WorkbenchError, match=sentence):
        import_bundle(other.ana, forged)
    assert _nothing_came(other)
    assert not list(other.root.parent.parent.rglob("evil"))


def test_bytes_changed_on_the_way_are_found(people: People, other: People) -> None:
    """One of a file, wherever it stands; the archive's own checksum does not count as proof."""
    bundle = _exported(people)
    data = bundle.read_bytes()
    at = data.index(b"second")
    bundle.write_bytes(data[:at] + b"SECOND" + data[at + 6 :])
    with pytest.raises(FormatError, match=r"is not a bundle|was changed"):
        import_bundle(other.ana, bundle)
    assert _nothing_came(other)


def test_links_and_compressed_members_are_refused(people: People, other: People) -> None:
    """A link may lead anywhere; what is compressed may grow without end."""
    bundle = _exported(people)
    linked = _rewritten(bundle, lambda _: None, mode=stat.S_IFLNK | 0o777)
    with pytest.raises(NotAllowedError, match="is a link or a device"):
        import_bundle(other.ana, linked)
    grown = _rewritten(
        bundle,
        lambda members: members.update({_model(members): b"0" * 10_000_000}),
        compression=ZIP_DEFLATED,
    )
    with pytest.raises(NotAllowedError, match="is compressed"):
        import_bundle(other.ana, grown)
    assert _nothing_came(other)


def test_members_that_share_their_bytes_are_refused(people: People, other: People) -> None:
    """An archive may name the same bytes a thousand times; the sizes say so."""
    bundle = _exported(people)
    with ZipFile(bundle) as archive:
        last = archive.infolist()[-1]
    made = bundle.with_name("shared.zip")
    with ZipFile(made, "w") as archive:
        archive.writestr(last.filename, b"1" * 5000)
        for number in range(50):
            copied = ZipInfo(f"{last.filename}{number}")
            first = archive.infolist()[0]
            for name in ("CRC", "compress_size", "file_size", "header_offset"):
                setattr(copied, name, getattr(first, name))
            archive.filelist.append(copied)
            archive.NameToInfo[copied.filename] = copied
    with pytest.raises(WorkbenchError, match=r"claim more bytes|not a bundle"):
        import_bundle(other.ana, made)
    assert _nothing_came(other)


def test_where_nothing_can_be_written_nothing_is_taken_in(people: People, other: People) -> None:
    """The sentence is the workspace's own."""
    bundle = _exported(people)
    other.ana._why_not = "You may look and not write."
    with pytest.raises(NotAllowedError, match="You may look"):
        import_bundle(other.ana, bundle)
