"""Registering a version from files: what is kept, what is refused, and what stands afterwards."""

import errno
import gzip
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from tests.operations.datasets.conftest import TABLE
from workbench.client.datasets import hash_of_path
from workbench.datasets.fields import Fields
from workbench.datasets.manifest import PROFILE
from workbench.datasets.versions import claiming, folder
from workbench.errors import (
    ConflictError,
    FormatError,
    NotAllowedError,
    NotFoundError,
    SettingsError,
    StoppedError,
    UsageError,
)
from workbench.operations.datasets import fields as saying
from workbench.operations.datasets import locate, reading_in
from workbench.operations.datasets.add import add
from workbench.operations.datasets.deleting import delete
from workbench.operations.datasets.names import Ref
from workbench.operations.datasets.planning import FOLLOWED
from workbench.operations.datasets.profiles import profile_of
from workbench.operations.session import Session, open_session


def test_a_version_says_what_it_is(session: Session, census: Path) -> None:
    """Path, hash as a script records it, columns, rows, who, when, and a profile beside it."""
    made = add(session, "census", census)
    there = made.manifest
    assert (str(made), made.new) == ("census@1", True)
    assert there.hash == hash_of_path(census)
    assert (there.path, there.base, there.files[0].path) == (
        "data/census.parquet", "data", "data/census.parquet",
    )  # fmt: skip
    assert [(one.name, one.type) for one in there.columns] == [
        ("id", "integer"), ("ssn", "text"), ("age", "float"),
    ]  # fmt: skip
    assert (there.rows, there.reader, there.size) == (100, "parquet", census.stat().st_size)
    assert (there.actor, there.time, there.how) == ("ana", 2_000_000_000.0, "added")
    profile = profile_of(session, there)
    assert profile is not None
    assert profile.rows == 100
    assert folder.newest(session.root, "census") == there


def test_the_same_bytes_are_registered_once(session: Session, census: Path) -> None:
    """Under another time or another name of the file they are the same."""
    first = add(session, "census", census)
    os.utime(census, (1, 1))
    again = add(session, "census", census)
    assert (again.new, again.manifest) == (False, first.manifest)
    moved = census.rename(census.with_name("other.parquet"))
    assert not add(session, "census", moved).new
    assert folder.standing(session.root, "census") == (1,)


def test_changed_bytes_are_the_next_version(session: Session, census: Path) -> None:
    """And the version before stays as it was."""
    first = add(session, "census", census).manifest
    TABLE.head(50).write_parquet(census)
    second = add(session, "census", census).manifest
    assert (second.version, second.rows) == (2, 50)
    assert folder.read_manifest(session.root, "census", 1) == first


def test_bytes_read_another_way_are_another_version(session: Session, root: Path) -> None:
    """A wrong separator is not for ever."""
    (root / "x.csv").write_text("a;b\n1;2\n3;4\n")
    first = add(session, "x", root / "x.csv", options={"separator": ","})
    assert [one.name for one in first.manifest.columns] == ["a;b"]
    second = add(session, "x", root / "x.csv", options={"separator": ";"})
    assert (second.new, [one.name for one in second.manifest.columns]) == (True, ["a", "b"])
    assert second.manifest.read_as["separator"] == ";"
    assert not add(session, "x", root / "x.csv", options={"separator": ";"}).new
    assert not add(session, "x", root / "x.csv").new


def test_a_csv_is_read_once_and_its_copy_stays_outside(session: Session, root: Path) -> None:
    """Nothing but the manifest and the profile comes into the workspace."""
    (root / "x.csv").write_text("a,b\n1,x\n2,y\n")
    made = add(session, "x", root / "x.csv").manifest
    assert (made.rows, made.reader, made.path, made.base) == (2, "csv", "x.csv", "")
    kept = sorted(one.name for one in (root / "datasets/x/1").iterdir())
    assert kept == ["manifest.json", PROFILE]
    assert locate.open_version(session, made).head(5).rows() == [(1, "x"), (2, "y")]


def test_a_folder_and_a_pattern_are_tables_of_all_their_files(session: Session, root: Path) -> None:
    """Folders that name a value are columns; what is registered can be opened again."""
    for year in (2024, 2025):
        part = root / f"data/year={year}"
        part.mkdir(parents=True)
        TABLE.head(year - 2020).write_parquet(part / "a.parquet")
    whole = add(session, "all", root / "data").manifest
    assert (whole.rows, whole.folder, whole.path, len(whole.files)) == (9, True, "data", 2)
    assert whole.hash == hash_of_path(root / "data")
    assert "year" in [one.name for one in whole.columns]
    pattern = add(session, "some", root / "data/*/*.parquet").manifest
    assert (pattern.rows, pattern.folder, pattern.path) == (9, False, "data/*/*.parquet")
    for one in (whole, pattern):
        assert locate.open_version(session, one).rows == 9
    assert [file.name for file in locate.files_of(session, whole)] == ["a.parquet", "a.parquet"]


def test_a_copy_is_kept_whole_and_read_only(session: Session, census: Path) -> None:
    """It is there when the original has gone."""
    made = add(session, "census", census, copy=True).manifest
    kept = session.root / "datasets/census/1/files/census.parquet"
    assert kept.read_bytes() == census.read_bytes()
    assert kept.stat().st_mode & 0o222 == 0
    census.unlink()
    assert locate.files_of(session, made) == (kept,)
    assert locate.state_of(session, made) == "same"
    assert locate.open_version(session, made).rows == 100


def test_asking_for_a_copy_later_keeps_one(session: Session, census: Path) -> None:
    """The same bytes without a copy are not what was asked for."""
    add(session, "census", census)
    assert str(add(session, "census", census, copy=True)) == "census@2"
    assert not add(session, "census", census, copy=True).new
    assert not add(session, "census", census).new


def test_a_path_outside_is_absolute_or_below_a_root(session: Session, tmp_path: Path) -> None:
    """A named root makes it one place on every machine."""
    (tmp_path / "share").mkdir()
    TABLE.write_parquet(tmp_path / "share/x.parquet")
    plain = add(session, "plain", tmp_path / "share/x.parquet").manifest
    assert plain.path == (tmp_path / "share/x.parquet").as_posix()
    (session.root / "workbench.toml").write_text(f"[roots]\nshare = '{tmp_path / 'share'}'\n")
    rooted = add(session, "rooted", tmp_path / "share/x.parquet").manifest
    assert (rooted.path, rooted.base) == ("share:x.parquet", "share:")
    (tmp_path / "share").rename(tmp_path / "elsewhere")
    assert locate.state_of(session, rooted) == "away"
    (session.root / "workbench.toml").write_text(f"[roots]\nshare = '{tmp_path / 'elsewhere'}'\n")
    assert locate.files_of(session, rooted) == (tmp_path / "elsewhere/x.parquet",)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cut.parquet", b"PAR1 and nothing more"),
        ("ragged.csv", b"a,b\n1,2\n1,2,3,4\n"),
        ("wrong.parquet", b"\x89PNG\r\n\x1a\n" + b"\0" * 50),
        ("empty.parquet", b""),
    ],
)
def test_a_bad_file_leaves_the_version_before_standing(
    session: Session, census: Path, name: str, data: bytes
) -> None:
    """One sentence, no number, and nothing left behind."""
    first = add(session, "census", census).manifest
    (census.parent / name).write_bytes(data)
    with pytest.raises(FormatError) as told:
        add(session, "census", census.parent / name)
    assert "\n" not in told.value.message
    assert told.value.hint
    assert folder.newest(session.root, "census") == first
    assert folder.entries(session.root, "census") == (folder.Entry(1, deleted=False),)
    assert list((session.root / ".workbench/tmp").iterdir()) == []


def test_what_is_no_table_can_be_registered_as_files(session: Session, root: Path) -> None:
    """It has hashes and no columns, and says so; read as a table later it is a new version."""
    (root / "x.csv").write_text("a\n1\n")
    plain = add(session, "x", root / "x.csv", files=True).manifest
    assert (plain.columns, plain.rows, bool(plain.unread)) == ((), None, True)
    assert profile_of(session, plain) is None
    assert not add(session, "x", root / "x.csv", files=True).new
    assert add(session, "x", root / "x.csv").manifest.version == 2


def test_what_changes_while_it_is_read_is_not_registered(
    session: Session, census: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hash and profile are of the same bytes, or there is no version."""
    read = reading_in.of_table

    def meanwhile(*args: object) -> object:
        found = read(*args)  # type: ignore[arg-type]
        TABLE.head(3).write_parquet(census)
        return found

    monkeypatch.setattr(reading_in, "of_table", meanwhile)
    with pytest.raises(ConflictError, match="changed while it was read"):
        add(session, "census", census)
    assert folder.entries(session.root, "census") == ()


def test_nothing_is_read_for_what_cannot_be(session: Session, census: Path) -> None:
    """A name that cannot be, nothing there, nothing said: each has its sentence."""
    with pytest.raises(UsageError, match="'census-2026'"):
        add(session, "Census 2026", census)
    with pytest.raises(NotFoundError, match="nothing at"):
        add(session, "census", census.parent / "gone.parquet")
    with pytest.raises(UsageError, match="settings say none"):
        add(session, "census")
    with pytest.raises(UsageError, match="holds the workspace itself"):
        add(session, "census", session.root.parent)
    with pytest.raises(UsageError, match="no reading option"):
        add(session, "census", census, options={"seperator": ";"})
    with pytest.raises(UsageError, match="is no day"):
        add(session, "census", census, fields=Fields(retention_until="soon"))
    assert folder.names(session.root) == ()


def test_a_person_can_end_it(session: Session, census: Path) -> None:
    """And nothing is registered then."""
    with pytest.raises(StoppedError):
        add(session, "census", census, stopped=lambda: True)
    assert folder.names(session.root) == ()


def test_progress_is_told(session: Session, census: Path) -> None:
    """Bytes, then columns."""
    told: list[tuple[int, int, str]] = []
    add(session, "census", census, on_progress=lambda *at: told.append(at))
    assert told[0] == (census.stat().st_size, census.stat().st_size, "bytes")
    assert told[-1] == (3, 3, "columns")


def test_the_settings_say_path_options_and_fields(session: Session, root: Path) -> None:
    """And sensitive columns keep their rare values out of the stored profile."""
    (root / "x.csv").write_text("id;ssn\n" + "".join(f"{k};s{k}\n" for k in range(40)))
    (root / "workbench.toml").write_text(
        "[datasets.x]\npath = 'x.csv'\nread = { separator = ';' }\nsensitive = ['ssn']\n"
        "label = 'nmae'\n"
    )
    made = add(session, "x")
    assert made.manifest.path == "x.csv"
    assert made.said == ("There is no column 'nmae', which is said to be the label.",)
    profile = profile_of(session, made.manifest)
    assert profile is not None
    assert (profile.columns[1].sensitive, profile.columns[1].top) == (True, ())
    assert made.manifest.fields == Fields()


def test_a_misspelt_entry_registers_nothing(session: Session, census: Path) -> None:
    """A sensitive column must not get into a profile because of a typing error."""
    settings = session.root / "workbench.toml"
    settings.write_text("[datasets.census]\nsensitve = ['ssn']\n[datasets.other]\n")
    with pytest.raises(SettingsError, match=r"line 2: .*Did you mean sensitive") as told:
        add(session, "census", census)
    assert told.value.line == 2
    assert add(session, "other", census).new
    settings.write_text("[datasets.census")
    with pytest.raises(SettingsError, match="cannot be read"):
        add(session, "census", census)


@pytest.mark.parametrize(
    ("fields", "hint"),
    [
        (Fields(sensitive=("snn",)), "Did you mean ssn?"),
        (Fields(key=("id,age",)), "Name each by itself: id and age."),
        (Fields(label="income"), "Columns: id, ssn, age."),
        (Fields(roles={"AGE": "category"}), "Did you mean age?"),
    ],
)
def test_a_column_that_is_not_there_registers_nothing(
    session: Session, census: Path, fields: Fields, hint: str
) -> None:
    """Who misspells what is to be masked would find it shown, and said to be masked."""
    with pytest.raises(UsageError, match="There is no column") as told:
        add(session, "census", census, fields=fields)
    assert told.value.hint == hint
    assert folder.standing(session.root, "census") == ()


def test_a_misspelt_sensitive_column_in_the_settings_registers_nothing(
    session: Session, census: Path
) -> None:
    """The line is named; one that an earlier version had is no typing error."""
    settings = session.root / "workbench.toml"
    settings.write_text("[datasets.census]\nsensitive = ['snn']\n")
    with pytest.raises(SettingsError, match=r"line 2: .*'snn'.*Did you mean ssn") as told:
        add(session, "census", census)
    assert told.value.line == 2
    assert folder.standing(session.root, "census") == ()
    settings.write_text("[datasets.census]\nsensitive = ['ssn']\n")
    add(session, "census", census)
    pl.read_parquet(census).drop("ssn").write_parquet(census)
    made = add(session, "census", census)
    assert made.new
    assert made.said == ("There is no column 'ssn', which is said to be sensitive.",)


def test_a_list_that_is_replaced_says_what_it_no_longer_holds(
    session: Session, census: Path
) -> None:
    """Once, whether the bytes are new or not."""
    add(session, "census", census, fields=Fields(sensitive=("ssn", "id")))
    again = add(session, "census", census, fields=Fields(sensitive=("id",)))
    gone = "sensitive replaces what was said before: ssn is no longer masked."
    assert again.said[-1] == gone
    pl.read_parquet(census).head(9).write_parquet(census)
    new = add(session, "census", census, fields=Fields(sensitive=("age",)))
    assert new.said.count(gone.replace("ssn", "id")) == 1
    add(session, "other", census, fields=Fields(sensitive=("ssn",)))
    pl.read_parquet(census).head(8).write_parquet(census)
    new = add(session, "other", census, fields=Fields(sensitive=("id",)))
    assert new.said.count(gone) == 1


def test_what_was_found_out_about_a_file_is_said_with_what_it_is(
    session: Session, root: Path
) -> None:
    """A bare "gzip" says nothing to whoever registers."""
    (root / "a.csv.gz").write_bytes(gzip.compress(b"a,b\n1,x\n2,y\n"))
    assert add(session, "packed", root / "a.csv.gz").said == ("Packed: gzip.",)


def test_what_is_said_when_registering_counts(session: Session, census: Path) -> None:
    """It is kept with the version, and is an edit where something else was said before."""
    add(session, "census", census, fields=Fields(owner="ana", purposes=("credit",)))
    assert saying.fields_of(session, "census").owner == "ana"
    assert session.amendments().edits == {}
    saying.set_fields(session, "census", {"owner": "ben"})
    again = add(session, "census", census, fields=Fields(owner="cem"))
    assert again.said[-1] == "Said of census: owner."
    assert saying.fields_of(session, "census").owner == "cem"
    assert saying.fields_of(session, "census").purposes == ("credit",)


def test_what_a_person_deleted_does_not_come_back_by_itself(session: Session, census: Path) -> None:
    """A watcher is told no; a person may, and gets a new number."""
    add(session, "census", census)
    delete(session, Ref("census", 1))
    with pytest.raises(NotAllowedError, match="was deleted"):
        add(session, "census", census, how=FOLLOWED)
    assert str(add(session, "census", census)) == "census@2"


def test_dvc_files_are_understood(session: Session, root: Path) -> None:
    """The version is linked by md5, and stale words of DVC are said."""
    written = Path(__file__).parents[2] / "datasets/dvc_written/census.csv.dvc"
    (root / "census.csv").write_bytes(b"a,b\n1,2\n")
    (root / "census.csv.dvc").write_bytes(written.read_bytes())
    made = add(session, "census", root / "census.csv.dvc").manifest
    assert (made.path, made.dvc) == ("census.csv", "e5ebd4c02cefbe7955977c67ada242b7")
    assert made.files[0].md5 == made.dvc
    (root / "census.csv").write_bytes(b"a,b\n1,3\n")
    late = add(session, "census", root / "census.csv")
    assert (late.manifest.version, late.manifest.dvc) == (2, "")
    assert "knows other bytes" in late.said[0]
    (root / "census.csv").unlink()
    with pytest.raises(NotFoundError, match=r"dvc pull census\.csv\.dvc"):
        add(session, "census", root / "census.csv.dvc")


def test_a_workspace_that_cannot_be_written_is_told(
    session: Session, census: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read-only, or a full disk in the last step: a sentence, and the version before stands."""
    first = add(session, "census", census).manifest
    TABLE.head(3).write_parquet(census)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(claiming, "replace", full)
    with pytest.raises(NotAllowedError, match="No space left"):
        add(session, "census", census)
    monkeypatch.setattr(Session, "why_not", "You may look at it.")
    with pytest.raises(NotAllowedError, match="may look"):
        add(session, "census", census)
    assert folder.newest(session.root, "census") == first
    assert list((session.root / ".workbench/tmp").iterdir()) == []


def test_a_copy_that_does_not_fit_is_refused_before_it_is_begun(
    session: Session, census: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what there is and what is needed."""
    from collections import namedtuple

    from workbench.operations.datasets import add as adding

    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as the library's
    monkeypatch.setattr(adding, "disk_usage", lambda _: usage(10, 0, 10))
    with pytest.raises(NotAllowedError, match="10 B free"):
        add(session, "census", census, copy=True)
    assert folder.names(session.root) == ()


@pytest.mark.parametrize("names", [("a:b.csv",), ("x.csv", "X.csv"), ("con.csv",), ("a\x1bb.csv",)])
def test_a_copy_keeps_only_names_that_every_system_can_keep(
    session: Session, root: Path, names: tuple[str, ...]
) -> None:
    """A workspace is carried to other systems; the data where it is may be called anything."""
    (root / "data").mkdir()
    for name in names:
        (root / "data" / name).write_text("a\n1\n")
    with pytest.raises(NotAllowedError) as told:
        add(session, "x", root / "data", copy=True)
    assert str(told.value).isprintable()
    assert add(session, "x", root / "data").manifest.rows == len(names)


RACER = """
import sys
from pathlib import Path
from workbench.operations.datasets.add import add
from workbench.operations.datasets.planning import FOLLOWED
from workbench.operations.session import open_session
root = Path(sys.argv[1])
with open_session(root, in_memory=True) as session:
    print("ready", flush=True)
    sys.stdin.readline()
    print(add(session, "census", root / "data/census.parquet", how=FOLLOWED).new)
"""


@pytest.mark.usefixtures("census")
def test_five_watchers_register_one_file_once(root: Path) -> None:
    """One of them makes the version, the others find it."""
    watchers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(root)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        for _ in range(5)
    ]
    assert [one.stdout.readline() for one in watchers if one.stdout] == ["ready\n"] * 5
    said = [one.communicate("go\n", timeout=100)[0].strip() for one in watchers]
    assert sorted(said) == ["False"] * 4 + ["True"]
    assert folder.standing(root, "census") == (1,)
    with open_session(root, in_memory=True) as session:
        made = folder.newest(root, "census")
        assert made is not None
        assert locate.open_version(session, made).rows == 100


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame({"a": []}, schema={"a": pl.Int64}),
        pl.DataFrame({"a": [None, None]}),
        pl.DataFrame({"a": [{"x": [1]}, {"x": []}]}),
        pl.DataFrame({"a": [float("nan"), float("inf"), 1e300]}),
        pl.DataFrame({f"c{k}": [k] for k in range(300)}),
    ],
)
def test_every_table_has_a_version(session: Session, root: Path, frame: pl.DataFrame) -> None:
    """Empty, all null, nested, beyond numbers, wide."""
    frame.write_parquet(root / "x.parquet")
    made = add(session, "x", root / "x.parquet").manifest
    assert made.rows == frame.height
    assert profile_of(session, made) is not None


def test_settings_may_keep_the_files_of_every_version(session: Session, census: Path) -> None:
    """A file that is replaced leaves its rows in the version it was."""
    (session.root / "workbench.toml").write_text("[datasets.census]\ncopy = true\n", "utf-8")
    first = add(session, "census", census).manifest
    before = census.read_bytes()
    TABLE.head(7).write_parquet(census)
    second = add(session, "census", census).manifest
    assert (first.copied, second.copied, second.version) == (True, True, 2)
    assert locate.files_of(session, first)[0].read_bytes() == before
